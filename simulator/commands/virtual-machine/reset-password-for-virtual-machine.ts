import { asyncCommand, done, everyRole, objectOf, proceed } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { drawPassword, givePassword } from '../../world/compute/vm-passwords.js';
import type { World } from '../../world/world.js';
import { assertNetworkHandsOut } from './handed-to-guest.js';
import { assertNotExpunged, vmSubject } from './virtual-machine-rules.js';
import { vmWithPasswordResponse } from './vm-with-password-response.js';

/** The guest gets the new password when it boots (UserVmManagerImpl.resetVMPassword). */
export const resetPasswordForVirtualMachine = asyncCommand({
  name: 'resetPasswordForVirtualMachine',
  summary: 'Gives a stopped virtual machine another password; one is drawn unless it is given.',
  roles: everyRole,
  javaClass: {
    user: 'user.vm.ResetVMPasswordCmd',
    rootAdmin: 'admin.vm.ResetVMPasswordCmdByAdmin',
  },
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    password: text({ since: '4.19.0' }),
  },
  response: objectOf(vmWithPasswordResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  steps: [
    () => proceed,
    ({ world }, { id: vm, password: wanted = '' }) => {
      assertMayGetPassword(world, vm);
      const password = wanted.trim() === '' ? drawPassword(world) : wanted;
      assertNetworkHandsOut(world, vm, {
        withoutNic: 'Failed to reset password for the virtual machine ',
        withoutService:
          "Can't find network element for UserData provider needed for password reset",
      });
      givePassword(world, vm, password);
      return done({ vm, password });
    },
  ],
});

function assertMayGetPassword(world: World, vm: VmRow): void {
  assertNotExpunged(vm);
  if (!world.templates.require(vm.templateId).passwordEnabled) {
    throw invalidParameter(
      'Fail to reset password for the virtual machine, the template is not password enabled',
    );
  }
  if (vm.state === 'Error' || vm.state === 'Expunging') {
    throw invalidParameter(`Vm ${vmText(vm)} is not in the right state`);
  }
  if (vm.state === 'Stopped') return;
  throw invalidParameter(`Vm ${vmText(vm)} should be stopped to do password reset`);
}
