import { realClock } from '../flow/clock.js';
import { runCall } from '../methods/call/run-call.js';
import { BoshError } from '../protocol/bosh-error.js';
import { Redactor } from '../protocol/redactor.js';
import { renderResponse } from '../protocol/response.js';
import { processSurroundings } from './process-surroundings.js';
import { readStdin, type TakenInput } from './standard-input.js';
import { claimStdout, writeStderr } from './standard-output.js';

/** How long a call that is told to end (SIGTERM) may take to undo what it began. */
const undoWithinMs = 20_000;

/**
 * Serves one CPI call over this process's stdin, of which something is taken already, and stdout,
 * and ends the process with exit code 0.
 * Nothing but the one response ever reaches stdout, and nothing leaves unredacted.
 */
export async function serveCall(configPath: string, taken: TakenInput): Promise<never> {
  const redactor = new Redactor();
  const writeDiagnostic = (text: string): void => writeStderr(redactor.redact(text));
  const respond = claimStdout(writeDiagnostic);
  const fail = (message: string): Promise<never> =>
    respond(renderResponse({ error: new BoshError('CpiError', message) }, '', redactor));
  const crash = (failure: unknown): void => {
    writeDiagnostic(
      failure instanceof Error ? (failure.stack ?? failure.message) : String(failure),
    );
    void fail('The CPI crashed. This is a fault of the CPI: please report it with its stderr');
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const told = (name: NodeJS.Signals): void =>
    writeDiagnostic(
      `told to end (${name}): what this call began is undone, for at most ${undoWithinMs / 1000} s`,
    );
  const interruption = interruptible(told, () =>
    fail(
      `The call was interrupted and could not undo its work within ${undoWithinMs} ms: its log tells ` +
        'what it had begun, and `cloudstack-cpi gc` finds and deletes what stays of it',
    ),
  );
  const input = await readStdin(taken, interruption);
  if (input === undefined) {
    return fail('The call was interrupted before its request had arrived; nothing was done');
  }
  return respond(
    await runCall({
      ...processSurroundings(configPath, interruption),
      input,
      writeDiagnostic,
      redactor,
    }),
  );
}

/**
 * Aborts when the process is `told` to end, or its terminal goes away; `giveUp` is called if it
 * then takes too long.
 */
function interruptible(
  told: (name: NodeJS.Signals) => void,
  giveUp: () => Promise<never>,
): AbortSignal {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) return;
    told(name);
    controller.abort(new Error(name));
    void realClock.sleep(undoWithinMs).then(giveUp);
  };
  process.on('SIGTERM', interrupt);
  process.on('SIGINT', interrupt);
  process.on('SIGHUP', interrupt);
  return controller.signal;
}
