// The contract on a cloud as a person runs it: exit codes, reports without secrets, what a failed
// case is told with, and a cloud that holds nothing of it afterwards, also after Ctrl-C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { CloudClient } from '../../../bats-runner/cloud/client.js';
import { takeInventory, inventoryChanges } from '../../../bats-runner/cloud/inventory.js';
import { accountOf } from '../../../bats-runner/target/preflight.js';
import { configOf, openCloud, type InProcessCloud } from '../contract/in-process-cloud.js';
import { batsRunner, paths, test } from '../support.js';

let cloud: InProcessCloud;
test.beforeEach(async () => {
  cloud = await openCloud();
});
test.afterEach(() => cloud.close());

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

/** Starts the program as a shell does, with a process group of its own. */
function start(...args: readonly string[]): Running {
  const { command, environment: env } = batsRunner;
  const child = spawn(process.execPath, [...command, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([stdout, stderr, [exitCode]]) => ({ stdout, stderr, exitCode }),
  );
  return { pid: child.pid ?? 0, ended };
}

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

function allFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('a good run ends with 0, reports, and an account that is as before', async ({ folder }) => {
  const before = await inventory();
  const chosen = ['--case', 'DSK-01', 'VM-35'];
  const { stdout, exitCode } = await start(...onCloud(folder, configIn(folder)), ...chosen).ended;
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

test('Ctrl-C ends a run with 130, and nothing of it is left', async ({ folder }) => {
  const before = await inventory();
  const running = start(...onCloud(folder, configIn(folder)), '--case', 'VM', 'DSK');
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
  expect(readFileSync(join(folder, 'out', 'receipt.md'), 'utf8')).toMatch(/: interrupted$/m);
});

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
    expect(stderr).toMatch(/^bats-runner: /);
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
  expect(await start(...args).ended).toEqual({
    stdout: 'nothing is left by runs\n',
    stderr: '',
    exitCode: 0,
  });
});
