/**
 * Why a program that serves did not start, and what to do, for its log: Node's own messages name a
 * system call.
 */
export function startFailure(failure: unknown, configPath: string): string {
  if (failure instanceof AggregateError) {
    return failure.errors.map((one) => startFailure(one, configPath)).join('; ');
  }
  const { code = '', path, message } = failure as NodeJS.ErrnoException;
  if (path === undefined) return message;
  return `${path} cannot be used: ${reasonOf(code, message)}; mend that, or name another in ${configPath}`;
}

/** Why a file that the command line names cannot be read or written. */
export function fileFailure(what: string, path: string, failure: unknown): Error {
  const { code = '', message } = failure as NodeJS.ErrnoException;
  return new Error(`${what} ${path}: ${reasonOf(code, message)}`, { cause: failure });
}

function reasonOf(code: string, message: string): string {
  const reason = reasons[code];
  return reason === undefined ? message : `${reason} (${code})`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'what should be a folder on its way is none',
  EEXIST: 'something else is in its place',
  EISDIR: 'it is a folder',
  EACCES: 'the user of the process has no right to it',
  EPERM: 'the user of the process has no right to it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota of the user of the process is used up',
};
