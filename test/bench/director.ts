// Calls the CPI as Directors do: each call in a process of its own, which is handed its request by a
// pipe, and `info` in another before it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { InstalledCpi } from '../support/cpi-process.js';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

export class Director {
  readonly #cpi: InstalledCpi;
  /** What requests come through: Node would give its child a socket, which costs the CPI more. */
  readonly #idlePipes: string[];

  constructor(cpi: InstalledCpi, callsAtATime: number) {
    this.#cpi = cpi;
    this.#idlePipes = Array.from({ length: callsAtATime }, (_, index) =>
      join(cpi.folder, `request-${index}`),
    );
    execFileSync('mkfifo', this.#idlePipes, { env });
  }

  async call(method: string, args: readonly unknown[]): Promise<unknown> {
    const pipe = this.#idlePipes.pop();
    if (pipe === undefined) throw new Error(`too many calls at a time: ${method}`);
    const context = { director_uuid: 'bench', request_id: 'cpi-bench' };
    await this.#resultOf({ method: 'info', arguments: [], context, api_version: 2 }, pipe);
    const result = await this.#resultOf({ method, arguments: args, context, api_version: 2 }, pipe);
    this.#idlePipes.push(pipe);
    return result;
  }

  async #resultOf(request: object, pipe: string): Promise<unknown> {
    const child = this.#start(JSON.stringify(request), pipe);
    const [stdout, stderr] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'close'),
    ]);
    const { result, error } = JSON.parse(stdout) as { result: unknown; error: unknown };
    if (error === null) return result;
    throw new Error(`${JSON.stringify(request)} failed: ${stdout}\n${stderr}`);
  }

  /** The pipe is open for writing before it is for reading, and so holds the request for the child. */
  #start(request: string, pipe: string): ChildProcess {
    const { folder } = this.#cpi;
    const writer = openSync(pipe, 'r+');
    writeSync(writer, request);
    const reader = openSync(pipe, 'r');
    const child = spawn(join(folder, 'cpi'), ['--config', join(folder, 'cpi.json')], {
      env: { ...env, HOME: folder, TMPDIR: folder },
      stdio: [reader, 'pipe', 'pipe'],
    });
    closeSync(reader);
    closeSync(writer);
    return child;
  }
}
