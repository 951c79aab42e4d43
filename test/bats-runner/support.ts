// What tests of the BATS runner share: the built programs, a simulator process with a client for
// each account, and waiting for jobs by asking (the simulator's time moves as it is asked).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test as base } from '@playwright/test';
import { CloudClient, type Parameters } from '../../bats-runner/cloud/client.js';
import { textOf } from '../../bats-runner/json.js';
import { packagePaths } from '../../bats-runner/target/programs.js';
import { startSimulator, type RunningSimulator } from '../../bats-runner/target/simulator.js';

export const paths = packagePaths(import.meta.url, process.env['NODE_V8_COVERAGE'] !== undefined);
export const recordedWorld = join(paths.recordings, 'world.json');

/** What a test needs to start programs. */
export const host = {
  nodePath: process.execPath,
  environment: process.env,
  nowMs: (): number => performance.now(),
  pause,
};

export interface Cloud {
  readonly simulator: RunningSimulator;
  readonly user: CloudClient;
  readonly admin: CloudClient;
}

/** `folder`: an empty folder; `cloud`: a simulator of the default world, moved by polling. */
export const test = base.extend<{ folder: string; cloud: Cloud }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright demands an object pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'bats-runner-test-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  cloud: async ({ folder }, use) => {
    const simulator = await startSimulator({
      ...host,
      program: paths.simulator,
      folder,
      port: 0,
      clock: 'on-poll',
    });
    const { endpoint, user, admin } = simulator;
    await use({
      simulator,
      user: new CloudClient({ endpoint, ...user }),
      admin: new CloudClient({ endpoint, ...admin }),
    });
    await simulator.stop();
  },
});

/** Submits an asynchronous command and asks until its job has ended well; answers its id. */
export async function runJob(
  client: CloudClient,
  command: string,
  parameters: Parameters,
): Promise<string> {
  const { id, jobid } = await client.call(command, parameters);
  for (;;) {
    const job = await client.call('queryAsyncJobResult', { jobid: textOf(jobid) });
    if (job['jobstatus'] === 1) return textOf(id);
    if (job['jobstatus'] === 2) throw new Error(`${command}: ${JSON.stringify(job['jobresult'])}`);
  }
}

/** The id of the row with this name. */
export async function idOf(
  client: CloudClient,
  [command, rows]: readonly [string, string],
  name: string,
): Promise<string> {
  const found = (await client.list(command, rows)).find((row) => row['name'] === name);
  if (found === undefined) throw new Error(`${command} shows no ${name}`);
  return textOf(found['id']);
}
