// The CPI is started as each of its callers starts it. Small shell programs stand in its place
// and tell what they were given.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import {
  callCpi,
  installCpi,
  nodeCommand,
  type CpiProgram,
} from '../../../bats-runner/director/cpi-process.js';
import type { CpiRequest } from '../../../bats-runner/director/recording.js';
import { test } from '../support.js';

const request: CpiRequest = { method: 'has_vm', arguments: ['cid'], context: {}, api_version: 2 };
const ownEnvironment = { HOME: '/home/op', TMPDIR: '/var/tmp', PATH: '/own/bin', SECRET: 'x' };

function program(folder: string, command: string, configuration = {}): CpiProgram {
  const executable = installCpi({ folder, command, configuration });
  let nowMs = 0;
  return { executable, cwd: '/', environment: ownEnvironment, nowMs: () => (nowMs += 5) };
}

/** The environment without what the shell adds by itself. */
function variables(stdout: string): string[] {
  const added = /^(PWD|OLDPWD|SHLVL|_)=/;
  return stdout.split('\n').filter((line) => line !== '' && !added.test(line));
}

test('the Director gives an environment of PATH, HOME and TMPDIR', async ({ folder }) => {
  const { stdout } = await callCpi(program(folder, '/usr/bin/env'), 'bosh-director', request);
  expect(variables(stdout).sort()).toEqual([
    'HOME=/home/op',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'TMPDIR=/var/tmp',
  ]);
});

test('the CLI gives its own environment and two folders', async ({ folder }) => {
  const { stdout } = await callCpi(program(folder, '/usr/bin/env'), 'bosh-cli', request);
  expect(variables(stdout)).toEqual(
    expect.arrayContaining(['SECRET=x', 'PATH=/own/bin', 'BOSH_JOBS_DIR=/jobs']),
  );
});

test('the request comes without a newline, and stdin is closed', async ({ folder }) => {
  const { stdout, exitCode } = await callCpi(program(folder, 'cat'), 'bosh-director', request);
  expect(stdout).toBe(JSON.stringify(request));
  expect(exitCode).toBe(0);
});

test('the executable is a script with an absolute path, run in the caller’s folder', async ({
  folder,
}) => {
  const cpi = program(folder, '/bin/pwd');
  expect(cpi.executable).toBe(join(folder, 'bin', 'cpi'));
  expect((await callCpi(cpi, 'bosh-director', request)).stdout).toBe('/\n');
});

test('{config} becomes the path of the configuration', async ({ folder }) => {
  const cpi = program(folder, 'cat {config} && true', { some: 'thing' });
  const { stdout } = await callCpi(cpi, 'bosh-director', request);
  expect(JSON.parse(stdout)).toEqual({ some: 'thing' });
});

test('this very Node runs a program, wherever PATH leads', async ({ folder }) => {
  const file = join(folder, "it's a program.mjs");
  writeFileSync(file, 'console.log(process.execPath, ...process.argv.slice(2))');
  const cpi = program(folder, nodeCommand(process.execPath, file));
  const { stdout } = await callCpi(cpi, 'bosh-director', request);
  expect(stdout).toBe(`${process.execPath} --config ${join(folder, 'cpi.json')}\n`);
});

test('output, exit code and duration are told', async ({ folder }) => {
  const cpi = program(folder, "sh -c 'echo out; echo diagnostics >&2; exit 7'");
  expect(await callCpi(cpi, 'bosh-director', request)).toEqual({
    stdout: 'out\n',
    stderr: 'diagnostics\n',
    exitCode: 7,
    durationMs: 5,
  });
});

test('a program that does not read its request is no failure of ours', async ({ folder }) => {
  const long = { ...request, arguments: ['x'.repeat(1_000_000)] };
  const { exitCode } = await callCpi(program(folder, 'true'), 'bosh-director', long);
  expect(exitCode).toBe(0);
});

test('aborting ends the call', async ({ folder }) => {
  const controller = new AbortController();
  const cpi = { ...program(folder, 'sleep 600'), signal: controller.signal };
  const call = callCpi(cpi, 'bosh-director', request);
  controller.abort();
  expect((await call).exitCode).toBeNull();
});

test('a call that begins after that is ended, too', async ({ folder }) => {
  const cpi = { ...program(folder, 'sleep 600'), signal: AbortSignal.abort() };
  expect((await callCpi(cpi, 'bosh-director', request)).exitCode).toBeNull();
});

test('a CPI that does not end when it is told to is ended, and what it started holds up nobody', async ({
  folder,
}) => {
  for (const command of [
    `sh -c 'trap "" TERM; echo began; exec sleep 60'`,
    `sh -c 'trap "" TERM; sleep 2 & echo began; wait; wait'`,
  ]) {
    const controller = new AbortController();
    const { signal } = controller;
    const cpi = { ...program(folder, command), signal, undoWithinMs: 1 };
    const call = callCpi(cpi, 'bosh-director', request);
    controller.abort();
    expect((await call).exitCode).toBeNull();
  }
});

test('an executable that is not there is an error that names it', async ({ folder }) => {
  const cpi = { ...program(folder, 'true'), executable: join(folder, 'missing') };
  await expect(callCpi(cpi, 'bosh-director', request)).rejects.toThrow(/missing cannot be started/);
});
