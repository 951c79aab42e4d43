// Every change of names, ended at each of its operations on disk: by a kill, after which the next
// start finds what was there before or what was to come, and nothing besides; or by a failure, after
// which the change has either been made or left everything as it was.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { fileChanges, type FileChanges } from '../../../cpi/stemcell-server/file-changes.js';
import { ImageFolder } from '../../../cpi/stemcell-server/image-folder.js';
import { RunningDownloads } from '../../../cpi/stemcell-server/running-downloads.js';
import { sweep } from '../../../cpi/stemcell-server/sweep.js';
import { storedIn } from './running-server.js';
import { systemError } from './small-disk.js';

type Change = (folder: ImageFolder) => Promise<unknown>;

async function* content(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from('new'));
}

const put =
  (path: readonly string[]): Change =>
  (folder) =>
    folder.store(path, content(), { bytesMax: 10, isMet: () => true });
const move =
  (from: readonly string[], to: readonly string[]): Change =>
  (folder) =>
    folder.move(from, to, { mayOverwrite: true });
const copy =
  (from: readonly string[], to: readonly string[]): Change =>
  (folder) =>
    folder.copy(from, to, { mayOverwrite: true, isDeep: true });

const arrangements: readonly (readonly [string, from: readonly string[], to: readonly string[]])[] =
  [
    ['an image to where nothing is', ['a'], ['c', 'new']],
    ['an image onto another', ['a'], ['c', 'b']],
    ['an image onto a collection', ['a'], ['c', 'deep']],
    ['a collection to where nothing is', ['c'], ['other', 'new']],
    ['a collection onto another', ['c'], ['other']],
    ['a collection onto an image', ['c'], ['a']],
  ];

const changes: readonly (readonly [what: string, change: Change])[] = [
  ['PUT of a new image', put(['c', 'new'])],
  ['PUT in the place of an image', put(['c', 'b'])],
  ['DELETE of an image', (folder) => folder.remove(['c', 'b'])],
  ['DELETE of a collection', (folder) => folder.remove(['c'])],
  ['MKCOL', (folder) => folder.makeCollection(['c', 'new'])],
  ['MOVE of an image onto its own second name', move(['a'], ['twin'])],
  ...arrangements.flatMap(([what, from, to]) => [
    [`MOVE of ${what}`, move(from, to)] as const,
    [`COPY of ${what}`, copy(from, to)] as const,
  ]),
];

/** A folder with images, one of which has two names, and collections. */
function filled(): string {
  const root = mkdtempSync(join(tmpdir(), 'stopped-'));
  for (const path of ['c', 'c/deep', 'other']) mkdirSync(join(root, path));
  for (const path of ['a', 'c/b', 'c/deep/d', 'other/e']) writeFileSync(join(root, path), path);
  linkSync(join(root, 'a'), join(root, 'twin'));
  return root;
}

/** All that there is, also what the server hides; of the same files only if they are asked for. */
function treeOf(root: string, isOfSameFiles: boolean, path = ''): string[] {
  const names = path === '' ? storedIn(root) : readdirSync(join(root, path)).sort();
  return names.flatMap((name) => {
    const at = join(path, name);
    const stats = lstatSync(join(root, at));
    if (stats.isDirectory()) return [`${at}/`, ...treeOf(root, isOfSameFiles, at)];
    const text = readFileSync(join(root, at), 'utf8');
    return [`${at}: ${text}${isOfSameFiles ? ` (${stats.ino})` : ''}`];
  });
}

type Ending = 'killed before' | 'killed after' | 'failing' | 'failing from there on';

interface Ended {
  readonly files: FileChanges;
  readonly operations: () => number;
  /** Resolves when the process is as good as killed. */
  readonly killed: Promise<void>;
  /** From now on operations count. */
  readonly begin: () => void;
}

