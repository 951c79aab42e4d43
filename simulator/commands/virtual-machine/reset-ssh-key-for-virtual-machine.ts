import { asyncCommand, done, everyRole, objectOf, proceed } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { entity, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { withoutEncryptedPassword } from '../../world/compute/vm-passwords.js';
import { keyPairDetails, keyPairNames } from '../ssh-key-pair/ssh-key-pair-rules.js';
import { assertNetworkHandsOut } from './handed-to-guest.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { vmSubject } from './virtual-machine-rules.js';

/**
 * The guest gets the new keys when it boots. A password that was encrypted for the old ones goes
 * (UserVmManagerImpl.resetVMSSHKey).
 */
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
      assertNetworkHandsOut(world, vm, {
        withoutNic: 'Failed to reset SSH Key for the virtual machine ',
        withoutService: "Can't find network element for UserData provider needed for SSH Key reset",
      });
      world.vms.change(vm, { details: { ...withoutEncryptedPassword(vm.details), ...keys } });
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
