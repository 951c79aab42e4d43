// What killed processes have left goes, at once or when it is old, or comes back where it had given
// way; what is in use, young or of operators stays.
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Refused } from '../../../cpi/stemcell-server/refusal.js';
import { RunningDownloads } from '../../../cpi/stemcell-server/running-downloads.js';
import { sweep } from '../../../cpi/stemcell-server/sweep.js';
import { handMovedClock } from '../support/virtual-clock.js';
import { basic, startServer, user, type TestServer } from './running-server.js';

const hourMs = 3_600_000;
const ofCpi = 'stemcell-0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9.qcow2';

/** A folder with an image of each kind, of which all but one have been there for a day. */
function usedFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'sweep-')), 'images');
  mkdirSync(join(folder, '.staging'), { recursive: true });
  mkdirSync(join(folder, 'deep'));
  const young = ofCpi.replace('0f1e', '1111');
  for (const name of [ofCpi, `deep/${ofCpi}`, young, 'ubuntu.qcow2', `x-${ofCpi}`, '.staging/a']) {
    writeFileSync(join(folder, name), 'x');
    const atSeconds = name === young ? 1_800 : 0;
    utimesSync(join(folder, name), atSeconds, atSeconds);
  }
  symlinkSync(join(folder, 'ubuntu.qcow2'), join(folder, ofCpi.replace('0f1e', '2222')));
  return folder;
}

