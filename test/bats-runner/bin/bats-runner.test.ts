// The program keeps its promises to shells and people: exit status, what stands on stdout and on
// stderr, help that lists what there is.
import { spawn } from 'node:child_process';
import { closeSync, cpSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { unmeasured } from '../../support/coverage.js';
import { batsRunner, paths, test } from '../support.js';

const root = join(paths.recordings, '../../..');

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

function run(...args: readonly string[]): Promise<Outcome> {
  const { command, environment } = batsRunner;
  return runProgram([...command, ...args], environment);
}

async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, exitCode };
}

test('--help lists the commands and teaches by examples', async () => {
  const { stdout, exitCode } = await run('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ {2}tour /m);
  expect(stdout).toMatch(/^ {2}replay /m);
  expect(stdout).toMatch(/^ {2}contract /m);
  expect(stdout).toMatch(/^ {2}record /m);
  expect(stdout).toMatch(/^ {2}compare /m);
  expect(stdout).toMatch(/^ {2}upstream /m);
  expect(stdout).toMatch(/Examples:/);
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(await run('--version')).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
});

for (const [what, args, message] of [
  ['no command', [], /a command is missing; there are tour, replay, .*contract, .* and \w+\n/],
  ['an unknown command', ['frob'], /there is no command frob; there are tour, replay, .*contract/],
  ['an unknown command with options', ['frob', '--once'], /there is no command frob/],
  ['an unknown option', ['tour', '--frob'], /unknown option '--frob'/],
  ['a port that is none', ['tour', '--port', '70000'], /whole number from 0 to 65535/],
  ['an unknown scenario', ['replay', 'frob'], /There are:\s+\S+\s+\S+/],
  ['an unknown version', ['replay', '--api-version', '4'], /Allowed choices are 1, 2, 3, all/],
  ['a case that is none', ['contract', '--case', 'env'], /named like ENV-01/],
  ['no workers', ['contract', '--workers', '0'], /whole number from 1 to 99/],
  ['a target that comes later', ['replay', '--target', 'cloud'], /Allowed choices are simulator/],
] as const) {
  test(`${what} is wrong usage: exit 2, a message on stderr`, async () => {
    const { stdout, stderr, exitCode } = await run(...args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^bats-runner: /);
    expect(stderr).toMatch(/\n\(bats-runner( \w+)? --help tells how to use it\)\n$/);
  });
}

const create = ['replay', 'create-env', '--api-version', '2'];

test('replay prints a line for each scenario and ends with 0 if all is well', async () => {
  const { stdout, exitCode } = await run(...create);
  expect(stdout).toMatch(/^bosh-cli, CPI API version 2: 1 scenarios, 13 recorded calls$/m);
  expect(stdout).toMatch(/^ok {4}create-env +13 calls +\d+\.\d\d s$/m);
  expect(stdout).toMatch(/^13 calls, 0 with problems; 1 scenarios, 0 with a wrong cloud after$/m);
  expect(exitCode).toBe(0);
});

test('with --calls it prints a line for each call', async () => {
  const { stdout } = await run(...create, '--calls');
  expect(stdout.match(/^ok {4}create-env \d+ /gm)).toHaveLength(13);
});

test('replay ends with 1 if something is not as recorded', async () => {
  const { stdout, exitCode } = await run(...create, '--cpi', 'true');
  expect(stdout).toMatch(/^FAIL {2}create-env 1 .*\n {6}stdout is empty/m);
  expect(exitCode).toBe(1);
});

test('a reader that has seen enough is no failure, a full disk is one and told', async () => {
  const { command, environment: env } = batsRunner;
  const args = [...command, ...create];
  const unread = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  unread.stdout.destroy();
  const unreadEnd = once(unread, 'close') as Promise<[number | null]>;
  expect([await text(unread.stderr), (await unreadEnd)[0]]).toEqual(['', 0]);
  const full = openSync('/dev/full', 'w');
  const unwritten = spawn(process.execPath, args, { stdio: ['ignore', full, 'pipe'], env });
  const unwrittenEnd = once(unwritten, 'close') as Promise<[number | null]>;
  expect([await text(unwritten.stderr!), (await unwrittenEnd)[0]]).toEqual([
    expect.stringMatching(/^bats-runner: stdout cannot be written: .*ENOSPC.*\n$/),
    3,
  ]);
  closeSync(full);
});

test('replay of an installed package says where the recordings are', async ({ folder }) => {
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'dist', 'bundle'), join(folder, 'dist', 'bundle'), { recursive: true });
  const installed = join(folder, 'dist', 'bundle', 'bats-runner.js');
  const { stderr, exitCode } = await runProgram([installed, 'replay'], unmeasured);
  expect(stderr).toMatch(/test\/vectors\/director of the project's repository, not in the npm/);
  expect(stderr).toMatch(/give --recordings FOLDER, and --world FILE/);
  expect(exitCode).toBe(3);
});

