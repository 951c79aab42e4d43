// The contract on a cloud as a person runs it: exit codes, reports without secrets, what a failed
// case is told with, and a cloud that holds nothing of it afterwards, also after Ctrl-C.
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { expect } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { takeInventory, inventoryChanges } from '../../../bats-runner/cloud/inventory.js';
import { accountOf } from '../../../bats-runner/target/preflight.js';
import { configOf, openCloud, type InProcessCloud } from '../contract/in-process-cloud.js';
import { paths, test } from '../support.js';
import { standIns } from '../upstream/stand-ins.js';
import { allFilesIn, start, startIn, type Ended } from './program.js';

let cloud: InProcessCloud;
test.beforeEach(async () => {
  cloud = await openCloud();
});
test.afterEach(() => cloud.close());

function configIn(folder: string, change: object = {}): string {
  const file = join(folder, 'cloud.json');
  writeFileSync(file, JSON.stringify({ ...cloud.file, ...change }));
  return file;
}

function onCloud(folder: string, file: string): string[] {
  return ['contract', '--target', 'cloud', '--config', file, '--output', join(folder, 'out')];
}

async function inventory(): ReturnType<typeof takeInventory> {
  return takeInventory(new CloudClient(accountOf(configOf(cloud.file))));
}

test('a good run ends with 0, reports, and an account that is as before', async ({ folder }) => {
  const before = await inventory();
  const chosen = ['--case', 'DSK-01', 'VM-35'];
  // As people name it, from where they are.
  const output = ['--output', relative(process.cwd(), join(folder, 'out'))];
  const args = [...onCloud(folder, configIn(folder)), ...output, ...chosen];
  const { stdout, exitCode } = await start(...args).ended;
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(
    /skipped, because only a simulator can bring this about or see it:\n.*VM-35/,
  );
  expect(inventoryChanges(before, await inventory())).toEqual([]);

  const out = join(folder, 'out');
  const receipt = readFileSync(join(out, 'receipt.md'), 'utf8');
  expect(receipt).toMatch(/^# The CPI contract: passed\n\n1 passed, 0 failed, 1 skipped\./);
  expect(receipt).toMatch(
    /^- cloud: CloudStack 4\.\S+ at http:\/\/127\.0\.0\.1:\d+\/client\/api$/m,
  );
  expect(receipt).toMatch(/^- because only a simulator can bring this about or see it: VM-35$/m);
  expect(readFileSync(join(out, 'report.xml'), 'utf8')).toMatch(/<testcase name="DSK-01 /);
  expect(readFileSync(join(out, 'report.json'), 'utf8')).toContain('DSK-01 ');
  expect(existsSync(join(out, 'html', 'index.html'))).toBe(true);
  // What the run had noted is not needed any more.
  expect(readdirSync(join(out, 'made'))).toEqual([]);
});

test('a failed case is told with its calls and the command that repeats it, without secrets', async ({
  folder,
}) => {
  // As a CPI that forgets to delete.
  const cpi = join(folder, 'forgetful');
  writeFileSync(
    cpi,
    '#!/bin/sh\nread -r request\ncase $request in *delete_disk*)\n' +
      `  echo '{"result":null,"error":null,"log":""}';;\n` +
      `*) printf %s "$request" | '${process.execPath}' '${paths.cpi}' --config "$1";;\nesac\n`,
    { mode: 0o755 },
  );
  const before = await inventory();
  const options = ['--cpi', `${cpi} {config}`, '--case', 'DSK-01'];
  const { exitCode } = await start(...onCloud(folder, configIn(folder)), ...options).ended;
  expect(exitCode).toBe(1);
  expect(inventoryChanges(before, await inventory())).toEqual([]);

  const out = join(folder, 'out');
  const receipt = readFileSync(join(out, 'receipt.md'), 'utf8');
  expect(receipt).toMatch(/^# The CPI contract: failed/);
  expect(receipt).toMatch(/^- DSK-01 .* \(again: `bats-runner contract .* --case DSK-01`\)$/m);
  const report = readFileSync(join(out, 'report.xml'), 'utf8');
  expect(report).toMatch(/"method":"create_disk"/);
  expect(report).toMatch(/createVolume .*-(&gt;|>) 200/);
  const { api_key, secret_access_key } = cloud.file['cloudstack'] as Record<string, string>;
  for (const file of allFilesIn(out)) {
    const content = readFileSync(file, 'latin1');
    for (const secret of [api_key, secret_access_key]) {
      expect(content.includes(String(secret)), file).toBe(false);
    }
  }
});

for (const target of ['cloud', 'simulator']) {
  test(`Ctrl-C ends a run on a ${target} that is there with 130, and nothing of it is left`, async ({
    folder,
  }) => {
    const before = await inventory();
    const args = [...onCloud(folder, configIn(folder)), '--target', target, '--case', 'VM', 'DSK'];
    const running = start(...args);
    const hasVm = (): boolean => cloud.simulator.world.vms.all().length > 0;
    const next = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
    const firstVm = async (): Promise<void> => {
      while (!hasVm()) await next();
    };
    await Promise.race([firstVm(), running.ended]);
    process.kill(-running.pid, 'SIGINT');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode, stdout).toBe(130);
    expect(inventoryChanges(before, await inventory())).toEqual([]);
    const receipt = readFileSync(join(folder, 'out', 'receipt.md'), 'utf8');
    expect(receipt).toMatch(/: interrupted\n\n\d+ passed, 0 failed, .* [1-9]\d* did not run\.$/m);
    expect(receipt).not.toContain('no reason is known');
  });
}

/** A cloud that takes requests and never answers, and waits for the first of them. */
async function silentCloud(): Promise<{ url: string; asked: Promise<unknown>; close: () => void }> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/client/api`,
    asked: once(server, 'request'),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

for (const [what, command, told] of [
  [
    'the look at a cloud',
    ['contract', '--target', 'cloud'],
    /^looking at the cloud at .* 10 s .*\nbats-runner: interrupted before the first case: nothing was/,
  ],
  ['a sweep', ['sweep'], /^looking for .*\nbats-runner: interrupted: nothing was changed\n$/],
  ['a sweep that deletes', ['sweep', '--delete'], /interrupted: some may be deleted; the same/],
] as const) {
  test(`Ctrl-C ends ${what} at once with 130`, async ({ folder }) => {
    const ended = await interrupted(folder, command);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 130, stdout: '' });
    expect(ended.stderr).toMatch(told);
  });
}

test('Ctrl-C ends the look at a cloud before the acceptance tests, too, and none is run', async ({
  folder,
}) => {
  const { bin, checkout, stemcell, calls } = standIns(folder);
  const environment = { BOSH_ENVIRONMENT: 'd', PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const command = ['upstream', '--bats', checkout, '--stemcell', stemcell];
  const ended = await interrupted(folder, command, environment);
  expect(ended, ended.stderr).toMatchObject({ exitCode: 130, stdout: '' });
  expect(ended.stderr).toBe('bats-runner: interrupted before the first example\n');
  expect(calls()).toEqual([]);
});

/** A command that is ended by Ctrl-C while it waits for the first answer of a cloud. */
async function interrupted(
  folder: string,
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const silent = await silentCloud();
  const access = { ...(cloud.file['cloudstack'] as object), endpoint: silent.url };
  const file = configIn(folder, { cloudstack: access, seconds_per_answer: 10 });
  const args = [...command, '--config', file, '--output', join(folder, 'out')];
  const running = startIn(environment, ...args);
  await Promise.race([silent.asked, running.ended]);
  process.kill(-running.pid, 'SIGINT');
  const ended = await running.ended;
  silent.close();
  return ended;
}

test('a run that is killed outright leaves things behind; a sweep takes them away, and nothing else', async ({
  folder,
}) => {
  const account = new CloudClient(accountOf(configOf(cloud.file)));
  await account.call('createAffinityGroup', { name: 'contract-web', type: 'host anti-affinity' });
  const before = await inventory();
  const file = configIn(folder);
  const running = start(...onCloud(folder, file), '--case', 'VM-01', 'VM-12', 'DSK');
  const hasVm = (): boolean => cloud.simulator.world.vms.all().length > 0;
  const next = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  const firstVm = async (): Promise<void> => {
    while (!hasVm()) await next();
  };
  await Promise.race([firstVm(), running.ended]);
  process.kill(-running.pid, 'SIGKILL');
  expect((await running.ended).exitCode).toBe(null);
  expect(inventoryChanges(before, await inventory())).not.toEqual([]);
  const args = ['sweep', '--config', file, '--output', join(folder, 'out'), '--delete'];
  const swept = await start(...args).ended;
  expect(swept, swept.stderr).toMatchObject({ exitCode: 0 });
  expect(swept.stdout).toMatch(/^deleted, left by runs:\n {2}VM /);
  expect(inventoryChanges(before, await inventory())).toEqual([]);
});

test('mistakes in the file end with 2, a cloud that is otherwise with 3, before any case', async ({
  folder,
}) => {
  for (const [change, code, message] of [
    [{ zone: '' }, 2, /cloud\.json has a mistake:\n {2}zone must not be empty/],
    [
      { template: 'none' },
      3,
      /not as the configuration says:\n {2}template: .* none; there are ub/,
    ],
  ] as const) {
    const { stdout, stderr, exitCode } = await start(...onCloud(folder, configIn(folder, change)))
      .ended;
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: code });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^bats-runner: /m);
  }
  for (const [args, message] of [
    [['contract', '--target', 'cloud'], /--target cloud needs --config FILE/],
    [[...onCloud(folder, configIn(folder)), '--workers', '2'], /one after another: leave out/],
    [[...onCloud(folder, configIn(folder)), '--cpi-config', '/nowhere'], /cannot be read: ENOENT/],
  ] as const) {
    const { stderr, exitCode } = await start(...args).ended;
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  }
  expect(cloud.simulator.world.vms.all()).toEqual([]);
});

test('sweep lists what is left, and deletes it only when it is told to', async ({ folder }) => {
  const account = new CloudClient(accountOf(configOf(cloud.file)));
  const name = 'contract-ba75ba75-0001-4b6f-9a0e-6f3f7f2f9a11';
  await account.call('createAffinityGroup', { name, type: 'host anti-affinity' });
  const args = ['sweep', '--config', configIn(folder), '--output', join(folder, 'out')];
  const dry = await start(...args).ended;
  expect(dry.stdout).toMatch(/^left by runs; --delete deletes it:\n {2}affinity group .*ba75ba75/);
  expect((await start(...args, '--delete').ended).stdout).toMatch(/^deleted, left by runs:\n/);
  expect(await start(...args).ended).toMatchObject({
    stdout: 'nothing is left by runs\n',
    exitCode: 0,
  });
});
