// Proves that a call is read and answered whatever stdin and stdout are: a pipe that is full before
// the program starts or fills later, a file, a stdout that does not wait; and that what others write
// to stdout never gets there; and that a command for people ends only when its reader has all of it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { installCpi, type InstalledCpi } from '../../support/cpi-process.js';
import { errorOf, resultOf } from '../../support/director-response.js';

const info = JSON.stringify({ method: 'info', arguments: [], context: { director_uuid: 'd' } });

/** Runs a shell line in which `$CPI` is the program and `$REQUEST` a file with a request. */
function shell(cpi: InstalledCpi, line: string, request = info): string {
  const env = { CPI: join(cpi.folder, 'cpi'), REQUEST: join(cpi.folder, 'request'), PATH: '/bin' };
  writeFileSync(env.REQUEST, request);
  return execFileSync('/bin/sh', ['-c', line], { env, encoding: 'utf8' });
}

test('a pipe that holds the request, and a file', () => {
  using cpi = installCpi();
  for (const line of ['cat "$REQUEST" | "$CPI"', '"$CPI" < "$REQUEST"']) {
    expect(resultOf('info', 2, shell(cpi, line)), line).toMatchObject({ api_version: 3 });
  }
});

test('no stdin at all is an empty request', () => {
  using cpi = installCpi();
  for (const line of ['"$CPI" <&-', '"$CPI" </dev/null', ': | "$CPI"']) {
    expect(errorOf(shell(cpi, line)).message, line).toMatch(/input is empty/);
  }
});

test('a request larger than a pipe', () => {
  using cpi = installCpi();
  const request = JSON.stringify({ ...JSON.parse(info), arguments: ['x'.repeat(1_000_000)] });
  const response = shell(cpi, 'cat "$REQUEST" | "$CPI"', request);
  expect(errorOf(response).message).toMatch(/takes no arguments/);
});

test('a pipe into which the request comes bit by bit', async () => {
  using cpi = installCpi();
  const child = spawn('/bin/sh', ['-c', 'cat | "$0"', join(cpi.folder, 'cpi')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const response = text(child.stdout);
  for (const character of info) {
    await new Promise((resolve) => {
      child.stdin.write(character, resolve);
    });
  }
  child.stdin.end();
  expect(resultOf('info', 2, await response)).toMatchObject({ api_version: 3 });
});

test('a stdout that does not wait for its reader gets all of a long response', async () => {
  using cpi = installCpi();
  const pipe = join(cpi.folder, 'stdout');
  execFileSync('mkfifo', [pipe]);
  const stdout = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const name = 'z'.repeat(500_000);
  const request = join(cpi.folder, 'request');
  writeFileSync(request, JSON.stringify({ ...JSON.parse(info), method: name }));
  const stdin = openSync(request, 'r');
  const child = spawn(join(cpi.folder, 'cpi'), { stdio: [stdin, stdout, 'inherit'] });
  closeSync(stdin);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const response = await readPipe(stdout);
  expect(errorOf(response).message).toContain(name);
  expect(await ended).toBe(0);
  closeSync(stdout);
});

/** Reads a pipe, which does not wait, until a whole JSON document has come. */
async function readPipe(pipe: number): Promise<string> {
  const chunk = Buffer.alloc(65_536);
  let read = '';
  while (!read.endsWith('}')) {
    try {
      read += chunk.toString('utf8', 0, readSync(pipe, chunk));
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'EAGAIN') throw failure;
      await nextTurn();
    }
  }
  return read;
}

const streams = fileURLToPath(new URL('../../../dist/cpi/bin/standard-output.js', import.meta.url));

/** Runs a program that has claimed its stdout. */
function claimed(body: string): { stdout: string; stderr: string } {
  const program = `import { claimStdout, writeStderr } from ${JSON.stringify(streams)};
    const respond = claimStdout((text) => writeStderr('diverted: ' + text));
    ${body}`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
}

test('what others write to stdout is diverted, and only the first response counts', () => {
  const { stdout, stderr } = claimed(`
    console.log('a stray line');
    process.stdout.write(Buffer.from('bytes'));
    void respond('{"response": 1}');
    void respond('{"response": 2}');`);
  expect(stdout).toBe('{"response": 1}');
  expect(stderr).toBe('diverted: a stray line\n\ndiverted: bytes\n');
});

test('a command ends with its status when all is out, however much that is', () => {
  const program = `import { endWith } from ${JSON.stringify(streams)};
    process.stdout.write('x'.repeat(1_000_000));
    await endWith(1);`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect({ status, length: stdout.length }).toEqual({ status: 1, length: 1_000_000 });
});
