// Proves that a run fails when a test tells a secret, be it on stdout or stderr, in an error, in an
// attachment or in an event of a simulator, also where that test passes; with tests that do so, in a
// run of their own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { canaryOf, marksIn } from '../canaries.js';
import SecretsReporter from './secrets-reporter.js';

const secret = canaryOf('registry.password');
const noisy = {
  id: '1',
  title: 'a test',
  location: { file: '/x/a.test.ts', line: 3, column: 1 },
} as TestCase;
const quiet = { errors: [], attachments: [], annotations: [] } as unknown as TestResult;

test('tests that pass and tell a secret fail their run', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const { PATH, HOME } = process.env;
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      `${root}node_modules/@playwright/test/cli.js`,
      ...['test', '-c', `${root}test/support/observing/planted/playwright.config.ts`],
    ],
    { cwd: root, env: { PATH, HOME }, encoding: 'utf8' },
  );
  expect(status).toBe(1);
  const told = stderr.split('were told:\n')[1]?.trim().split('\n') ?? [];
  const where = told.map((line) =>
    /leaks\.ts:\d+ ([^:]*): (.*) tells/.exec(line)?.slice(1).join(': '),
  );
  expect(where.sort()).toEqual([
    'in an attachment: an attachment',
    'in an event: stderr',
    'on stderr, in base64: stderr',
    'on stdout: stdout',
  ]);
});

test('a text that comes in two pieces is found, and one of another test is not taken for its end', () => {
  const reporter = new SecretsReporter();
  const other = { ...noisy, id: '2' } as TestCase;
  reporter.onStdOut('can', noisy);
  reporter.onStdOut('ary-x-5eC7et', other);
  expect(reporter.told).toEqual([]);
  reporter.onStdOut(Buffer.from('ary-x-5eC7et'), noisy);
  expect(reporter.told).toEqual([expect.stringContaining('canary-x-5eC7et')]);
});

test('an error that tells one is found, and no other error', async () => {
  const reporter = new SecretsReporter();
  reporter.onTestEnd(noisy, { ...quiet, errors: [{ message: 'expected 1' }] });
  expect(await reporter.onEnd()).toBeUndefined();
  reporter.onTestEnd(noisy, { ...quiet, errors: [{ stack: `Error: ${secret}` }] });
  expect(reporter.told).toEqual([expect.stringContaining(`a test: an error tells ${secret}`)]);
});

test('a secret is found however it is written', () => {
  for (const offset of ['', 'x', 'xy']) {
    const text = Buffer.from(`${offset}${secret} and more`).toString('base64');
    expect(marksIn(text), offset).toHaveLength(1);
  }
  expect(marksIn(encodeURIComponent(`?a=${secret}`))).toEqual([secret]);
  expect(marksIn('a canary, and Y2FuYXI=')).toEqual([]);
});
