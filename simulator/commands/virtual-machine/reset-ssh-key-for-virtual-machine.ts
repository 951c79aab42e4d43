import { asyncCommand, done, everyRole, objectOf, proceed } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { entity, text, textList } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { servicesOf } from '../../world/networks.js';
import { nicsOf } from '../../world/nics.js';
import { vmQueue, vmText } from '../../world/virtual-machines.js';
import type { World } from '../../world/world.js';
import { keyPairDetails, keyPairNames } from '../ssh-key-pair/ssh-key-pair-rules.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { vmSubject } from './virtual-machine-rules.js';

/** UserVmManagerImpl.resetVMSSHKey: the guest gets the new keys when it boots. */
export const resetSshKeyForVirtualMachine = asyncCommand({
  name: 'resetSSHKeyForVirtualMachine',
  summary: 'Gives a stopped virtual machine other SSH keys.',
  roles: everyRole,
  wrapper: 'resetSSHKeyforvirtualmachineresponse',
  javaClass: {
    user: 'user.vm.ResetVMSSHKeyCmd',
    rootAdmin: 'admin.vm.ResetVMSSHKeyCmdByAdmin',
  },
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    keypair: text(),
    keypairs: textList({ since: '4.17' }),
    ...ownerParameters,
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  steps: [
    () => proceed,
    (context, args) => {
      const { world } = context;
      const { id: vm } = args;
      const owner = finalizeOwner(context, args);
      assertMayGetKeys(vm);
      const names = keyPairNames(args);
      if (names.length === 0) {
        throw invalidParameter("'keypair' or 'keypairs' must be specified");
      }
      const keys = keyPairDetails(world, owner.id, names);
      assertKeysReach(world, vm);
      world.vms.change(vm, { details: { ...vm.details, ...keys } });
      return done(vm);
    },
  ],
});

function assertMayGetKeys(vm: VmRow): void {
  if (vm.removedMs !== null) {
    throw invalidParameter(`unable to find a virtual machine by id${vm.internalId}`);
  }
  if (vm.state === 'Error' || vm.state === 'Expunging') {
    throw invalidParameter('Vm with specified id is not in the right state');
  }
  if (vm.state === 'Stopped') return;
  throw invalidParameter(`Vm ${vmText(vm)} should be stopped to do SSH Key reset`);
}

/** Throws if nobody in the default network would hand out the keys. */
function assertKeysReach(world: World, vm: VmRow): void {
  const nic = nicsOf(world, vm.id).find(({ isDefault }) => isDefault);
  if (nic === undefined) {
    throw cloudRuntime('Failed to reset SSH Key for the virtual machine ');
  }
  if (servicesOf(world, world.networks.require(nic.networkId)).includes('UserData')) return;
  throw cloudRuntime("Can't find network element for UserData provider needed for SSH Key reset");
}
