import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { makeDefault } from '../../world/network/nics.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { listedVmResponse } from '../virtual-machine/listed-vm-response.js';
import { assertNicOfVm, assertVmExists, withNics } from './nic-rules.js';

/** UserVmManagerImpl.updateDefaultNicForVirtualMachine. */
export const updateDefaultNicForVirtualMachine = asyncCommand({
  name: 'updateDefaultNicForVirtualMachine',
  summary: 'Makes another NIC of a virtual machine its default one; it takes its device id, too.',
  roles: everyRole,
  javaClass: {
    user: 'user.vm.UpdateDefaultNicForVMCmd',
    rootAdmin: 'admin.vm.UpdateDefaultNicForVMCmdByAdmin',
  },
  parameters: {
    virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }),
    nicid: entity('nic', { required: true }),
  },
  response: objectOf(listedVmResponse),
  queue: (_, { virtualmachineid }) => vmQueue(virtualmachineid.id),
  steps: [
    (context, { virtualmachineid: vm, nicid: nic }) => {
      assertVmExists(vm, 'unable to find a virtual machine with id');
      assertNoVmSnapshots(context.world, vm.id, 'NIC cannot be updated for VM with VM Snapshots');
      assertNicOfVm(context, nic, vm, {
        unknown: 'unable to find a nic with id',
        foreign: 'is not a nic on ',
      });
      if (nic.isDefault) {
        throw cloudRuntime('refusing to set default nic because chosen nic is already the default');
      }
      if (vm.state !== 'Running' && vm.state !== 'Stopped') {
        throw cloudRuntime(`refusing to set default ${vmText(vm)} is not Running or Stopped`);
      }
      makeDefault(context.world, nic);
      return done(withNics(vm));
    },
  ],
});
