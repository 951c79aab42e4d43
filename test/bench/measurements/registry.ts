// What the registry costs beside what disk and HTTP cost anyway, whether that grows with what it
// holds, and how long a request waits while it tidies up its files.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableFiles } from '../../../cpi/registry/file-store/durable-files.js';
import { openFileStore } from '../../../cpi/registry/file-store/file-store.js';
import { encodeEntry } from '../../../cpi/registry/file-store/journal.js';
import { loadSqlite } from '../../../cpi/registry/file-store/settings-table.js';
import { registryUser, startRegistry } from '../../support/registry-process.js';
import { costFigures, type Figure, type Measurement, type Setting } from '../figure.js';
import { measurePairs, type Costs } from '../pairs.js';
import { connectTo, type RegistryConnection } from '../registry-client.js';
import { startExpress, startRegistryServer, type Server } from '../server.js';

/** As large as those of a VM whose environment has certificates. */
const settings = JSON.stringify({ agent_id: 'a', fill: 'x'.repeat(4_000) });
const nameOf = (number: number): string => `vm-${number}`;

/** The longest that a request may wait while the files are tidied up. */
const patienceMs = 50;

export const registry: Measurement = {
  name: 'registry',
  asks: 'What does the registry cost beside disk and HTTP, with few and many entries?',
  run: async (setting) => [
    await storedOverAppended(setting),
    ...(await servedOverBare(setting)),
    ...(await manyOverFew(setting)),
    await longestWait(setting),
  ],
};

function pairOptions(
  { isQuick, progress }: Setting,
  about: string,
): Parameters<typeof measurePairs>[0] {
  return {
    pairs: isQuick ? 2 : 15,
    warmUps: isQuick ? 0 : 3,
    progress: (text) => progress(`${about} ${text}`),
  };
}

/** Durably: each change is on disk before the next one is asked for. */
async function storedOverAppended(setting: Setting): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-registry-'));
  const store = await openFileStore({
    files: durableFiles(folder),
    name: 'registry.sqlite',
    sqlite: await loadSqlite(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')),
    compact: () => Promise.resolve(),
    journalBytesMax: Infinity,
    log: () => undefined,
  });
  const file = await open(join(folder, 'appended'), 'a');
  const bytes = encodeEntry({ seq: 1, acknowledged: 0, instanceId: nameOf(1), settings });
  const changes = setting.isQuick ? 5 : 200;
  const { wall } = await measurePairs(
    pairOptions(setting, 'changes'),
    () => costOfEach(changes, (number) => store.put(nameOf(number), settings)),
    () =>
      costOfEach(changes, async () => {
        await file.write(bytes);
        await file.datasync();
      }),
  );
  await file.close();
  await store.close();
  rmSync(folder, { recursive: true });
  return {
    name: 'registry put',
    subject: 'settings put into the file store',
    yardstick: 'as many bytes appended and synced',
    unit: 'ms',
    isRate: true,
    pairs: wall,
    limit: 1.5,
  };
}

async function costOfEach(
  count: number,
  work: (number: number) => Promise<unknown>,
): Promise<Costs<'wall'>> {
  const startedMs = performance.now();
  for (let number = 0; number < count; number += 1) await work(number);
  return { wall: (performance.now() - startedMs) / count };
}

async function servedOverBare(setting: Setting): Promise<Figure[]> {
  await using served = await startRegistryServer({ entries: 100, settings });
  await using bare = await startExpress({ status: 'ok', settings });
  const costs = await measurePairs(
    pairOptions(setting, 'reads'),
    () => costOfRequests(setting, served, 'GET', 100),
    () => costOfRequests(setting, bare, 'GET', 100),
  );
  return costFigures(costs, {
    name: 'registry get',
    subject: 'settings read over HTTP',
    yardstick: 'a bare route of express',
    limit: 1.5,
  });
}

