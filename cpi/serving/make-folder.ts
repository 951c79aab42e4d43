import * as nodeFiles from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CannotServe } from './cannot-serve.js';
import { syncFolder, type FileSystem } from './sync-folder.js';

type Sync = (path: string) => Promise<void>;

/**
 * Makes a folder, and those that lead to it, where there are none: it is still there after a power
 * cut, also where an earlier process made it and was killed before it could see to that.
 *
 * @throws CannotServe where its parent takes no folders, as in /proc; what Node says of the path.
 */
export async function makeFolder(
  path: string,
  mode: number,
  sync: Sync = syncFolder,
  fileSystem: FileSystem = nodeFiles,
): Promise<void> {
  const parent = dirname(resolve(path));
  const make = (): Promise<unknown> => fileSystem.mkdir(path, { mode });
  try {
    await make().catch(async (failure: unknown) => {
      if (codeOf(failure) !== 'ENOENT' || parent === path) throw failure;
      await makeFolder(parent, mode, sync, fileSystem);
      await make().catch((again: unknown) => {
        throw codeOf(again) === 'ENOENT' ? takesNone(path, parent, again) : again;
      });
    });
  } catch (failure) {
    const isThere = codeOf(failure) === 'EEXIST' && (await fileSystem.stat(path)).isDirectory();
    if (!isThere) throw failure;
    return syncIfAllowed(parent, sync);
  }
  await sync(parent);
  await syncIfAllowed(dirname(parent), sync);
}

function takesNone(path: string, parent: string, cause: unknown): CannotServe {
  const reason = `${parent} is there and takes no new folders (ENOENT)`;
  return new CannotServe(`${path} cannot be made: ${reason}; name another`, { cause });
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
