import { isPassing } from '../../cloudstack/errors.js';
import type { VirtualMachine } from '../../cloudstack/types.js';
import { waitFor } from '../../flow/waiter.js';
import type { Call } from '../call/call.js';
import { requireVm } from '../shared/live-resources.js';

/** States that end by themselves; CloudStack boots no VM before (UserVmManagerImpl). */
const passing = ['Starting', 'Stopping', 'Migrating'];

/**
 * A VM once CloudStack neither starts nor stops nor moves it; it may be in any other state then.
 *
 * @throws BoshError of type VMNotFound, also if it goes meanwhile; DeadlineExceeded, LookingFailed.
 */
export async function requireSettledVm(
  call: Call,
  vmCid: string,
  deadlineMs: number,
): Promise<VirtualMachine> {
  const vm = await requireVm(call, vmCid);
  if (!passing.includes(vm.state)) return vm;
  call.log(`VM ${vm.id} is ${vm.state}; waiting until that is over`);
  return waitFor<VirtualMachine>(
    {
      what: 'end of what CloudStack does to the VM',
      id: vm.id,
      look: () => requireVm(call, vm.id),
      stateOf: ({ state }) => (passing.includes(state) ? state : 'at rest'),
      targets: ['at rest'],
      pending: passing,
      deadlineMs,
      poll: call.client.poll.job,
      isPassing,
    },
    call,
  );
}
