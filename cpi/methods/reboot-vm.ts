import { isCloudStackError } from '../cloudstack/errors.js';
import type { VirtualMachine } from '../cloudstack/types.js';
import { tryAgain } from '../flow/again.js';
import { startDeadline } from '../flow/deadline.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { vmDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { whileThere } from './shared/while-there.js';
import { requireSettledVm } from './vm/settled-vm.js';

/** Somebody else may start or stop the VM at the same time. */
const attemptsMax = 4;

export const rebootVm = defineMethod({
  name: 'reboot_vm',
  summary: 'Reboots a VM; one that is off is started.',
  arguments: [text('vm_cid')],
  rules: [
    'A VM that starts, stops or migrates is waited for, at most `cloudstack.state_timeout`, before ' +
      'it is rebooted or started.',
  ],
  run: async (call, [vmCid]) => {
    const settling = startDeadline(call.clock, vmDeadlineMs(call));
    let wasStarted = false;
    let state = 'there';
    const bootOnce = async (): Promise<void> => {
      const vm = await requireSettledVm(call, vmCid, settling.remainingMs());
      ({ state } = vm);
      if (wasStarted && state === 'Running') return;
      const command = commandFor(vm);
      wasStarted ||= command === 'startVirtualMachine';
      await whileThere(call, { vmCid }, () => boot(call, command, vm));
    };
    await tryAgain(attemptsMax, bootOnce, (failure) => {
      if (!mayHaveChanged(failure)) return false;
      call.log(`VM ${vmCid} was ${state} a moment ago, which may be over: looking again`);
      return true;
    });
    return null;
  },
});

type BootCommand = 'rebootVirtualMachine' | 'startVirtualMachine';

const commandsByState: Readonly<Record<string, BootCommand>> = {
  Running: 'rebootVirtualMachine',
  Stopped: 'startVirtualMachine',
};

function commandFor({ id, name, state }: VirtualMachine): BootCommand {
  const command = commandsByState[state];
  if (command !== undefined) return command;
  throw new BoshError(
    'CloudError',
    `reboot_vm: VM ${name} (${id}) is in state ${state}, in which CloudStack cannot boot it; ` +
      'recreate it (`bosh recreate`, or `bosh cloud-check`)',
  );
}

async function boot(call: Call, command: BootCommand, { id, name }: VirtualMachine): Promise<void> {
  const what = command === 'startVirtualMachine' ? 'start' : 'reboot';
  await call.client.run(command, { id }, { what: `${what} of VM ${name} (${id})` });
}

/** It did not run, or ran already, or nobody saw the end of the job. */
function mayHaveChanged(failure: unknown): boolean {
  return isCloudStackError(failure, 'invalid', 'outcome-unknown', 'job-lost');
}
