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

/** What an operator can do about failures of the file system. */
const advices: Readonly<Record<string, string>> = {
  EACCES: 'give the user of the server the right to read and write there',
  EPERM: 'give the user of the server the right to read and write there, on a disk with hard links',
  EROFS: 'its disk can only be read: the log of the machine says why; mount it to be written',
  EIO: 'its disk is broken: the log of the machine says more; put the folder on another one',
  EMFILE: 'raise the limit of open files of the server (ulimit -n)',
  ENFILE: 'raise the limit of open files of the machine (fs.file-max)',
  ENOSPC: 'make room on its disk',
  EDQUOT: 'raise the quota of the user of the server, or make room',
  ENOENT: 'put back what is missing, or restart the server, which makes its folders anew',
};

/**
 * A failure of the file system as it is told the operator: what it kept from being done, and what
 * to do. Others, whose message says that already, stay as they are.
 */
export function withAdvice(failure: unknown, work: string): unknown {
  if (!(failure instanceof Error) || !('errno' in failure)) return failure;
  const advice = advices[codeOf(failure) ?? ''] ?? 'the log of the machine may say more';
  return new Error(`${work} failed: ${failure.message}; ${advice}`, { cause: failure });
}