/** The real files, but for what becomes of their operation of a number, and of those after it. */
function endedAt(number: number, ending: Ending): Ended {
  let operations = -Infinity;
  let kill = (): void => undefined;
  const killed = new Promise<void>((resolve) => (kill = resolve));
  const end = async (work: () => Promise<unknown>): Promise<unknown> => {
    if (ending.startsWith('failing')) throw systemError('EIO', 'i/o error');
    if (ending === 'killed after' && operations === number) await work();
    kill();
    return new Promise(() => undefined);
  };
  const wrapped = Object.entries(fileChanges).map(([name, real]) => [
    name,
    (...paths: readonly [string, string]): Promise<unknown> => {
      operations += 1;
      // It takes long, and no power is cut here.
      const work = (): Promise<unknown> =>
        name === 'syncFolder' ? Promise.resolve() : (real as FileChanges['rename'])(...paths);
      const isHit = ending === 'failing' ? operations === number : operations >= number;
      return isHit ? end(name === 'openNew' ? () => Promise.resolve() : work) : work();
    },
  ]);
  return {
    files: Object.fromEntries(wrapped) as FileChanges,
    operations: () => operations,
    killed,
    begin: () => (operations = 0),
  };
}

async function opened(root: string, ended: Ended): Promise<ImageFolder> {
  const { files } = ended;
  const folder = await ImageFolder.open(root, {
    newId: randomUUID,
    onFailure: () => undefined,
    files,
  });
  ended.begin();
  return folder;
}

/** As a process does that is started; where it is killed meanwhile, it ends there. */
async function started(root: string, ended: Ended): Promise<void> {
  const downloads = new RunningDownloads();
  const problems: unknown[] = [];
  const swept = sweep({
    folder: await opened(root, ended),
    downloads,
    nowMs: 0,
    imagesOlderThanMs: undefined,
    onFailure: (failure) => problems.push(failure),
  });
  await Promise.race([swept, ended.killed]);
  assert.deepEqual(problems, []);
}

const never = (): Ended => endedAt(Infinity, 'killed before');

interface Outcome {
  readonly root: string;
  readonly before: readonly string[];
  readonly how: 'made' | 'failed' | 'killed';
  readonly operations: number;
}

/** What comes of a change whose operation of a number ends it. */
async function outcomeOf(change: Change, number: number, ending: Ending): Promise<Outcome> {
  const root = filled();
  const before = treeOf(root, true);
  const ended = endedAt(number, ending);
  const folder = await opened(root, ended);
  const how = await Promise.race([
    change(folder).then(
      () => 'made' as const,
      () => 'failed' as const,
    ),
    ended.killed.then(() => 'killed' as const),
  ]);
  return { root, before, how, operations: ended.operations() };
}

/** What clients see of it: what could not be cleared away is for the next sweep. */
function shown(tree: readonly string[]): string[] {
  return tree.filter((line) => !/(^|\/)\./.test(line));
}

function removed(root: string): void {
  rmSync(root, { recursive: true, force: true });
}

for (const [what, change] of changes) {
  test(`${what}, ended anywhere, is made or not, and leaves nothing`, async () => {
    const whole = await outcomeOf(change, Infinity, 'killed before');
    const after = treeOf(whole.root, false);
    const before = whole.before.map((line) => line.replace(/ \(\d+\)$/, ''));
    expect(whole.how).toBe('made');
    expect(after).not.toEqual(before);
    const isOneOfBoth = (root: string, at: string): void => {
      const found = treeOf(root, false);
      assert.ok(
        [before, after].some((tree) => tree.join() === found.join()),
        `${at}: ${found.join()}`,
      );
      assert.deepEqual(readdirSync(join(root, '.staging')), [], at);
    };
    for (let number = 1; number <= whole.operations; number += 1) {
      for (const ending of ['killed before', 'killed after'] as const) {
        const at = `${ending} operation ${number}`;
        const { root, how } = await outcomeOf(change, number, ending);
        assert.equal(how, 'killed', at);
        for (let second = 1, isKilled = true; isKilled; second += 1) {
          const start = endedAt(second, ending);
          await started(root, start);
          isKilled = start.operations() >= second;
        }
        isOneOfBoth(root, at);
        removed(root);
      }
      const failing = await outcomeOf(change, number, 'failing');
      const isMade = failing.how === 'made';
      assert.deepEqual(
        isMade ? shown(treeOf(failing.root, false)) : treeOf(failing.root, true),
        isMade ? after : failing.before,
        `${failing.how} with operation ${number} failing`,
      );
      const broken = await outcomeOf(change, number, 'failing from there on');
      for (const { root } of [failing, broken]) {
        await started(root, never());
        isOneOfBoth(root, `failing at operation ${number}`);
        removed(root);
      }
    }
    removed(whole.root);
  });
}

