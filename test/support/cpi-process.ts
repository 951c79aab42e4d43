// Starts the built CPI as a Director does: through a sh wrapper with Node's absolute path, with an
// environment of PATH, HOME and TMPDIR only, in a working directory that is not ours: the bundle, which
// is what a Director starts, or, where coverage is to be measured, the compiled files. Whatever it
// writes, a call that tells a secret of its configuration rejects.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { measuring } from './coverage.js';
import { mustNotTell, secretsOf } from './secrets-kept.js';

export const programs = {
  compiled: fileURLToPath(new URL('../../dist/cpi/bin/cloudstack-cpi.js', import.meta.url)),
  bundle: fileURLToPath(new URL('../../dist/bundle/cloudstack-cpi.cjs', import.meta.url)),
};

export interface FinishedCall {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

export interface RunningCall {
  child: ChildProcess;
  finished: Promise<FinishedCall>;
}

export interface InstalledCpi {
  folder: string;
  /** Writes the request to stdin, closes it, and waits for the end. */
  call(input: string | object, options?: readonly string[]): Promise<FinishedCall>;
  /** The same, without waiting. Without input, stdin stays open for the test to write to. */
  start(input: string | object | undefined, options?: readonly string[]): RunningCall;
  [Symbol.dispose](): void;
}

/** Installs the CPI with this text as cpi.json; without a text there is no such file. */
export function installCpi(
  configuration?: string | object,
  program: keyof typeof programs = 'compiled',
): InstalledCpi {
  const folder = mkdtempSync(join(tmpdir(), 'cpi-'));
  const config = join(folder, 'cpi.json');
  if (configuration !== undefined) writeFileSync(config, asText(configuration));
  const executable = join(folder, 'cpi');
  writeFileSync(executable, wrapper(program));
  chmodSync(executable, 0o755);
  const start: InstalledCpi['start'] = (input, options = ['--config', config]) => {
    const child = spawn(executable, options, {
      cwd: folder,
      env: {
        ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, TMPDIR: folder },
        NODE_V8_COVERAGE: program === 'compiled' ? measuring?.folder : undefined,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stdin.on('error', () => undefined);
    if (input !== undefined) child.stdin.end(asText(input));
    const finished = Promise.all([text(child.stdout), text(child.stderr), exit]).then(
      ([stdout, stderr, exitCode]) => {
        const secrets = [...secretsOf(configuration), ...secretsOf(contextOf(input))];
        mustNotTell(stdout + stderr, secrets, 'the CPI');
        return { stdout, stderr, exitCode };
      },
    );
    return { child, finished };
  };
  return {
    folder,
    start,
    call: (input, options) => start(input, options).finished,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function wrapper(program: keyof typeof programs): string {
  return `#!/bin/sh\nexec '${process.execPath}' '${programs[program]}' "$@"\n`;
}

/** The properties that come with a request, where it is one. */
function contextOf(input: string | object | undefined): unknown {
  if (typeof input === 'object') return 'context' in input ? input.context : {};
  try {
    return contextOf(JSON.parse(input ?? '') as object);
  } catch {
    return {};
  }
}

function asText(value: string | object): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
