/** The code of a failure of the file system: `ENOENT`. */
export function codeOf(failure: unknown): string | undefined {
  return failure instanceof Error && 'code' in failure ? String(failure.code) : undefined;
}

/** Whether there is no room for what was to be written: on the disk, in a quota, in a file. */
export function isNoSpace(failure: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(failure) ?? '');
}

/** For `catch`, where it is no failure that something is not there. */
export function unlessGone(failure: unknown): undefined {
  if (codeOf(failure) !== 'ENOENT') throw failure as Error;
  return undefined;
}

/** The folder of the images is not there any more. */
export class FolderGone extends Error {
  override readonly name = 'FolderGone';

  constructor(path: string) {
    super(`${path} is not there any more: put it back, or restart the server, which makes it anew`);
  }
}
