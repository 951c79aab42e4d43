// Proves that a release says which commit it is of, in the same digits in every clone, and whether the
// checkout had been changed; and that a folder without git gives one, too.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { originOf } from '../../../release/builder/origin.js';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' });

for (const digits of [4, 20]) {
  test(`where git would say ${digits} digits it is ten, too`, () => {
    git('init', '--quiet');
    git('config', 'core.abbrev', String(digits));
    const author = ['-c', 'user.name=me', '-c', 'user.email=me@example.com'];
    git(...author, 'commit', '--quiet', '--allow-empty', '--message', 'first');
    const commitHash = git('rev-parse', 'HEAD').slice(0, 10);
    const clean = { version: '1', commitHash, hasUncommittedChanges: false };
    expect(originOf(folder, '1')).toEqual(clean);
    writeFileSync(join(folder, 'new'), '');
    expect(originOf(folder, '1')).toEqual({ ...clean, hasUncommittedChanges: true });
  });
}

test('a folder without git is told as bosh create-release tells it', () => {
  expect(originOf(folder, '2')).toEqual({
    version: '2',
    commitHash: 'non-git',
    hasUncommittedChanges: false,
  });
});
