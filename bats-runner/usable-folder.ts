import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './usage-error.js';

/** Makes a folder that an option names. Throws UsageError if it cannot be made or written into. */
export function makeUsableFolder(option: string, folder: string): void {
  try {
    makeFolder(resolve(folder));
    rmdirSync(mkdtempSync(join(folder, '.usable-')));
  } catch (failure) {
    throw new UsageError(
      `${option} ${folder} is no folder that files can be written into: ${(failure as Error).message}`,
    );
  }
}

/** By itself mkdirSync never comes to an end where the system denies that the parent exists (/proc). */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}
