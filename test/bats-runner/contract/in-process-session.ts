// The contract with both the CPI and the simulator in this process: the same cases and the same
// HTTP, only without starting a program for each call. A test can stand between a case and the CPI.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { runCall } from '../../../cpi/methods/call/run-call.js';
import { Redactor } from '../../../cpi/protocol/redactor.js';
import type { Session } from '../../../bats-runner/contract/run-case.js';
import type { RunCpi } from '../../../bats-runner/director/cpi-process.js';
import { contractOffers, contractWorld } from '../../../bats-runner/target/contract-world.js';
import { simulatorControl } from '../../../bats-runner/target/simulator-control.js';
import { listen } from '../../../simulator/doors/listen.js';
import { createSimulator, type SimulatorOptions } from '../../../simulator/simulator.js';

export interface InProcessSession extends Session {
  /** The session with something between its cases and the CPI. */
  readonly through: (around: (cpi: RunCpi) => RunCpi) => Session;
  readonly close: () => Promise<void>;
}

export async function openSession(): Promise<InProcessSession> {
  const world = contractWorld as NonNullable<SimulatorOptions['world']>;
  const simulator = createSimulator({ seed: 1, clock: 'on-poll', world });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const endpoint = `${origin}/client/api`;
  const session: Session = {
    target: {
      name: 'simulator',
      account: { endpoint, ...simulator.userWithRole('User') },
      operator: { endpoint, ...simulator.userWithRole('Admin') },
      offers: contractOffers,
      cpiCommand: 'true {config}',
      cpiSettings: { poll: { first_ms: 1, factor: 1, cap_ms: 1 } },
      simulator: simulatorControl(`${origin}/_sim`),
    },
    runCpi: inProcessCpi,
    environment: process.env,
    nowMs: () => performance.now(),
    newId: () => crypto.randomUUID(),
    pause: () => Promise.resolve(),
    limitMs: 50_000,
    addressesTaken: new Map(),
  };
  return {
    ...session,
    through: (around) => ({ ...session, runCpi: around(inProcessCpi) }),
    close,
  };
}

/** The CPI's own way from stdin to stdout, with the configuration that is installed for it. */
const inProcessCpi: RunCpi = async ({ executable }, _caller, input) => {
  const lines: string[] = [];
  const startedMs = performance.now();
  const stdout = await runCall({
    input,
    readConfiguration: () => readFileSync(join(dirname(executable), '..', 'cpi.json'), 'utf8'),
    openImageServer: () => Promise.reject(new Error('no replay has a stemcell server')),
    createTransport: createNodeTransport,
    clock: realClock,
    random: () => 0,
    newId: () => crypto.randomUUID(),
    networkInterfaces: () => [],
    signal: new AbortController().signal,
    writeDiagnostic: (line) => lines.push(line),
    redactor: new Redactor(),
  });
  const durationMs = performance.now() - startedMs;
  return { stdout, stderr: lines.join('\n'), exitCode: 0, durationMs };
};
