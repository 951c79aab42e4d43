// Runs a client's flow against a stemcell server of its own, and looks afterwards at what the server
// saw and holds: a flow that reached nobody, or left something behind, has not worked.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../cpi/stemcell-server/running-server.js';
import { output, probe } from './run-client.js';
import { readLitmus, type LitmusSuite } from './litmus-output.js';
import { shortfalls, type WebdavClient } from './webdav-clients.js';

export type WebdavOutcome =
  | { readonly kind: 'not installed' }
  | {
      readonly kind: 'worked';
      readonly version: string;
      /** The methods that it used. */
      readonly methods: readonly string[];
      /** Where it is one that judges. */
      readonly suites: readonly LitmusSuite[];
    }
  | { readonly kind: 'failed'; readonly version: string; readonly reason: string };

/** Not every client writes other characters as this server reads them (UTF-8). */
const account = { username: 'operator', password: 'a-password' };

export async function runWebdavClient(client: WebdavClient): Promise<WebdavOutcome> {
  const installed = await probe(client);
  if (installed === undefined) return { kind: 'not installed' };
  const { version } = installed;
  const folder = mkdtempSync(join(tmpdir(), 'stranger-'));
  await using server = await startServer({ users: [account] });
  const [program = '', ...args] = client.command;
  try {
    const environment = {
      STEMCELLS_URL: server.url,
      STEMCELLS_USER: account.username,
      STEMCELLS_PASSWORD: account.password,
      NO_PROXY: '127.0.0.1',
    };
    const told = await output(program, args, environment, folder);
    const suites = readLitmus(told);
    assertExpected(suites);
    const left = server.stored().filter((name) => !isLitmus(name));
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
    if (server.failures.length > 0)
      throw new Error(`the server failed: ${String(server.failures)}`);
    const methods = [...new Set(server.access.map(({ method }) => method))].sort();
    if (methods.length === 0) throw new Error('the server was never asked for anything');
    return { kind: 'worked', version, methods, suites };
  } catch (error) {
    return { kind: 'failed', version, reason: String(error) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** litmus leaves its collection to be looked at. */
function isLitmus(name: string): boolean {
  return name === 'litmus';
}

/** Throws unless the server falls short of a judge exactly where that is known. */
function assertExpected(suites: readonly LitmusSuite[]): void {
  for (const { name, failed } of suites) {
    const known = shortfalls.filter(({ suite }) => suite === name).flatMap(({ tests }) => tests);
    const unknown = failed.filter((test) => !known.includes(test));
    if (unknown.length > 0) throw new Error(`litmus ${name}: ${unknown.join(', ')}`);
  }
}
