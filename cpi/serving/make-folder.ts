import * as nodeFiles from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncFolder, type FileSystem } from './sync-folder.js';

type Sync = (path: string) => Promise<void>;

/**
 * Makes a folder, and those that lead to it, where there are none: it is still there after a power
 * cut, also where an earlier process made it and was killed before it could see to that.
 */
export async function makeFolder(
  path: string,
  mode: number,
  sync: Sync = syncFolder,
  fileSystem: FileSystem = nodeFiles,
): Promise<void> {
  const parent = dirname(resolve(path));
  try {
    await fileSystem.mkdir(path, { mode });
  } catch (failure) {
    const code = codeOf(failure);
    if (code === 'ENOENT' && parent !== path) {
      await makeFolder(parent, mode, sync, fileSystem);
      return makeFolder(path, mode, sync, fileSystem);
    }
    if (code !== 'EEXIST' || !(await fileSystem.stat(path)).isDirectory()) throw failure;
    return syncIfAllowed(parent, sync);
  }
  await sync(parent);
  await syncIfAllowed(dirname(parent), sync);
}

/** Who may not list a folder has not made any in it. */
async function syncIfAllowed(path: string, sync: Sync): Promise<void> {
  try {
    await sync(path);
  } catch (failure) {
    if (!['EACCES', 'EPERM', 'EINVAL'].includes(codeOf(failure) ?? '')) throw failure;
  }
}

function codeOf(failure: unknown): string | undefined {
  return (failure as NodeJS.ErrnoException).code;
}
