import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open, readdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { CannotServe } from './cannot-serve.js';

export interface ProcessLock {
  release(): Promise<void>;
}

/** Another process has the lock. */
export class Locked extends Error {
  override readonly name = 'Locked';
}

/**
 * A lock on a name in a folder that ends with its process, however that ends: a socket in the
 * folder on which somebody listens. Whoever reaches the folder finds it, by whatever path, from
 * whatever container of this machine; a socket that a killed process left is answered by nobody,
 * and removed.
 *
 * Each process puts up its own before it looks for others, and gives way if there is one: of two
 * that start at once one starts or none, never both.
 *
 * @param served what the message of Locked says that is served; the name in the folder if absent.
 * @throws Locked; CannotServe where the file system takes no sockets.
 */
export async function lock(folder: string, name: string, served?: string): Promise<ProcessLock> {
  const real = await realpath(folder);
  const prefix = `.${name}.lock-`;
  const what = served ?? join(real, name);
  const own = `${prefix}${randomUUID().slice(0, 8)}`;
  const reached = await reach(real);
  // Who connects finds that somebody is there, and would otherwise keep the lock from its end.
  const server = createServer((socket) => socket.destroy()).unref();
  const release = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    await closed;
    await reached.close();
  };
  try {
    server.listen({ path: reached.pathOf(own) });
    await once(server, 'listening');
  } catch (failure) {
    await reached.close();
    throw cannotLock(failure, real);
  }
  try {
    const names = await readdir(real);
    // Only another that starts takes it for one of the dead: that was there before.
    if (!names.includes(own)) throw locked(what);
    for (const other of names) {
      if (!other.startsWith(prefix) || other === own) continue;
      if (await answers(reached.pathOf(other))) throw locked(what);
      await rm(join(real, other), { force: true });
    }
  } catch (failure) {
    await release();
    throw failure;
  }
  return { release };
}

/** Node's message names a system call, and a socket that nobody knows. */
function cannotLock(cause: unknown, folder: string): CannotServe {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const reason = ['EPERM', 'EOPNOTSUPP', 'ENOTSUP'].includes(code)
    ? `its file system takes no sockets (${code}); name a folder on a disk of this machine, such as ext4`
    : message;
  return new CannotServe(`${folder} cannot be locked: ${reason}`, { cause });
}

function locked(path: string): Locked {
  return new Locked(
    `Another process serves ${path}. Stop it first: two would overwrite each other's changes`,
  );
}

interface Reached {
  readonly pathOf: (name: string) => string;
  readonly close: () => Promise<void>;
}

/** Addresses of sockets are short (107 bytes): a long path goes through the open folder instead. */
async function reach(folder: string): Promise<Reached> {
  if (Buffer.byteLength(folder) < 60) {
    return { pathOf: (name) => join(folder, name), close: () => Promise.resolve() };
  }
  const handle = await open(folder, 'r');
  return { pathOf: (name) => `/proc/self/fd/${handle.fd}/${name}`, close: () => handle.close() };
}

/** One that may not be spoken to belongs to somebody, too. */
async function answers(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return true;
  } catch (failure) {
    return !['ECONNREFUSED', 'ENOENT'].includes((failure as NodeJS.ErrnoException).code ?? '');
  } finally {
    socket.destroy();
  }
}
