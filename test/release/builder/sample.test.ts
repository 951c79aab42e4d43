// Proves that the builder makes of a tree what the real `bosh create-release` made of it
// (test/vectors/release): the same fingerprints, members, modes and manifest, with digests that fit;
// that what it makes is the same each time; and that it refuses what is at odds with itself.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { releaseTarball } from '../../../release/builder/release-tarball.js';
import { readReleaseTree } from '../../../release/builder/release-tree.js';
import { memberOf, readArchive, type ArchiveMember } from '../support/read-archive.js';

const vectors = fileURLToPath(new URL('../../vectors/release', import.meta.url));
const origin = { version: '1.2.3', commitHash: '74415ec', hasUncommittedChanges: false };

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  cpSync(join(vectors, 'sample'), folder, { recursive: true });
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (): Promise<ArchiveMember[]> =>
  readArchive(readFileSync(join(vectors, 'sample-1.2.3.tgz')));

const ours = async (): Promise<ArchiveMember[]> =>
  readArchive(await releaseTarball(readReleaseTree(folder), origin));

/** The manifest without the digests, which tell of the minute of the recording, too. */
function manifestOf(members: readonly ArchiveMember[]): string {
  return memberOf(members, 'release.MF')
    .toString()
    .replace(/sha256:\w+/g, 'sha256:…');
}

const isArchive = ({ name }: ArchiveMember): boolean => name.endsWith('.tgz');

/** What of members is to be equal: the mode of archives in the archive is that of a staging file. */
function told(members: readonly ArchiveMember[]): object[] {
  return members
    .filter(({ name }) => name !== 'release.MF')
    .map((one) => ({
      name: one.name,
      type: one.type,
      ...(isArchive(one) ? {} : { mode: one.mode, content: one.content.toString() }),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

test('fingerprints, manifest and members are those of bosh create-release', async () => {
  const [real, made] = [await recorded(), await ours()];
  expect(manifestOf(made)).toBe(manifestOf(real));
  expect(told(made)).toEqual(told(real));
  for (const { name, content } of real.filter(isArchive)) {
    const inner = await readArchive(content);
    expect(told(await readArchive(memberOf(made, name))), name).toEqual(told(inner));
  }
});

test('the digests are those of the archives', async () => {
  const made = await ours();
  const { jobs, packages, license } = parse(memberOf(made, 'release.MF').toString());
  const digests = [
    ...jobs.map((job: { name: string; sha1: string }) => [`jobs/${job.name}.tgz`, job.sha1]),
    ...packages.map((one: { name: string; sha1: string }) => [
      `packages/${one.name}.tgz`,
      one.sha1,
    ]),
    ['license.tgz', license.sha1],
  ];
  expect(digests).toHaveLength(made.filter(isArchive).length);
  for (const [name, digest] of digests) {
    const hash = createHash('sha256').update(memberOf(made, name));
    expect(digest, name).toBe(`sha256:${hash.digest('hex')}`);
  }
});

test('the same tree gives the same bytes, wherever and whenever it was written', async () => {
  const before = await releaseTarball(readReleaseTree(folder), origin);
  const elsewhere = `${folder}-moved`;
  renameSync(folder, elsewhere);
  utimesSync(join(elsewhere, 'LICENSE'), 1, 1);
  const after = await releaseTarball(readReleaseTree(elsewhere), origin);
  rmSync(elsewhere, { recursive: true });
  expect(after.equals(before)).toBe(true);
});

test('nothing in it tells when and by whom it was made', async () => {
  const outer = await ours();
  const inner = await Promise.all(
    outer.filter(isArchive).map(({ content }) => readArchive(content)),
  );
  const origins = [outer, ...inner].flat().map(({ origin: told }) => told);
  expect(origins.length).toBeGreaterThan(20);
  expect(new Set(origins)).toEqual(new Set(['0 0 root root 2000-01-01T00:00:00.000Z']));
  const madeBefore = outer.filter(isArchive).map(({ content }) => content.readUInt32LE(4));
  expect(new Set(madeBefore), 'the time in the head of gzip').toEqual(new Set([0]));
});

const fingerprints = (): Record<string, string> => {
  const { jobs, packages } = readReleaseTree(folder);
  return Object.fromEntries([...jobs, ...packages].map((one) => [one.name, one.fingerprint]));
};

for (const [change, make, changed] of [
  ['a file', () => writeFileSync(at('src/other/data.txt'), 'else'), ['other_pkg']],
  ['a run bit', () => chmodSync(at('src/other/data.txt'), 0o755), ['other_pkg']],
  ['a template', () => writeFileSync(at('jobs/sample_cpi/templates/cpi.erb'), ''), ['sample_cpi']],
  [
    'a packaging script',
    () => writeFileSync(at('packages/other_pkg/packaging'), ''),
    ['other_pkg'],
  ],
  [
    'the run bit of a packaging script',
    () => chmodSync(at('packages/other_pkg/packaging'), 0o755),
    [],
  ],
  ['the monit file', () => rmSync(at('jobs/sample_cpi/monit')), ['sample_cpi']],
  ['a dependency', () => edit('packages/sample_pkg/spec', /- other_pkg/, ''), ['sample_pkg']],
] as const) {
  test(`a change of ${change} changes the fingerprints that it should: ${changed.join()}`, () => {
    const before = fingerprints();
    make();
    const after = fingerprints();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(changed);
  });
}

for (const [fault, make, message] of [
  [
    'no file fits',
    () => edit('packages/other_pkg/spec', /data/, 'date'),
    'no file in src/ is a other/date.txt',
  ],
  ['a link', () => symlinkSync('data.txt', at('src/other/link')), /src\/other\/link is a link/],
  [
    'an unknown package',
    () => edit('jobs/sample_cpi/spec', /- sample_pkg/, '- no_pkg'),
    'sample_cpi needs no_pkg, which is not here',
  ],
  [
    'a job of another name',
    () => edit('jobs/sample_cpi/spec', /name: sample_cpi/, 'name: other'),
    'jobs/sample_cpi/spec says that the job is other',
  ],
  [
    'a package of another name',
    () => edit('packages/other_pkg/spec', /name: other_pkg/, 'name: other'),
    'packages/other_pkg/spec says that it is other',
  ],
  [
    'a script before packaging',
    () => writeFileSync(at('packages/other_pkg/pre_packaging'), ''),
    /pre_packaging is not run here/,
  ],
  [
    'a template that is not there',
    () => rmSync(at('jobs/sample_cpi/templates/cpi.erb')),
    /ENOENT.*cpi\.erb/,
  ],
] as const) {
  test(`refused: ${fault}`, () => {
    make();
    expect(() => readReleaseTree(folder)).toThrow(message);
  });
}

function at(path: string): string {
  return join(folder, path);
}

function edit(path: string, from: RegExp, to: string): void {
  const text = readFileSync(at(path), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(at(path), text.replace(from, to));
}
