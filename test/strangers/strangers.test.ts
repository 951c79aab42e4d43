// Proves that CloudStack clients that others wrote, unmodified, work with the simulator: those of
// npm always, quick ones of Debian where they are installed; and that the page which tells of all
// of them tells of these what is so, and of no others.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { clients } from './clients.js';
import { commandsLine, rowOf, strangersPage } from './page.js';
import { runClient, type Outcome } from './run-client.js';

/** The table's cells are padded to be read in plain text. */
const plain = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/-{4,}/g, '---');
const page = plain(
  readFileSync(new URL('../../docs/simulator/strangers.md', import.meta.url), 'utf8'),
);

for (const client of clients.filter(({ isQuick }) => isQuick)) {
  test(`${client.name}, in ${client.language}`, async () => {
    const outcome = await runClient(client);
    const isOptional = client.source !== 'npm';
    test.skip(isOptional && outcome.kind === 'not installed', client.install);
    expect(outcome).toMatchObject({ kind: 'worked' });
    const told = { client, outcome };
    const isToldVersion = page.includes(rowOf(told).split(' | ').slice(0, 2).join(' | '));
    // Another version may ask otherwise, as long as it works.
    if (isOptional && !isToldVersion) return;
    expect(page).toContain(rowOf(told));
    expect(page).toContain(commandsLine(told));
  });
}

test('a flow that fails is told with the reason', async () => {
  const client = clients[0]!;
  const failing = { ...client, command: ['PROBE', '-e', 'throw new Error("not as expected")'] };
  expect(await runClient(failing)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('not as expected'),
  });
});

test('a flow that does nothing has not worked', async () => {
  const idle = { ...clients[0]!, command: ['PROBE', '-e', '0'] };
  expect(await runClient(idle)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('deployVirtualMachine was never called'),
  });
});

test('a client whose probes all fail is not installed', async () => {
  const absent = { ...clients[0]!, probes: [['no-such-program'], [process.execPath, '-e', '0']] };
  expect(await runClient(absent)).toEqual({ kind: 'not installed' });
});

test('the page tells that every client works, with a version, and has no other rows', () => {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(rows).toHaveLength(clients.length);
  for (const [index, row] of rows.entries()) {
    const version = row.split(' | ')[1]!;
    expect(version).toMatch(/^\d+(\.\d+)+$/);
    const outcome: Outcome = { kind: 'worked', version, commands: [] };
    expect(row).toBe(rowOf({ client: clients[index]!, outcome }));
  }
  const [, system = ''] = /was on (.*), with/.exec(page.replaceAll('\n', ' ')) ?? [];
  const [introduction] = plain(strangersPage([], system)).split('\n| ');
  expect(page.split('\n| ')[0]).toBe(introduction);
});
