import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface ProcessLock {
  release(): Promise<void>;
}

/** Another process has the lock. */
export class Locked extends Error {
  override readonly name = 'Locked';
}

/**
 * A lock on a name in a folder that ends with its process, however that ends: a listening socket.
 * On Linux it has no file, and so no trace that a kill could leave. (It is seen within one network
 * namespace: two containers that share a volume do not see each other.)
 *
 * @throws Locked
 */
export async function lock(
  folder: string,
  name: string,
  platform: NodeJS.Platform = process.platform,
): Promise<ProcessLock> {
  const path = join(await realpath(folder), name);
  const address = addressOf(path, platform);
  // Who connects finds that somebody is there, and would otherwise keep the lock from its end.
  const server = createServer((socket) => socket.destroy()).unref();
  if (!(await listens(server, address)) && !(await clearedAway(address, server))) {
    throw new Locked(
      `Another process serves ${path}. Stop it first: two would overwrite each other's changes`,
    );
  }
  return {
    release: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** A name of the abstract kind where there is such, otherwise a file beside what is locked. */
export function addressOf(path: string, platform: NodeJS.Platform): string {
  if (platform !== 'linux') return `${path}.lock`;
  return `\0bosh-cpi-${createHash('sha256').update(path).digest('hex')}`;
}

async function listens(server: Server, address: string): Promise<boolean> {
  try {
    server.listen({ path: address });
    await once(server, 'listening');
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw failure;
  }
}

/** Takes over the socket file of a process that was killed: nobody answers there any more. */
async function clearedAway(address: string, server: Server): Promise<boolean> {
  if (address.startsWith('\0') || (await answers(address))) return false;
  await rm(address, { force: true });
  return listens(server, address);
}

async function answers(address: string): Promise<boolean> {
  const socket = connect({ path: address });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