async function manyOverFew(setting: Setting): Promise<Figure[]> {
  const [many, few] = setting.isQuick ? [30, 10] : [10_000, 100];
  setting.progress(`filling registries with ${many} and ${few} entries`);
  await using large = await startRegistryServer({ entries: many, settings });
  await using small = await startRegistryServer({ entries: few, settings });
  const figures: Figure[] = [];
  for (const method of ['GET', 'PUT'] as const) {
    const costs = await measurePairs(
      pairOptions(setting, `${method} among many and few`),
      () => costOfRequests(setting, large, method, many),
      () => costOfRequests(setting, small, method, few),
    );
    figures.push(
      ...costFigures(costs, {
        name: `registry ${method.toLowerCase()} among many`,
        subject: `${method} among ${many} entries`,
        yardstick: `among ${few}`,
        limit: 2,
      }),
    );
  }
  return figures;
}

async function costOfRequests(
  { isQuick }: Setting,
  server: Server,
  method: 'GET' | 'PUT',
  entries: number,
): Promise<Costs<'cpu' | 'wall'>> {
  const count = isQuick ? 10 : 400;
  const connection = connectTo(server.origin, registryUser);
  const beforeUs = await server.ask('cpuUs');
  const { wall } = await costOfEach(count, (number) =>
    sendWell(connection, method, nameOf((number * 37) % entries)),
  );
  const afterUs = await server.ask('cpuUs');
  connection.close();
  return { cpu: (afterUs - beforeUs) / count, wall: wall * 1_000 };
}

async function sendWell(
  { send }: RegistryConnection,
  method: 'GET' | 'PUT',
  instanceId: string,
): Promise<void> {
  const status = await send(method, instanceId, method === 'PUT' ? settings : undefined);
  if (status !== 200) throw new Error(`${method} of ${instanceId} was answered with ${status}`);
}

/**
 * The program itself, with its worker; one pair for each time that it puts journals into the file,
 * and none of them may be too long.
 */
async function longestWait({ isQuick, progress }: Setting): Promise<Figure> {
  const [entries, times] = isQuick ? [20, 1] : [10_000, 5];
  const folder = mkdtempSync(join(tmpdir(), 'bench-registry-'));
  const program = await startRegistry(folder);
  const writers = Array.from({ length: 8 }, () => connectTo(program.endpoint, registryUser));
  progress(`filling the program's registry with ${entries} entries`);
  await Promise.all(
    writers.map(async (writer, first) => {
      for (let number = first; number < entries; number += writers.length) {
        await sendWell(writer, 'PUT', nameOf(number));
      }
    }),
  );
  const [connection] = writers as [RegistryConnection];
  const waits: number[] = [];
  let sent = 0;
  while (waits.length < times) {
    progress(`waits while journals are put into the file ${waits.length + 1} of ${times}`);
    const wait = async (): Promise<number> => {
      sent += 1;
      const startedMs = performance.now();
      await sendWell(connection, sent % 4 === 0 ? 'GET' : 'PUT', nameOf(sent % entries));
      return performance.now() - startedMs;
    };
    while (!isCompacting(folder)) await wait();
    let longest = 0;
    while (isCompacting(folder)) longest = Math.max(longest, await wait());
    waits.push(longest);
  }
  for (const writer of writers) writer.close();
  program.child.kill('SIGTERM');
  await program.ended;
  rmSync(folder, { recursive: true });
  return {
    name: 'registry wait',
    subject: `longest wait of a request while journals of ${entries} entries are put into the file`,
    yardstick: 'what it may wait',
    unit: 'ms',
    pairs: waits.map((subject) => ({ subject, yardstick: patienceMs })),
    limit: 1,
    isForAll: true,
  };
}

/** A journal beside the one that is written to is there until the file has its changes. */
function isCompacting(folder: string): boolean {
  return readdirSync(folder).filter((name) => name.includes('.journal-')).length > 1;
}
