// The replay with both the simulator and the CPI in this process: the same requests over the same
// HTTP, judged by the same rules, only without starting a program for each call.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { readCloud } from '../../../bats-runner/cloud/cloud-view.js';
import { cloudOperator } from '../../../bats-runner/cloud/operator.js';
import type { CallCpi } from '../../../bats-runner/director/cpi-process.js';
import type { Recording } from '../../../bats-runner/director/recording.js';
import { replay, type ReplayResult } from '../../../bats-runner/director/replayer.js';
import { checkWorld, problemsOf } from '../../../bats-runner/director/world-check.js';
import { replayConfiguration } from '../../../bats-runner/replay/run-replay.js';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { listen } from '../../../simulator/doors/listen.js';
import { createSimulator, type SimulatorOptions } from '../../../simulator/simulator.js';
import { callInProcess } from '../../support/call-in-process.js';
import { assertSound } from '../../support/sound-world.js';

export interface InProcessReplay {
  readonly recordings: readonly Recording[];
  readonly world: NonNullable<SimulatorOptions['world']>;
  readonly account: 'User' | 'Admin';
  /** For the stemcell image. */
  readonly folder: string;
  /** Stands between the caller and the CPI. */
  readonly around?: (cpi: CallCpi) => CallCpi;
}

/** Replays recordings against a simulator of its own, whose time moves only as it is asked for. */
export async function replayInProcess(options: InProcessReplay): Promise<ReplayResult> {
  const { recordings, world, account: role, folder, around = (cpi) => cpi } = options;
  const simulator = createSimulator({ seed: 1, clock: 'on-poll', world });
  const listening = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const endpoint = `${listening.origin}/client/api`;
  const imagePath = join(folder, 'image');
  writeFileSync(imagePath, await stemcellImage());
  const account = { endpoint, ...simulator.userWithRole(role) };
  const client = new CloudClient(account);
  const admin = new CloudClient({ endpoint, ...simulator.userWithRole('Admin') });
  const before = await readCloud(client);
  try {
    const result = await replay({
      recordings,
      imagePath,
      account,
      callCpi: around(inProcessCpi(JSON.stringify(replayConfiguration(account)))),
      operator: cloudOperator({ client: admin, pause: () => Promise.resolve() }),
      inspect: async (ledger) => problemsOf(checkWorld(ledger, await readCloud(client), before)),
      onCall: () => undefined,
      onScenario: () => undefined,
    });
    assertSound(simulator);
    return result;
  } finally {
    await listening.close();
  }
}

/** The CPI's own way from stdin to stdout, with the configuration as text. */
function inProcessCpi(configuration: string): CallCpi {
  return (_caller, request) => callInProcess(JSON.stringify(request), () => configuration);
}
