// While the registry puts its journals into the database file, the thread that does so can be held
// for as long as one likes: requests are answered all the same, as it is not the one that serves.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import {
  asUser,
  registryFolder,
  spawnRegistry,
  startRegistry,
} from '../../support/registry-process.js';
import { untilReady, type ServerProcess } from '../../support/server-process.js';

let registry: ServerProcess | undefined;
test.afterEach(() => registry?.child.kill('SIGKILL'));

/**
 * A module that holds whatever thread begins to write the database, but for the first time, at the
 * start, until a file lets it go on.
 */
function holding(held: string, goOn: string): string {
  return `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { isMainThread } from 'node:worker_threads';
    let isStart = isMainThread;
    const { open } = fs.promises;
    const lock = new Int32Array(new SharedArrayBuffer(4));
    fs.promises.open = (path, ...more) => {
      if (String(path).endsWith('registry.sqlite.tmp')) {
        if (isStart) return (isStart = false), open(path, ...more);
        fs.writeFileSync(${JSON.stringify(held)}, '');
        while (!fs.existsSync(${JSON.stringify(goOn)})) Atomics.wait(lock, 0, 0, 5);
      }
      return open(path, ...more);
    };
    syncBuiltinESMExports();`;
}

test('requests are answered while the thread that compacts is held', async () => {
  using folder = registryFolder();
  const inFolder = (name: string): string => join(folder.path, name);
  const [held, goOn, module] = [inFolder('held'), inFolder('go-on'), inFolder('holding.mjs')];
  writeFileSync(module, holding(held, goOn));
  const within = ['env', `NODE_OPTIONS=--import=${pathToFileURL(module).href}`];
  registry = spawnRegistry(folder.path, { settings_max_kib: 10_000 }, [], within);
  const { endpoint = '' } = await untilReady(registry, folder.path);
  const { ino } = statSync(inFolder('registry.sqlite'));
  const put = async (id: string, body: string): Promise<void> => {
    expect((await asUser(endpoint, id, { method: 'PUT', body })).status).toBe(200);
  };
  await put('long', JSON.stringify({ fill: 'x'.repeat(5 * 1024 * 1024) }));
  for (let number = 0; !existsSync(held); number += 1) await put('vm-1', `{"number":${number}}`);
  for (let number = 0; number < 20; number += 1) {
    await put('vm-2', `{"number":${number}}`);
    const response = await asUser(endpoint, 'vm-2');
    expect(await response.json()).toMatchObject({ settings: `{"number":${number}}` });
  }
  expect((await fetch(`${endpoint}/health`)).status).toBe(200);
  expect(statSync(inFolder('registry.sqlite')).ino, 'it is still held').toBe(ino);
  expect(readdirSync(folder.path)).toContain('registry.sqlite.journal-1');
  writeFileSync(goOn, '');
  await expect.poll(() => readdirSync(folder.path)).not.toContain('registry.sqlite.journal-1');
  registry.child.kill('SIGKILL');
  await registry.ended;
  const again = await startRegistry(folder.path);
  registry = again;
  expect(await (await asUser(again.endpoint, 'vm-2')).json()).toMatchObject({
    settings: '{"number":19}',
  });
});
