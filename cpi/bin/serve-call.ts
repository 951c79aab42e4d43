import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createNodeTransport } from '../cloudstack/transport-node.js';
import { realClock } from '../flow/clock.js';
import { runCall } from '../methods/call/run-call.js';
import { BoshError } from '../protocol/bosh-error.js';
import { Redactor } from '../protocol/redactor.js';
import { renderResponse } from '../protocol/response.js';
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
  const interruption = interruptible(() =>
    fail(`The call was interrupted and could not undo its work within ${undoWithinMs} ms`),
  );
  const input = await readStdin(taken, interruption);
  if (input === undefined) {
    return fail('The call was interrupted before its request had arrived; nothing was done');
  }
  return respond(
    await runCall({
      input,
      readConfiguration: () => readConfiguration(configPath),
      // Its connections end with the process; to close them before would only take time.
      createTransport: (options) => ({ ...createNodeTransport(options), close: () => undefined }),
      clock: realClock,
      newId: () => crypto.randomUUID(),
      macAddresses: machineAddresses,
      signal: interruption,
      writeDiagnostic,
      redactor,
    }),
  );
}

/**
 * Aborts when the process is told to end, or its terminal goes away; `giveUp` is called if it then
 * takes too long.
 */
function interruptible(giveUp: () => Promise<never>): AbortSignal {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) return;
    controller.abort(new Error(name));
    void realClock.sleep(undoWithinMs).then(giveUp);
  };
  process.on('SIGTERM', interrupt);
  process.on('SIGINT', interrupt);
  process.on('SIGHUP', interrupt);
  return controller.signal;
}

function readConfiguration(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BoshError(
      'CpiError',
      `The CPI configuration file cannot be read: ${reason}. Give its path with --config`,
      { cause },
    );
  }
}

/** The MAC addresses of this machine; loopback has none. */
function machineAddresses(): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const own = interfaces.filter(({ internal }) => !internal).map(({ mac }) => mac.toLowerCase());
  return [...new Set(own)];
}