for (const [what, args, message] of [
  ['recordings', ['--recordings', '/nowhere'], /there are no recordings at \/nowhere/],
  ['a world', ['--world', '/nowhere.json'], /simulator did not start: .*\/nowhere\.json/],
] as const) {
  test(`replay without ${what} ends with 3`, async () => {
    const { stderr, exitCode } = await run('replay', 'create-env', ...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(3);
  });
}

test('tour says that a port is taken, and ends with 3', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { stderr, exitCode } = await run('tour', '--once', '--port', String(port));
  server.close();
  expect(stderr).toMatch(/cannot listen on 127\.0\.0\.1:\d+.*in use/);
  expect(exitCode).toBe(3);
});

test('tour leads VMs and disks through their lives, and stays up with its addresses until Ctrl-C', async () => {
  test.setTimeout(300_000);
  const args = [...batsRunner.command, 'tour', '--port', '0'];
  const child = spawn(process.execPath, args, { env: batsRunner.environment });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const progress = text(child.stderr);
  let stdout = '';
  for await (const chunk of child.stdout) {
    stdout += String(chunk);
    if (stdout.includes('until Ctrl-C')) break;
  }
  const health = /Control +(\S+)/.exec(stdout)?.[1] ?? '';
  const registry = /Registry +(\S+)/.exec(stdout)?.[1] ?? '';
  const stemcells = /Stemcells +(\S+)/.exec(stdout)?.[1] ?? '';
  const programs = [health, registry, stemcells];
  for (const url of programs) expect((await fetch(url)).status, url).toBe(200);
  child.kill('SIGINT');
  expect(await closed).toEqual([0, null]);
  for (const url of programs) await expect(fetch(url), url).rejects.toThrow();

  const stderr = await progress;
  expect(stdout).toMatch(/^made, resized, repaired and deleted\. Nothing is left over\.$/m);
  const rows = stdout.match(/^ {4}\w+ .* \d+ +\d+\.\d\d s$/gm) ?? [];
  expect(rows).toHaveLength(52);
  expect(rows.every((row) => Number(/(\d+) +\S+ s$/.exec(row)?.[1]) > 0)).toBe(true);
  expect(stdout).toMatch(/^ {2}info × 52 +before each call +0 /m);
  expect(stderr.match(/^ {2}ok {2}the cloud agrees/gm)).toHaveLength(13);
  // The disk and the address of a VM that is lost are those of the one that takes its place.
  expect(stderr).toMatch(
    /VM of db is lost.*at 10\.203\.6\.20.*disk .* of 20 GiB is attached to VM/s,
  );
  expect(stderr).toMatch(/^ {2}ok {2}its agent {10}is told of disk \w+… by http:/m);
  expect(stderr).toMatch(
    /^ {2}ok {2}stemcell server\n.* put .* stemcell-\w+….*\n.* fetched it\n.* removed it again$/m,
  );
  expect(stdout + stderr).not.toContain('\u001b');
  const wide = (stdout + stderr).split('\n').filter((line) => line.length > 79);
  expect(wide).toEqual([]);
});

for (const [what, args, message] of [
  [
    'cases that nobody has',
    ['--case', 'ENV-01', 'VM-99', 'FOO'],
    /no case VM-99, FOO; docs\/bats-r/,
  ],
  ['a beginning of another id', ['--case', 'E'], /no case E; /],
  ['a folder that cannot be made', ['--output', '/proc/x'], /--output \/proc\/x is no folder that/],
  ['one that nothing can be written into', ['--output', '/proc'], /--output \/proc is no folder/],
  [
    'a file in its place',
    ['--output', paths.cpi],
    /cloudstack-cpi\.cjs is no folder that files can/,
  ],
] as const) {
  test(`${what}: refused before the run, exit 2`, async () => {
    const { stdout, stderr, exitCode } = await run('contract', '--case', 'ENV-01', ...args);
    expect({ stdout, exitCode }, stderr).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^bats-runner: --(case|output)/);
    expect(stderr).toMatch(message);
  });
}
