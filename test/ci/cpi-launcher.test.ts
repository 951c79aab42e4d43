// Proves that the bundles of the CPI answer with compiled code, without it, with damaged caches and
// with those of another version, that only --write-code-cache writes them, and the build made them.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { unmeasured } from '../support/coverage.js';
import { errorOf, resultOf } from '../support/director-response.js';

const bundles = fileURLToPath(new URL('../../dist/bundle', import.meta.url));

interface Installation {
  /** The paths of all caches. */
  readonly caches: () => string[];
  /** Asks for `info`, and for a method that there is not: the first needs one bundle, the other two. */
  readonly call: (...options: readonly string[]) => void;
  [Symbol.dispose](): void;
}

const cachesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('cloudstack-cpi') && name.includes('.cache'))
    .map((name) => join(folder, name))
    .sort();

/** The files of the CPI somewhere else, without caches. */
function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'cpi launcher-'));
  for (const name of readdirSync(bundles).filter((entry) => entry.startsWith('cloudstack-cpi'))) {
    cpSync(join(bundles, name), join(folder, name), { recursive: true });
  }
  for (const cache of cachesIn(folder)) rmSync(cache);
  const ask = (method: string, options: readonly string[]): string => {
    const request = { method, arguments: [], context: { director_uuid: 'd' } };
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(folder, 'cloudstack-cpi.cjs'), ...options],
      { input: JSON.stringify(request), encoding: 'utf8', env: unmeasured },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout;
  };
  return {
    caches: () => cachesIn(folder),
    call: (...options) => {
      expect(resultOf('info', 2, ask('info', options))).toMatchObject({ api_version: 3 });
      expect(errorOf(ask('no_method', options)).message).toMatch(/no method of the CPI API/);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test('the build has made caches for the Node that built it', () => {
  const names = cachesIn(bundles).map((path) => basename(path));
  const suffix = `${process.version}-${process.arch}.cache`;
  expect(names).toEqual([`serve-call.cjs.${suffix}`, `start.cjs.${suffix}`]);
});

test('without a cache it answers, and writes none', () => {
  using cpi = install();
  cpi.call();
  expect(cpi.caches()).toEqual([]);
});

test('calls with --write-code-cache write them, later calls use them and leave them alone', () => {
  using cpi = install();
  cpi.call('--write-code-cache', '--config', 'none.json');
  const caches = cpi.caches();
  expect(caches).toHaveLength(2);
  const before = caches.map((path) => readFileSync(path));
  cpi.call();
  expect(cpi.caches()).toEqual(caches);
  expect(caches.map((path) => readFileSync(path))).toEqual(before);
});

for (const [damage, damaged] of [
  ['empty', () => Buffer.alloc(0)],
  ['no caches at all', () => Buffer.from('x'.repeat(1_000))],
  ['cut off', (cache: Buffer) => cache.subarray(0, cache.length >> 1)],
  [
    'of another version',
    (cache: Buffer) => Buffer.concat([Buffer.alloc(16, 7), cache.subarray(16)]),
  ],
] as const) {
  test(`caches that are ${damage} are not used`, () => {
    using cpi = install();
    cpi.call('--write-code-cache');
    for (const path of cpi.caches()) writeFileSync(path, damaged(readFileSync(path)));
    cpi.call();
  });
}