function images(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function started(folder: string, more = {}): Promise<TestServer> {
  return startServer({ directory: folder, imagesOlderThanMs: 24 * hourMs, ...more });
}

test('old images of the CPI and parts of uploads go when the server starts', async () => {
  const folder = usedFolder();
  await using server = await started(folder, { clock: handMovedClock(24 * hourMs) });
  expect(images(folder)).toEqual([
    'deep',
    ofCpi.replace('0f1e', '1111'),
    ofCpi.replace('0f1e', '2222'),
    'ubuntu.qcow2',
    `x-${ofCpi}`,
  ]);
  expect(server.staged()).toEqual([]);
  expect(server.swept).toEqual([{ putBack: [], images: [`deep/${ofCpi}`, ofCpi], uploads: 1 }]);
  rmSync(join(folder, '..'), { recursive: true });
});

test('every hour the others go that have become old, and no upload under way', async () => {
  const folder = usedFolder();
  const clock = handMovedClock(24 * hourMs);
  await using server = await started(folder, { clock });
  const socket = await server.connect();
  socket.write(
    `PUT /x HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(user)}\r\nContent-Length: 9\r\n\r\nabc`,
  );
  await expect.poll(() => server.staged()).toHaveLength(1);
  clock.advance(hourMs);
  await expect.poll(() => server.swept).toHaveLength(2);
  expect(server.swept[1]).toEqual({
    putBack: [],
    images: [ofCpi.replace('0f1e', '1111')],
    uploads: 0,
  });
  socket.write('defghi');
  const [told] = (await once(socket, 'data')) as [Buffer];
  expect(told.toString()).toContain('201');
  socket.destroy();
  rmSync(join(folder, '..'), { recursive: true });
});

test('an image that is being downloaded stays until that is over', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sweep-')), 'images');
  const clock = handMovedClock(0);
  await using server = await started(folder, { clock, imagesOlderThanMs: hourMs });
  writeFileSync(join(folder, ofCpi), Buffer.alloc(24 * 2 ** 20));
  utimesSync(join(folder, ofCpi), 0, 0);
  const socket = await server.connect();
  socket.write(`GET /${ofCpi} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  clock.advance(hourMs);
  await expect.poll(() => server.swept).toHaveLength(2);
  expect(existsSync(join(folder, ofCpi))).toBe(true);
  socket.destroy();
  await expect.poll(() => server.access).toHaveLength(1);
  clock.advance(hourMs);
  await expect.poll(() => server.swept).toHaveLength(3);
  expect(existsSync(join(folder, ofCpi))).toBe(false);
  rmSync(join(folder, '..'), { recursive: true });
});

test('told to keep images, it removes none', async () => {
  const folder = usedFolder();
  const clock = handMovedClock(10_000 * hourMs);
  await using server = await started(folder, { clock, imagesOlderThanMs: undefined });
  expect(server.swept).toEqual([{ putBack: [], images: [], uploads: 1 }]);
  expect(images(folder)).toContain(ofCpi);
  rmSync(join(folder, '..'), { recursive: true });
});

/** Holds `deep`, and an old image of the CPI here and there; one thing cannot be done with it. */
function folderWith(
  failing: 'find' | 'list' | 'remove',
  failure: Error,
  at: string,
): { folder: Parameters<typeof sweep>[0]['folder']; removed: string[] } {
  const content: Readonly<Record<string, readonly string[]>> = {
    '': [`a-${ofCpi}`, 'deep', ofCpi],
    deep: [ofCpi],
  };
  const removed: string[] = [];
  const attempt = <T>(what: string, path: readonly string[], result: T): Promise<T> =>
    what === failing && path.join('/') === at ? Promise.reject(failure) : Promise.resolve(result);
  const folder = {
    list: (path: readonly string[]) => attempt('list', path, [...(content[path.join('/')] ?? [])]),
    find: (path: readonly string[]) => {
      const kind = path.join('/') in content ? ('collection' as const) : ('image' as const);
      return attempt('find', path, { kind, bytes: 1, modifiedMs: 0, createdMs: 0, etag: '""' });
    },
    remove: async (path: readonly string[]) => {
      await attempt('remove', path, undefined);
      removed.push(path.join('/'));
    },
    replacedIn: () => Promise.resolve([]),
    putBack: () => Promise.resolve(false),
    sweepStaging: () => Promise.resolve({ removed: 2, failures: [] }),
  };
  return { folder, removed };
}

const noRight = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });

for (const [failing, at, others] of [
  ['list', 'deep', [ofCpi]],
  ['find', 'deep', [ofCpi]],
  ['find', ofCpi, [`deep/${ofCpi}`]],
  ['remove', `deep/${ofCpi}`, [ofCpi]],
] as const) {
  test(`what is not to be swept (${failing} ${at}) is told, and the rest is swept`, async () => {
    const { folder, removed } = folderWith(failing, noRight, at);
    const failures: unknown[] = [];
    const swept = await sweep({
      folder,
      downloads: new RunningDownloads(),
      nowMs: 100,
      imagesOlderThanMs: 10,
      onFailure: (failure) => failures.push(failure),
    });
    expect(removed).toEqual(others);
    expect(swept).toEqual({ putBack: [], images: others, uploads: 2 });
    expect(failures.map(String)).toEqual([
      `Error: the sweep left /${at}: EACCES: permission denied; give the user of the server the ` +
        'right to read and write there, or remove it by hand',
    ]);
  });
}

test('what goes while it is swept is no failure', async () => {
  for (const [failing, at, failure] of [
    ['remove', ofCpi, new Refused('not found')],
    ['list', 'deep', Object.assign(new Error('ENOENT'), { code: 'ENOENT' })],
  ] as const) {
    const { folder } = folderWith(failing, failure, at);
    const failures: unknown[] = [];
    await sweep({
      folder,
      downloads: new RunningDownloads(),
      nowMs: 100,
      imagesOlderThanMs: 10,
      onFailure: (one) => failures.push(one),
    });
    expect(failures, failing).toEqual([]);
  }
});

test('what a killed process had put aside goes, folders too', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sweep-')), 'images');
  mkdirSync(join(folder, '.staging', 'aside', 'deep'), { recursive: true });
  writeFileSync(join(folder, '.staging', 'aside', 'deep', 'x'), 'x');
  await using server = await started(folder, { clock: handMovedClock(0) });
  expect(server.staged()).toEqual([]);
  expect(server.swept).toEqual([{ putBack: [], images: [], uploads: 1 }]);
  rmSync(join(folder, '..'), { recursive: true });
});

test('where uploads would lie behind a symbolic link the server does not start, and sweeps nothing', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sweep-')), 'images');
  const elsewhere = join(folder, '..', 'elsewhere');
  mkdirSync(elsewhere);
  mkdirSync(folder);
  writeFileSync(join(elsewhere, 'precious'), 'x');
  symlinkSync(elsewhere, join(folder, '.staging'));
  await expect(started(folder)).rejects.toThrow(/\.staging is a symbolic link.*remove the link/);
  expect(existsSync(join(elsewhere, 'precious'))).toBe(true);
  rmSync(join(folder, '..'), { recursive: true });
});

test('what gave way when a process was killed is back, or gone where something has come', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sweep-')), 'images');
  for (const path of ['.replaced-old', 'c/.replaced-old', 'c/new', 'c/.replaced-new']) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'x'), path);
  }
  for (const name of ['.replaced-', '.replaced-..', '.other'])
    writeFileSync(join(folder, name), '');
  await using server = await started(folder, { clock: handMovedClock(0) });
  expect(server.swept).toEqual([{ putBack: ['old', 'c/old'], images: [], uploads: 0 }]);
  for (const [path, content] of [
    ['/old/x', '.replaced-old'],
    ['/c/old/x', 'c/.replaced-old'],
    ['/c/new/x', 'c/new'],
  ] as const) {
    expect((await server.asUser('GET', path)).body.toString()).toBe(content);
  }
  expect(server.stored()).toEqual(['.other', '.replaced-', '.replaced-..', 'c', 'old']);
  expect(readdirSync(join(folder, 'c')).sort()).toEqual(['new', 'old']);
  expect(server.staged()).toEqual([]);
  rmSync(join(folder, '..'), { recursive: true });
});
