import { asyncCommand, done, everyRole, hasWaited, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag } from '../../declare/parameter.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { accountSetting } from '../../world/settings/configurations.js';
import { beginStop, finishStop, isOff, vmQueue } from '../../world/compute/virtual-machines.js';
import { virtualMachineResponse } from './virtual-machine-response.js';
import { assertFoundToStop, assertNotExpunged, vmSubject } from './virtual-machine-rules.js';

/** Stopping what does not run succeeds and changes nothing (UserVmManagerImpl.stopVirtualMachine). */
export const stopVirtualMachine = asyncCommand({
  name: 'stopVirtualMachine',
  summary: 'Stops a virtual machine.',
  roles: everyRole,
  javaClass: { user: 'user.vm.StopVMCmd', rootAdmin: 'admin.vm.StopVMCmdByAdmin' },
  parameters: {
    id: entity('virtualmachine', { required: true, access: 'operate' }),
    forced: flag(),
  },
  response: objectOf(virtualMachineResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  admit: assertMayStop,
  steps: [
    (context, args, job) => {
      const { world } = context;
      const { id: vm, forced } = args;
      if (hasWaited(job)) assertFoundToStop(vm);
      else assertMayStop(context, args);
      if (isOff(vm)) return done(vm);
      beginStop(world, vm, { forced: forced === true });
      return wait('duration.vm.stop');
    },
    ({ world }, { id: vm }) => {
      finishStop(world, vm);
      return done(vm);
    },
  ],
});

function assertMayStop(
  context: CommandContext,
  { id: vm, forced }: { readonly id: VmRow; readonly forced?: boolean | undefined },
): void {
  assertNotExpunged(vm);
  if (forced === true) assertMayForce(context);
}

/** Here admins are no exception (UserVmManagerImpl.checkForceStopVmPermission). */
function assertMayForce({ world, caller }: CommandContext): void {
  if (accountSetting(world, caller.account, 'allow.user.force.stop.vm')) return;
  throw permissionDenied('Account does not have the permission to force stop the vm.');
}
