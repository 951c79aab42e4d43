// What tests of the BATS runner share: the built programs, a simulator over HTTP with a client for
// each account, and waiting for jobs by asking (the simulator's time moves as it is asked).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test as base } from '@playwright/test';
import { CloudClient, type Parameters } from '../../bats-runner/cloud/client.js';
import { textOf } from '../../bats-runner/json.js';
import { packagePaths } from '../../bats-runner/target/programs.js';
import { listen } from '../../simulator/doors/listen.js';
import { createSimulator } from '../../simulator/simulator.js';
import { measuring, unmeasured } from '../support/coverage.js';

export const paths = packagePaths(import.meta.url);
export const recordedWorld = join(paths.recordings, 'world.json');

/** What starts the program, with what goes before its arguments: compiled where it is measured. */
export const batsRunner =
  measuring === undefined
    ? { command: [join(dirname(paths.cpi), 'bats-runner.js')], environment: unmeasured }
    : {
        command: [
          ...measuring.options,
          join(dirname(paths.cpi), '../bats-runner/bin/bats-runner.js'),
        ],
        environment: measuring.environment,
      };

/** What a test needs to start programs. */
export const host = {
  nodePath: process.execPath,
  environment: unmeasured,
  nowMs: (): number => performance.now(),
  pause,
};

export interface Cloud {
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
  // eslint-disable-next-line no-empty-pattern -- Playwright demands an object pattern
  cloud: async ({}, use) => {
    const simulator = createSimulator({ seed: 1, clock: 'on-poll' });
    const listening = await listen(simulator, { port: 0, host: '127.0.0.1' });
    const client = (role: 'User' | 'Admin'): CloudClient =>
      new CloudClient({
        endpoint: `${listening.origin}/client/api`,
        ...simulator.userWithRole(role),
      });
    await use({ user: client('User'), admin: client('Admin') });
    await listening.close();
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
