// Proves that a folder is made with all that lead to it, and that one whose parent takes no folders,
// or is none, is refused at once with a sentence instead of being tried for ever.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { CannotServe } from '../../../cpi/serving/cannot-serve.js';
import { makeFolder } from '../../../cpi/serving/make-folder.js';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folders-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('all that is missing is made, and what is there is taken', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await makeFolder(path, 0o700);
  await makeFolder(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('below a file nothing is made', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'), 0o700)).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(folder, 'file', 'a'), 0o700)).rejects.toThrow('ENOTDIR');
});

for (const path of ['/proc/no-such-folder', '/proc/no-such-folder/below']) {
  test(`${path} is refused`, async () => {
    const failure = await makeFolder(path, 0o700).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(CannotServe);
    expect((failure as Error).message).toBe(
      '/proc/no-such-folder cannot be made: /proc is there and takes no new folders (ENOENT); ' +
        'name another',
    );
  });
}
