import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { isBefore } from '../../world/settings/release.js';
import { recoverVm } from '../../world/compute/virtual-machines.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { assertNotExpunged, mayExpunge } from './virtual-machine-rules.js';

/**
 * Makes a Destroyed VM a Stopped one, with its addresses, its root volume and its groups. The data
 * disks that its destruction detached stay apart (UserVmManagerImpl.recoverVirtualMachine).
 */
export const recoverVirtualMachine = syncCommand({
  name: 'recoverVirtualMachine',
  summary: 'Recovers a virtual machine that is destroyed and not yet expunged.',
  roles: everyRole,
  parameters: { id: entity('virtualmachine', { required: true, access: 'operate' }) },
  response: objectOf(virtualMachineResponse),
  run: (context, { id: vm }) => {
    const { world } = context;
    assertNotExpunged(vm);
    if (!mayExpunge(context)) {
      throw permissionDenied(
        'Recovering a vm can only be done by an Admin. ' +
          'Or when the allow.user.expunge.recover.vm key is set.',
      );
    }
    if (vm.state !== 'Destroyed') {
      const id = isBefore(world, '4.20') ? vm.internalId : vm.id;
      throw invalidParameter(`Vm with id ${id} is not in the right state`);
    }
    const { cpuNumber, memoryMib } = vm;
    const owner = world.accounts.require(vm.accountId);
    assertWithinLimits(world, owner, { user_vm: 1, cpu: cpuNumber, memory: memoryMib });
    recoverVm(world, vm);
    return vm;
  },
});
