import {
  asyncCommand,
  everyRole,
  hasWaited,
  succeeded,
  success,
  wait,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { VmRow } from '../../world/entities.js';
import { expungeVm, isDestroyedVm, vmQueue } from '../../world/compute/virtual-machines.js';
import { EXPUNGE_HINT, mayExpunge, vmSubject } from './virtual-machine-rules.js';

/** Frees the VM's name and addresses at once (UserVmManagerImpl.expungeVm). */
export const expungeVirtualMachine = asyncCommand({
  name: 'expungeVirtualMachine',
  summary: 'Expunges a virtual machine that is destroyed.',
  roles: everyRole,
  javaClass: { user: 'admin.vm.ExpungeVMCmd' },
  parameters: { id: entity('virtualmachine', { required: true, access: 'operate' }) },
  response: success,
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  admit: (context, { id: vm }) => {
    assertMayBeExpunged(context, vm);
  },
  steps: [
    (context, { id: vm }, job) => {
      if (!hasWaited(job)) assertMayBeExpunged(context, vm);
      return wait('duration.vm.expunge');
    },
    ({ world }, { id: vm }) => {
      // The expunge thread may have come first.
      if (vm.removedMs === null) expungeVm(world, vm);
      return succeeded;
    },
  ],
});

function assertMayBeExpunged(context: CommandContext, vm: VmRow): void {
  if (vm.removedMs !== null) {
    throw invalidParameter('Unable to find a virtual machine with specified vmId');
  }
  if (!isDestroyedVm(vm) && vm.state !== 'Error') {
    throw cloudRuntime('Please destroy vm with specified vmId before expunge');
  }
  if (mayExpunge(context)) return;
  throw permissionDenied(
    'Expunging a vm can only be done by an Admin. ' +
      'Or when the allow.user.expunge.recover.vm key is set.',
    EXPUNGE_HINT,
  );
}
