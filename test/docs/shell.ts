// Runs what stands in the blocks of a page, by bash, in a folder of its own. The CPI is the one that was
// built, against a simulated cloud; programs that need a Director, a cloud's administrator or a download
// are there by name only: they note how they are called, and answer what they are told to.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listen } from '../../simulator/doors/listen.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { unmeasured } from '../support/coverage.js';
import { root } from './page.js';

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...args: string[]];

export interface Surroundings {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What a program prints, by how its command line begins. */
  readonly answers?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
  /** Those of the programs that are there by name only, in their order. */
  readonly calls: readonly CommandLine[];
  readonly simulator: Simulator;
  /** The folder, until it is disposed of. */
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Those that are there by name only. */
const noted = ['bosh', 'cmk', 'git', 'npm', 'guestfish', 'pg_dump', 'ssh'];

/** Neither may be in an argument. */
const [betweenWords, betweenLines] = ['\u001f', '\u001e'];

/** Runs a script; the configuration of the CPI is in the folder, as `cpi.json`. */
export async function runShell(
  script: string,
  { files = {}, env = {}, answers = {} }: Surroundings = {},
): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const simulator = createSimulator({
    world: { ...advancedKvm, startTime: new Date().toISOString() },
    clock: 'on-poll',
  });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  writeFileSync(join(folder, 'cpi.json'), cpiJson(simulator, origin));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const notes = join(folder, 'notes');
  writeFileSync(notes, '');
  for (const name of noted) writeProgram(bin, name, notingScript(name, notes, answers));
  const cpi = `exec ${process.execPath} ${root}dist/bundle/cloudstack-cpi.cjs`;
  writeProgram(bin, 'cloudstack-cpi', `${cpi} "$@"`);
  writeProgram(bin, 'cpi', `${cpi} --config ${folder}/cpi.json "$@"`);
  writeProgram(bin, 'npx', '"$@"');
  const child = spawn('bash', ['-c', `set -euo pipefail\n${script}`], {
    cwd: folder,
    env: { ...unmeasured, ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    status: await ended,
    output: stdout + stderr,
    calls: readFileSync(notes, 'utf8')
      .split(betweenLines)
      .filter((line) => line !== '')
      .map((line) => line.split(betweenWords).slice(0, -1) as unknown as CommandLine),
    simulator,
    folder,
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await close();
    },
  };
}

function cpiJson(simulator: Simulator, origin: string): string {
  const { apiKey, secretKey } = simulator.userWithRole('User');
  return JSON.stringify({
    cloudstack: {
      endpoint: `${origin}/client/api`,
      api_key: apiKey,
      secret_access_key: secretKey,
      default_zone: 'zone1',
      poll: { first_ms: 1, cap_ms: 1 },
    },
    agent: { mbus: 'nats://10.0.0.6:4222' },
  });
}

function writeProgram(bin: string, name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function notingScript(
  name: string,
  notes: string,
  answers: Readonly<Record<string, string>>,
): string {
  const cases = Object.entries(answers)
    .filter(([start]) => start.startsWith(`${name} `))
    .map(([start, answer]) => `'${start}'*) printf '%s\\n' '${answer}' ;;`);
  return [
    `{ printf '%s${betweenWords}' ${name} "$@"; printf '${betweenLines}'; } >> ${notes}`,
    `case "${name} $*" in ${cases.join(' ')} *) ;; esac`,
  ].join('\n');
}