test('where taking back fails as well the operator is told, and the next start puts things right', async () => {
  const root = filled();
  const before = treeOf(root, true);
  const files = { ...never().files };
  let renames = 0;
  const folder = await opened(root, {
    ...never(),
    files: {
      ...files,
      rename: (from, to) => {
        renames += 1;
        return renames === 1
          ? files.rename(from, to)
          : Promise.reject(systemError('EIO', 'broken'));
      },
    },
  });
  await expect(move(['c'], ['other'])(folder)).rejects.toThrow(
    /^names could not be changed \(EIO: broken\), and what was done of it could not be taken back.*; what was there is \S+\/\.replaced-other until /,
  );
  expect(treeOf(root, true)).not.toEqual(before);
  await started(root, never());
  expect(treeOf(root, true)).toEqual(before);
  removed(root);
});

/** Its disk fails to sync the next change, and to take it back. */
async function openedToFailTwice(root: string): ReturnType<typeof opened> {
  const { files, ...ended } = never();
  let [isOpen, isBroken] = [false, false];
  const broken = (): Promise<never> => Promise.reject(systemError('EIO', 'broken'));
  const folder = await opened(root, {
    ...ended,
    files: {
      ...files,
      syncFolder: (path) => {
        isBroken = isOpen;
        return isBroken ? broken() : files.syncFolder(path);
      },
      rename: (from, to) => (isBroken ? broken() : files.rename(from, to)),
    },
  });
  isOpen = true;
  return folder;
}

for (const [what, change] of [
  ['an image that is replaced', put(['c', 'b'])],
  ['an image that is removed', (folder) => folder.remove(['c', 'b'])],
  ['a collection that is removed', (folder) => folder.remove(['c'])],
] as const satisfies readonly (readonly [string, Change])[]) {
  test(`${what} and cannot be taken back stays aside, and the operator is told where`, async () => {
    const root = filled();
    const folder = await openedToFailTwice(root);
    const failure = await change(folder).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    const [, aside = ''] =
      /what was there is (\S+) until the server is started again/.exec(failure?.message ?? '') ??
      [];
    const kept = lstatSync(aside).isDirectory() ? join(aside, 'b') : aside;
    expect(readFileSync(kept, 'utf8')).toBe('c/b');
    await folder.sweepStaging();
    expect(readFileSync(kept, 'utf8'), 'no sweep takes it').toBe('c/b');
    removed(root);
  });
}

test('a collection that is replaced and cannot be taken back is told, with its place', async () => {
  const root = filled();
  const folder = await openedToFailTwice(root);
  const place = join(root, '.replaced-other');
  await expect(move(['c'], ['other'])(folder)).rejects.toThrow(
    `what was there is ${place} until the next sweep (at a start, and every hour): copy it from ` +
      'there before',
  );
  expect(readFileSync(join(place, 'e'), 'utf8')).toBe('other/e');
  // As the page says: the new one is there, so the sweep lets the old one go.
  await started(root, never());
  expect(readdirSync(root)).not.toContain('.replaced-other');
  expect(readFileSync(join(root, 'other', 'b'), 'utf8')).toBe('c/b');
  removed(root);
});

for (const [what, change] of [
  ['removed', (folder) => folder.remove(['other'])],
  ['moved', move(['other'], ['elsewhere'])],
] as const satisfies readonly (readonly [string, Change])[]) {
  test(`what could not be cleared away does not come back when its successor is ${what}`, async () => {
    const root = filled();
    const { files, ...ended } = never();
    let isBroken = true;
    const folder = await opened(root, {
      ...ended,
      files: {
        ...files,
        rename: (from, to) =>
          isBroken && from.includes('.replaced-')
            ? Promise.reject(systemError('EIO', 'broken'))
            : files.rename(from, to),
      },
    });
    await move(['c'], ['other'])(folder);
    expect(readdirSync(root)).toContain('.replaced-other');
    isBroken = false;
    await change(folder);
    const after = treeOf(root, false);
    expect(after.filter((line) => line.includes('replaced') || line.startsWith('other'))).toEqual(
      [],
    );
    await started(root, never());
    expect(treeOf(root, false)).toEqual(after);
    removed(root);
  });
}
