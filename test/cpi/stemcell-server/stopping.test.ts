// A server that has stopped changes nothing in its folder any more: until it is done with what it is
// changing nobody else serves the folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { fileChanges } from '../../../cpi/stemcell-server/file-changes.js';
import { handMovedClock } from '../support/virtual-clock.js';
import { secretName, startServer, type TestServer } from './running-server.js';

/** Where somebody waits until it is opened; `hasCome` tells that he does. */
function gate(): { pass: () => Promise<void>; hasCome: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  let come = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const hasCome = new Promise<void>((resolve) => (come = resolve));
  const pass = (): Promise<void> => {
    come();
    return opened;
  };
  return { pass, hasCome, open };
}

/** Stops a server which is at work in its folder until the gate is opened. */
async function stopsOnlyWhen(server: TestServer, open: () => void): Promise<void> {
  const stopped = server.stop();
  const answer = (): Promise<string> => server.send('GET', '/health').then(String, () => 'refused');
  await expect.poll(answer).toBe('refused');
  await expect(startServer({ directory: server.folder })).rejects.toThrow('Another process');
  open();
  await stopped;
  const next = await startServer({ directory: server.folder });
  await next.stop();
}

test('a stop waits for the sweep that is under way', async () => {
  const clock = handMovedClock(0);
  const { pass, hasCome, open } = gate();
  await using server = await startServer({
    clock,
    files: {
      remove: async (path) => {
        if (path.endsWith('left')) await pass();
        await fileChanges.remove(path);
      },
    },
  });
  writeFileSync(join(server.folder, '.staging/left'), 'x');
  clock.advance(3_600_000);
  await hasCome;
  await stopsOnlyWhen(server, open);
  expect(server.staged()).toEqual([]);
});

for (const method of ['PUT', 'DELETE']) {
  test(`a stop waits for the ${method} that is under way`, async () => {
    const { pass, hasCome, open } = gate();
    let isGated = false;
    await using server = await startServer({
      files: {
        syncFolder: async (path) => {
          if (isGated) await pass();
          await fileChanges.syncFolder(path);
        },
      },
    });
    await server.asUser('PUT', secretName, { body: 'old' });
    isGated = true;
    const cutOff = server.asUser(method, secretName, { body: 'new' }).catch(() => 'cut off');
    await hasCome;
    await stopsOnlyWhen(server, open);
    expect(await cutOff).toBe('cut off');
    expect(server.stored()).toEqual(method === 'PUT' ? [secretName.slice(1)] : []);
    expect(server.staged()).toEqual([]);
  });
}
