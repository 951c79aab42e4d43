// Two processes never serve one file: the second is told so, by whatever path it comes to the folder.
// The lock goes with its holder, however that ends: a socket that nobody listens on any more is no
// lock. Of several that start at once there is never more than one.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Locked, lock } from '../../../cpi/serving/process-lock.js';

const name = 'registry.sqlite';

function emptyFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'lock-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('a second one is refused until the first lets go, which leaves nothing', async () => {
  using folder = emptyFolder();
  const first = await lock(folder.path, name);
  await expect(lock(folder.path, name)).rejects.toThrow(Locked);
  await expect(lock(folder.path, name)).rejects.toThrow(
    /Another process serves .*registry\.sqlite\. Stop it first/,
  );
  await first.release();
  expect(readdirSync(folder.path)).toEqual([]);
  await (await lock(folder.path, name)).release();
});

test('who connects to the lock does not keep it', async () => {
  using folder = emptyFolder();
  const held = await lock(folder.path, name);
  const [path = ''] = readdirSync(folder.path);
  const socket = connect({ path: join(folder.path, path) });
  await once(socket, 'connect');
  await held.release();
  await once(socket.resume(), 'close');
});

test('other files, also of the same name elsewhere, are free', async () => {
  using folder = emptyFolder();
  const first = await lock(folder.path, name);
  const other = mkdtempSync(join(folder.path, 'other-'));
  await (await lock(folder.path, 'second.sqlite')).release();
  await (await lock(other, name)).release();
  await first.release();
});

test('a folder by another name is the same folder, also deep down', async () => {
  using folder = emptyFolder();
  const deep = join(folder.path, 'a-folder-with-a-long-name'.repeat(8));
  mkdirSync(deep);
  symlinkSync(deep, join(folder.path, 'link'));
  const first = await lock(deep, name);
  await expect(lock(join(folder.path, 'link'), name)).rejects.toThrow(Locked);
  await first.release();
  expect(readdirSync(deep)).toEqual([]);
});

test('what a killed process left is no lock, and is cleared away', async () => {
  using folder = emptyFolder();
  const script =
    'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))';
  const left = `.${name}.lock-00000000`;
  spawnSync(process.execPath, ['-e', script, join(folder.path, left)]);
  writeFileSync(join(folder.path, `.${name}.lock-11111111`), 'not even a socket');
  expect(readdirSync(folder.path)).toContain(left);
  await (await lock(folder.path, name)).release();
  expect(readdirSync(folder.path)).toEqual([]);
});

test('of several that start at once never more than one holds the lock', async () => {
  using folder = emptyFolder();
  for (let time = 0; time < 20; time += 1) {
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => lock(folder.path, name)));
    const held = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(held.length).toBeLessThanOrEqual(1);
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Locked);
    for (const one of held) await one.release();
  }
  await (await lock(folder.path, name)).release();
});

test('a folder that is not there is an error of its own', async () => {
  await expect(lock('/nowhere/at/all', name)).rejects.toThrow(/ENOENT/);
});

test('a folder whose file system takes no sockets is refused in a sentence', async () => {
  await expect(lock('/sys/kernel', 'x')).rejects.toThrow(
    /^\/sys\/kernel cannot be locked: .*takes no sockets \(EPERM\)/,
  );
});
