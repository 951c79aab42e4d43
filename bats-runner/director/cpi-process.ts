import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { CpiRequest } from './recording.js';
import type { Caller } from './scenarios.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A CPI that can be called: an executable file and the surroundings in which callers run it. */
export interface CpiProgram {
  /** Absolute path of the executable. */
  readonly executable: string;
  /** The caller's working directory, which is not ours. */
  readonly cwd: string;
  /** The caller's own environment. */
  readonly environment: Environment;
  /** A clock that only goes forward. */
  readonly nowMs: () => number;
  /** Ends a running call (SIGTERM) when it is aborted. */
  readonly signal?: AbortSignal;
  /** How long a call may then still take, to undo what it began, before it is ended by SIGKILL. */
  readonly undoWithinMs?: number;
}

export interface CpiInstallation {
  /** An existing folder that is the installation's own. */
  readonly folder: string;
  /** A command line for `sh`; `{config}` in it becomes the path of the configuration. */
  readonly command: string;
  /** The content of cpi.json. */
  readonly configuration: object;
}

/** What a call gave: one process, from its start to the end of its output. */
export interface CpiExchange {
  readonly stdout: string;
  readonly stderr: string;
  /** Null if a signal ended the process. */
  readonly exitCode: number | null;
  readonly durationMs: number;
}

/** How a CPI is run with a text on stdin: as a process, or otherwise. */
export type RunCpi = (program: CpiProgram, caller: Caller, input: string) => Promise<CpiExchange>;

/** How a CPI is called: by a process, or otherwise. */
export type CallCpi = (caller: Caller, request: CpiRequest) => Promise<CpiExchange>;

/**
 * Installs a CPI as a BOSH job: `bin/cpi`, a shell script that runs the command, beside its
 * configuration. Answers the absolute path of the script.
 */
export function installCpi({ folder, command, configuration }: CpiInstallation): string {
  const configPath = join(folder, 'cpi.json');
  const executable = join(folder, 'bin', 'cpi');
  writeFileSync(configPath, JSON.stringify(configuration, null, 2), { mode: 0o600 });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const line = command.replaceAll('{config}', quote(configPath));
  writeFileSync(executable, `#!/bin/sh\nexec ${line}\n`);
  chmodSync(executable, 0o755);
  return executable;
}

/** The command line that runs a JavaScript program with this very Node, wherever PATH leads. */
export function nodeCommand(nodePath: string, program: string): string {
  return `${quote(nodePath)} ${quote(program)} --config {config}`;
}

/** Calls the CPI as its caller does. Throws only if the executable cannot be started. */
export function callCpi(
  program: CpiProgram,
  caller: Caller,
  request: CpiRequest,
): Promise<CpiExchange> {
  return runCpi(program, caller, JSON.stringify(request));
}

/** A CPI has 20 s to undo what it began when it is told to end. */
const undoWithinMsUsually = 30_000;

/**
 * Runs the CPI as its caller does: the input without a newline, stdin closed, then stdout and
 * stderr to their ends. Throws only if the executable cannot be started.
 */
export async function runCpi(
  program: CpiProgram,
  caller: Caller,
  input: string,
): Promise<CpiExchange> {
  const { executable, cwd, environment, nowMs, signal } = program;
  const { undoWithinMs = undoWithinMsUsually } = program;
  const startedMs = nowMs();
  const child = spawn(executable, [], {
    cwd,
    env: environments[caller](environment, cwd),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = (): void => {
    child.kill('SIGKILL');
    // What it has started may hold them open.
    for (const output of [child.stdout, child.stderr]) output.destroy();
  };
  const end = (): void => {
    child.kill('SIGTERM');
    AbortSignal.timeout(undoWithinMs).addEventListener('abort', kill);
  };
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Error(`${executable} cannot be started: ${cause.message}`, { cause })),
    );
    child.once('close', resolve);
  });
  // A CPI that ends without reading its request breaks the pipe; its output tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  try {
    const exitCode = await exit;
    const durationMs = nowMs() - startedMs;
    return { stdout: stdout(), stderr: stderr(), exitCode, durationMs };
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

/** Collects what comes out of a stream, also of one that is cut off. */
function textOf(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

type MakeEnvironment = (own: Environment, cwd: string) => NodeJS.ProcessEnv;

const environments: Readonly<Record<Caller, MakeEnvironment>> = {
  // The Director passes on nothing else (external_cpi.rb, unsetenv_others); Node would, by itself.
  'bosh-director': (own) => ({
    NODE_V8_COVERAGE: undefined,
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    ...picked(own, ['HOME', 'TMPDIR']),
  }),
  // The CLI passes on its whole environment (cpi_cmd_runner.go).
  'bosh-cli': (own, cwd) => ({
    ...own,
    BOSH_PACKAGES_DIR: join(cwd, 'packages'),
    BOSH_JOBS_DIR: join(cwd, 'jobs'),
  }),
};

function picked(environment: Environment, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
