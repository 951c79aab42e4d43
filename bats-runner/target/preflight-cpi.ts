import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCpi, runCpi, type CpiExchange } from '../director/cpi-process.js';
import { judge } from '../director/response-rules.js';
import { redactor, secretsIn } from '../secrets.js';
import type { CpiSections } from './target.js';

/** A CPI gives no answers; the message says what it gives instead. */
export class CpiPreflightError extends Error {
  constructor(problem: string) {
    super(
      `the CPI does not answer info: ${problem}\n` +
        'It is run in another folder, by a Director’s environment: name files by absolute paths.',
    );
    this.name = 'CpiPreflightError';
  }
}

export interface CpiLook {
  /** A command line for `sh`; `{config}` in it becomes the path of its configuration. */
  readonly command: string;
  /** The sections of that. */
  readonly configuration: CpiSections;
  readonly environment: NodeJS.ProcessEnv;
  readonly nowMs: () => number;
  /** How long the CPI may take. */
  readonly withinMs: number;
  /** Ends the look. */
  readonly signal: AbortSignal;
}

/**
 * Asks a CPI for its `info`, before all cases come to the same end: whether it can be run, ends, and
 * gives an answer, if only an error. Throws CpiPreflightError.
 */
export async function lookAtCpi(look: CpiLook): Promise<void> {
  const { command, configuration, environment, nowMs, withinMs } = look;
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-cpi-'));
  const timeout = AbortSignal.timeout(withinMs);
  try {
    const executable = installCpi({ folder, command, configuration });
    const signal = AbortSignal.any([timeout, look.signal]);
    const program = { executable, cwd: folder, environment, nowMs, signal, undoWithinMs: 1000 };
    const exchange = await runCpi(program, 'bosh-director', JSON.stringify(info));
    const problem = problemOf(exchange, timeout.aborted ? withinMs : undefined);
    if (problem !== undefined) {
      throw new CpiPreflightError(redactor(secretsIn({ ...configuration }))(problem));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const info = {
  method: 'info',
  arguments: [],
  context: { director_uuid: 'bats-runner', request_id: 'cpi-000000' },
  api_version: 2,
};

function problemOf(exchange: CpiExchange, hungMs: number | undefined): string | undefined {
  const { stderr, exitCode } = exchange;
  if (hungMs !== undefined) return `it had not answered within ${hungMs / 1000} s`;
  const end = exitCode === null ? 'it was ended by a signal' : `its exit code is ${exitCode}`;
  const { complaints } = judge('bosh-director', info, exchange);
  if (complaints.length === 0) return undefined;
  const told = stderr.trim() === '' ? 'nothing on stderr' : `stderr: ${stderr.trim()}`;
  return `${complaints.join('; ')}; ${end}; ${told}`;
}
