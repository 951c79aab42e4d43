// Proves that the bundle of the CPI answers with compiled code, without it, with a damaged cache and
// with one of another version, that only --write-code-cache writes one, and that the build made one.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const bundles = fileURLToPath(new URL('../../dist/bundle', import.meta.url));
const ofCpi = (name: string): boolean => name.startsWith('cloudstack-cpi');
const isCache = (name: string): boolean => name.includes('.cache');

interface Installation {
  readonly caches: () => string[];
  readonly info: (...options: readonly string[]) => unknown;
  readonly path: (name: string) => string;
  [Symbol.dispose](): void;
}

/** The files of the CPI somewhere else, without a cache. */
function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'cpi launcher-'));
  const files = readdirSync(bundles).filter((name) => ofCpi(name) && !isCache(name));
  for (const name of files) cpSync(join(bundles, name), join(folder, name));
  const info: Installation['info'] = (...options) => {
    const request = { method: 'info', arguments: [], context: { director_uuid: 'd' } };
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(folder, 'cloudstack-cpi.cjs'), ...options],
      { input: JSON.stringify(request), encoding: 'utf8' },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return (JSON.parse(stdout) as { result: unknown }).result;
  };
  return {
    caches: () => readdirSync(folder).filter(isCache),
    info,
    path: (name) => join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

const expected = { api_version: 3 };

test('the build has made a cache for the Node that built it', () => {
  const caches = readdirSync(bundles).filter((name) => ofCpi(name) && isCache(name));
  expect(caches).toHaveLength(1);
  expect(caches[0]).toContain(process.version);
});

test('without a cache it answers, and writes none', () => {
  using cpi = install();
  expect(cpi.info()).toMatchObject(expected);
  expect(cpi.caches()).toEqual([]);
});

test('a call with --write-code-cache writes one, which later calls use and leave alone', () => {
  using cpi = install();
  expect(cpi.info('--write-code-cache', '--config', 'none.json')).toMatchObject(expected);
  const [cache, ...others] = cpi.caches();
  expect(others).toEqual([]);
  const bytes = readFileSync(cpi.path(cache!));
  expect(cpi.info()).toMatchObject(expected);
  expect(readFileSync(cpi.path(cache!)).equals(bytes)).toBe(true);
});

for (const [damage, damaged] of [
  ['empty', () => Buffer.alloc(0)],
  ['no cache at all', () => Buffer.from('x'.repeat(1_000))],
  ['cut off', (cache: Buffer) => cache.subarray(0, cache.length >> 1)],
  [
    'of another version',
    (cache: Buffer) => Buffer.concat([Buffer.alloc(16, 7), cache.subarray(16)]),
  ],
] as const) {
  test(`a cache that is ${damage} is not used`, () => {
    using cpi = install();
    cpi.info('--write-code-cache');
    const path = cpi.path(cpi.caches()[0]!);
    writeFileSync(path, damaged(readFileSync(path)));
    expect(cpi.info()).toMatchObject(expected);
  });
}
