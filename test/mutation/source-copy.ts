// A copy of the sources and tests, in which a source can be changed and tests be run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const folders = ['cpi', 'simulator', 'bats-runner', 'test', 'ci', 'docs'];
const files = ['package.json', 'tsconfig.json', 'tsconfig.test.json'];
/** What programs are started from; none of the tests that are asked changes them. */
const links = ['node_modules', 'dist'];

export type Verdict = 'passes' | 'fails' | 'does not end';

export interface SourceCopy extends Disposable {
  readonly root: string;
  readonly write: (path: string, text: string) => void;
  /** Runs tests until one fails, or the time is over. */
  readonly test: (tests: readonly string[], limitMs: number) => Promise<Verdict>;
}

export function copySources(root: string): SourceCopy {
  const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
  for (const path of folders.flatMap((folder) => filesBelow(root, folder))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(root, path), join(copy, path));
  }
  for (const file of files) copyFileSync(join(root, file), join(copy, file));
  for (const link of links) symlinkSync(join(root, link), join(copy, link));
  return {
    root: copy,
    write: (path, text) => {
      writeFileSync(join(copy, path), text);
    },
    test: (tests, limitMs) => runTests(root, copy, tests, limitMs),
    [Symbol.dispose]: () => {
      rmSync(copy, { recursive: true, force: true });
    },
  };
}

async function runTests(
  root: string,
  copy: string,
  tests: readonly string[],
  limitMs: number,
): Promise<Verdict> {
  const runner = spawn(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      ...['test', '-c', 'test/playwright.config.ts', ...tests],
      ...['--reporter=dot', '--max-failures=1', '--workers=1'],
    ],
    // The same seed for each, so that none is noticed by luck; a group of its own, to be ended as a
    // whole.
    { cwd: copy, stdio: 'ignore', detached: true, env: { ...process.env, SEED: '1' } },
  );
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort();
    if (runner.pid !== undefined) process.kill(-runner.pid, 'SIGKILL');
  }, limitMs);
  const [status] = (await once(runner, 'close')) as [number | null];
  clearTimeout(timer);
  if (over.signal.aborted) return 'does not end';
  return status === 0 ? 'passes' : 'fails';
}

export function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
