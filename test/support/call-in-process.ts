import { createNodeTransport } from '../../cpi/cloudstack/transport-node.js';
import { realClock } from '../../cpi/flow/clock.js';
import { runCall } from '../../cpi/methods/call/run-call.js';
import { Redactor } from '../../cpi/protocol/redactor.js';
import type { CpiExchange } from '../../bats-runner/director/cpi-process.js';

/** The CPI's own way from stdin to stdout, over HTTP, without starting a program for it. */
export async function callInProcess(
  input: string,
  readConfiguration: () => string,
  clock = realClock,
): Promise<CpiExchange> {
  const diagnostics: string[] = [];
  const startedMs = performance.now();
  const stdout = await runCall({
    input,
    readConfiguration,
    openImageServer: () => Promise.reject(new Error('no replay has a stemcell server')),
    createTransport: createNodeTransport,
    clock,
    random: () => 0,
    newId: () => crypto.randomUUID(),
    networkInterfaces: () => [],
    signal: new AbortController().signal,
    writeDiagnostic: (line) => diagnostics.push(line),
    redactor: new Redactor(),
  });
  const durationMs = performance.now() - startedMs;
  return { stdout, stderr: diagnostics.join('\n'), exitCode: 0, durationMs };
}
