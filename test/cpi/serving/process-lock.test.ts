// Two processes never serve one file: the second is told so. The lock goes with its holder, however
// that ends, and a socket file that a killed one has left (where sockets have files) is no lock.
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Locked, addressOf, lock } from '../../../cpi/serving/process-lock.js';

for (const platform of ['linux', 'darwin'] as const) {
  test.describe(`on ${platform}`, () => {
    test.skip(platform === 'linux' && process.platform !== 'linux', 'only Linux has such sockets');
    let folder: string;
    test.beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'lock-'));
    });
    test.afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    test('a second one is refused until the first lets go', async () => {
      const first = await lock(folder, 'registry.sqlite', platform);
      const second = lock(folder, 'registry.sqlite', platform);
      await expect(second).rejects.toThrow(Locked);
      await expect(lock(folder, 'registry.sqlite', platform)).rejects.toThrow(
        /Another process serves .*registry\.sqlite\. Stop it first/,
      );
      await first.release();
      await (await lock(folder, 'registry.sqlite', platform)).release();
    });

    test('who connects to the lock does not keep it', async () => {
      const held = await lock(folder, 'registry.sqlite', platform);
      const path = addressOf(join(realpathSync(folder), 'registry.sqlite'), platform);
      const socket = connect({ path });
      await once(socket, 'connect');
      await held.release();
      await once(socket.resume(), 'close');
    });

    test('other files, also of the same name elsewhere, are free', async () => {
      const first = await lock(folder, 'registry.sqlite', platform);
      const other = mkdtempSync(join(folder, 'other-'));
      await (await lock(folder, 'second.sqlite', platform)).release();
      await (await lock(other, 'registry.sqlite', platform)).release();
      await first.release();
    });

    test('a folder by another name is the same folder', async () => {
      symlinkSync(folder, `${folder}/itself`);
      const first = await lock(folder, 'registry.sqlite', platform);
      await expect(lock(`${folder}/itself`, 'registry.sqlite', platform)).rejects.toThrow(Locked);
      await first.release();
    });
  });
}

test('the socket file of a process that was killed is taken over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  writeFileSync(addressOf(join(folder, 'registry.sqlite'), 'darwin'), '');
  await (await lock(folder, 'registry.sqlite', 'darwin')).release();
  rmSync(folder, { recursive: true });
});

test('a folder that is not there is an error of its own', async () => {
  await expect(lock('/nowhere/at/all', 'registry.sqlite')).rejects.toThrow(/ENOENT/);
});
