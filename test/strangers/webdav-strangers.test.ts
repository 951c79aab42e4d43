// Proves that WebDAV clients that others wrote, unmodified, work with the stemcell server: those of npm
// always, quick ones of Debian where they are installed; and that the page which tells of all of them
// tells of these what is so, of no others, and of nothing that litmus misses without saying why.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readLitmus } from './litmus-output.js';
import { runWebdavClient } from './run-webdav-client.js';
import { shortfalls, webdavClients } from './webdav-clients.js';
import { webdavRow } from './webdav-page.js';

/** The table's cells are padded to be read in plain text. */
const plain = (text: string): string => text.replace(/ {2,}/g, ' ');
const page = plain(readFileSync(new URL('../../docs/cpi/strangers.md', import.meta.url), 'utf8'));

for (const client of webdavClients.filter(({ isQuick }) => isQuick)) {
  test(`${client.name} works with the stemcell server`, async () => {
    const outcome = await runWebdavClient(client);
    const isOptional = client.source !== 'npm';
    test.skip(isOptional && outcome.kind === 'not installed', client.install);
    expect(outcome).toMatchObject({ kind: 'worked' });
    // Another version may ask otherwise, as long as it works.
    const row = webdavRow({ client, outcome });
    const isToldVersion = page.includes(row.split(' | ').slice(0, 2).join(' | '));
    if (!isOptional || isToldVersion) expect(page).toContain(row);
  });
}

test('a flow that fails, or does nothing, has not worked', async () => {
  const client = webdavClients[1]!;
  const failing = { ...client, command: ['sh', '-c', 'echo not as expected >&2; exit 1'] };
  expect(await runWebdavClient(failing)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('not as expected'),
  });
  const idle = { ...client, command: ['sh', '-c', 'true'] };
  expect(await runWebdavClient(idle)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('never asked'),
  });
  const absent = { ...client, probes: [['no-such-program']] };
  expect(await runWebdavClient(absent)).toEqual({ kind: 'not installed' });
});

test('the page tells that every client works, with a version, and has no other rows', () => {
  const rows = page.split('\n').filter((line) => /^\| \S+ \| \d+(\.\d+)+ \|/.test(line));
  expect(rows.map((row) => row.split(' | ')[0])).toEqual(
    webdavClients.map(({ name }) => `| ${name}`),
  );
  for (const row of rows) expect(row).toMatch(/ works \|$/);
});

test('what litmus misses is told, and only that', () => {
  const suites = [...page.matchAll(/^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(
    ([, name, passed, failed, skipped]) => ({ name, passed, failed, skipped }),
  );
  expect(suites.map(({ name }) => name)).toEqual(['basic', 'copymove', 'props', 'locks', 'http']);
  for (const { name, passed, failed, skipped } of suites) {
    expect(Number(passed)).toBeGreaterThan(0);
    const isShort = Number(failed) + Number(skipped) > 0;
    expect(shortfalls.some(({ suite }) => suite === name)).toBe(isShort);
  }
});

test('the output of litmus is read as it is written', () => {
  const output =
    "-> running `basic':\n 0. init..................  0. init.................. pass\n" +
    ' 1. put................... FAIL (500)\n 2. get................... SKIPPED\n' +
    '-> 1 test was skipped.\n' +
    "<- summary for `basic': of 2 tests run: 1 passed, 1 failed. 50.0%\n";
  expect(readLitmus(output)).toEqual([{ name: 'basic', passed: 1, failed: ['put'], skipped: 1 }]);
  expect(readLitmus('no litmus')).toEqual([]);
});
