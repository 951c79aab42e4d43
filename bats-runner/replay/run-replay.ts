import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudClient, type CloudAccount } from '../cloud/client.js';
import { readCloud } from '../cloud/cloud-view.js';
import { cloudOperator } from '../cloud/operator.js';
import { callCpi, installCpi } from '../director/cpi-process.js';
import type { Recording } from '../director/recording.js';
import { replay, type ReplayOptions, type ReplayResult } from '../director/replayer.js';
import { checkWorld, problemsOf } from '../director/world-check.js';
import { stemcellImage } from '../stemcell/stemcell-image.js';
import { startSimulator, type RunningSimulator } from '../target/simulator.js';

export interface RunReplayOptions {
  /** In recorded order. */
  readonly recordings: readonly Recording[];
  /** A command line for `sh` that runs the CPI; `{config}` becomes its configuration's path. */
  readonly cpiCommand: string;
  readonly simulatorProgram: string;
  /** File or preset of the simulator's world. */
  readonly world: string;
  /** Whose keys the CPI gets. */
  readonly account: 'user' | 'admin';
  readonly nodePath: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly signal?: AbortSignal;
  readonly onCall?: ReplayOptions['onCall'];
  readonly onScenario?: ReplayOptions['onScenario'];
}

/**
 * Replays recordings against a simulator of its own, whose time moves only as it is asked for,
 * and looks at the cloud after each scenario.
 */
export async function runReplay(options: RunReplayOptions): Promise<ReplayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-replay-'));
  const { simulatorProgram, world, nodePath, environment, pause } = options;
  let simulator: RunningSimulator | undefined;
  try {
    simulator = await startSimulator({
      program: simulatorProgram,
      nodePath,
      folder,
      port: 0,
      clock: 'on-poll',
      world,
      environment,
      pause,
    });
    return await replayIn(folder, simulator, options);
  } finally {
    await simulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function replayIn(
  folder: string,
  simulator: RunningSimulator,
  options: RunReplayOptions,
): Promise<ReplayResult> {
  const { recordings, cpiCommand, environment, nowMs, pause, signal, account: who } = options;
  const account = { endpoint: simulator.endpoint, ...simulator[who] };
  const imagePath = join(folder, 'image');
  writeFileSync(imagePath, await stemcellImage());
  const executable = installCpi({
    folder,
    command: cpiCommand,
    configuration: replayConfiguration(account),
  });
  const cpi = { executable, cwd: folder, environment, nowMs, ...(signal && { signal }) };
  const client = new CloudClient(account);
  const admin = new CloudClient({ endpoint: simulator.endpoint, ...simulator.admin });
  const before = await readCloud(client);
  return replay({
    recordings,
    callCpi: (caller, request) => callCpi(cpi, caller, request),
    imagePath,
    account,
    operator: cloudOperator({ client: admin, pause: () => pause(0) }),
    inspect: async (ledger) => problemsOf(checkWorld(ledger, await readCloud(client), before)),
    onCall: options.onCall ?? ignore,
    onScenario: options.onScenario ?? ignore,
  });
}

/** The cpi.json of a replay. */
export function replayConfiguration({ endpoint, apiKey, secretKey }: CloudAccount): object {
  return {
    cloudstack: {
      endpoint,
      api_key: apiKey,
      secret_access_key: secretKey,
      default_zone: 'zone-1',
      // Each look moves the simulator's time, so there is nothing to wait for.
      poll: { first_ms: 1, factor: 1, cap_ms: 1 },
    },
    agent: { mbus: 'nats://nats:nats-password@10.244.0.5:4222', ntp: [] },
  };
}

const ignore = (): void => undefined;
