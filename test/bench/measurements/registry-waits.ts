// How long requests wait while the registry puts its journals into its database file: each of them,
// in every such time, beside what an append with fsync to another file of the same disk takes then.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryUser, startRegistry } from '../../support/registry-process.js';
import type { Figure, Setting } from '../figure.js';
import { connectTo, type RegistryConnection } from '../registry-client.js';
import { quantile, type Pair } from '../statistics.js';
import { nameOf, sendWell, settings } from './registry-requests.js';

/** The longest that a request may wait. */
const patienceMs = 50;

/** What one time of compaction was like. */
interface Compaction {
  readonly waitsMs: readonly number[];
  readonly syncsMs: readonly number[];
}

/** The program itself, with its worker; a pair of each figure for each time that it compacts. */
export async function registryWaits({ isQuick, progress }: Setting): Promise<Figure[]> {
  const [entries, times] = isQuick ? [20, 1] : [10_000, 5];
  // Of some twenty large ones a journal is as long as it may be.
  const content = isQuick ? JSON.stringify({ fill: 'x'.repeat(200_000) }) : settings;
  const folder = mkdtempSync(join(tmpdir(), 'bench-registry-'));
  const program = await startRegistry(folder);
  const connections = Array.from({ length: 8 }, () => connectTo(program.endpoint, registryUser));
  progress(`filling the program's registry with ${entries} entries`);
  await fill(connections, entries);
  const other = await open(join(folder, 'appended'), 'a');
  const compactions: Compaction[] = [];
  while (compactions.length < times) {
    progress(`waits while journals are put into the file ${compactions.length + 1} of ${times}`);
    compactions.push(await nextCompaction(folder, connections[0]!, other, { entries, content }));
  }
  await other.close();
  for (const connection of connections) connection.close();
  program.child.kill('SIGTERM');
  await program.ended;
  rmSync(folder, { recursive: true });
  return figuresOf(compactions, entries);
}

async function fill(connections: readonly RegistryConnection[], entries: number): Promise<void> {
  await Promise.all(
    connections.map(async (connection, first) => {
      for (let number = first; number < entries; number += connections.length) {
        await sendWell(connection, 'PUT', nameOf(number));
      }
    }),
  );
}

/** The request with which it begins counts, too: the registry starts its worker then. */
async function nextCompaction(
  folder: string,
  connection: RegistryConnection,
  other: FileHandle,
  { entries, content }: { readonly entries: number; readonly content: string },
): Promise<Compaction> {
  let sent = 0;
  const request = (): Promise<number> => {
    sent += 1;
    const [method, name] = [sent % 4 === 0 ? 'GET' : 'PUT', nameOf((sent * 37) % entries)] as const;
    return msOf(() => sendWell(connection, method, name, content));
  };
  const append = (): Promise<number> =>
    msOf(async () => {
      await other.write(content);
      await other.datasync();
    });
  const waitsMs: number[] = [];
  const syncsMs: number[] = [];
  while (isCompacting(folder)) await request();
  while (!isCompacting(folder)) {
    // The last two: with one the journal ends, with the next there are two.
    waitsMs.splice(0, waitsMs.length - 1);
    waitsMs.push(await request());
    syncsMs.push(await append());
  }
  while (isCompacting(folder)) {
    waitsMs.push(await request());
    syncsMs.push(await append());
  }
  return { waitsMs, syncsMs };
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** A journal beside the one that is written to has something in it until the file has that. */
function isCompacting(folder: string): boolean {
  const journals = readdirSync(folder).filter((name) => name.includes('.journal-'));
  return journals.filter((name) => bytesOf(join(folder, name)) > 0).length > 1;
}

/** It may be gone by now. */
function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function figuresOf(compactions: readonly Compaction[], entries: number): Figure[] {
  const what = `while journals of ${entries} entries are put into the file`;
  const pairsAt = (share: number): Pair[] =>
    compactions.map(({ waitsMs, syncsMs }) => ({
      subject: quantile(waitsMs, share),
      yardstick: quantile(syncsMs, share),
    }));
  const figures: Figure[] = [
    {
      name: 'registry wait',
      subject: `longest wait of a request ${what}`,
      yardstick: 'what it may wait',
      unit: 'ms',
      pairs: pairsAt(1).map(({ subject }) => ({ subject, yardstick: patienceMs })),
      limit: 1,
      isForAll: true,
    },
  ];
  for (const [name, share, told] of [
    ['p50', 0.5, 'half of the requests wait no longer'],
    ['p99', 0.99, '99 of 100 requests wait no longer'],
    ['max', 1, 'no request waits longer'],
  ] as const) {
    figures.push({
      name: `registry wait ${name}`,
      subject: `${told} ${what}`,
      yardstick: 'the same of bare appends with fsync to another file, in between',
      unit: 'ms',
      pairs: pairsAt(share),
    });
  }
  return figures;
}
