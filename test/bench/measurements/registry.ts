// What the registry costs beside what disk and HTTP cost anyway, whether that grows with what it
// holds, and how long a request waits while it tidies up its files.
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableFiles } from '../../../cpi/registry/file-store/durable-files.js';
import { openFileStore } from '../../../cpi/registry/file-store/file-store.js';
import { encodeEntry } from '../../../cpi/registry/file-store/journal.js';
import { loadSqlite } from '../../../cpi/registry/file-store/settings-table.js';
import { registryUser } from '../../support/registry-process.js';
import { costFigures, type Figure, type Measurement, type Setting } from '../figure.js';
import { measurePairs, type Costs } from '../pairs.js';
import { connectTo } from '../registry-client.js';
import { nameOf, sendWell, settings } from './registry-requests.js';
import { registryWaits } from './registry-waits.js';
import { startExpress, startRegistryServer, type Server } from '../server.js';

export const registry: Measurement = {
  name: 'registry',
  asks: 'What does the registry cost beside disk and HTTP, with few and many entries?',
  run: async (setting) => [
    await storedOverAppended(setting),
    ...(await servedOverBare(setting)),
    ...(await manyOverFew(setting)),
    ...(await registryWaits(setting)),
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
