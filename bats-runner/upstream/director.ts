import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Redact } from '../secrets.js';
import { outputOf, ProgramError } from './program.js';

/** How the bosh CLI is called. */
export interface BoshCli {
  readonly command: string;
  readonly cwd: string;
  /** With BOSH_ENVIRONMENT and what else leads to the Director. */
  readonly environment: NodeJS.ProcessEnv;
}

const row = z.record(z.string(), z.string());
const tables = z.object({ Tables: z.array(z.object({ Rows: z.array(row) })) });

/** Which Director it is. */
export interface Director {
  readonly name: string;
  readonly version: string;
  readonly cpi: string;
}

/** Asks the Director who it is. Throws ProgramError with what the CLI says if it does not answer. */
export async function directorOf(cli: BoshCli): Promise<Director> {
  const [found] = await rowsOf(cli, 'env');
  const told = (name: string): string => found?.[name] ?? '?';
  return { name: told('name'), version: told('version'), cpi: told('cpi') };
}

const tasksKept = 10;

/** Keeps what the CPI said in the last tasks that failed, without secrets. */
export async function keepFailedTasks(
  cli: BoshCli,
  folder: string,
  redact: Redact,
  write: (text: string) => void,
): Promise<void> {
  try {
    const failed = (await rowsOf(cli, 'tasks', '--recent=30')).filter(
      ({ state }) => state === 'error',
    );
    if (failed.length === 0) return;
    mkdirSync(folder, { recursive: true });
    for (const { id = '', description = '' } of failed.slice(0, tasksKept)) {
      const said = await outputOf({ ...cli, args: ['--non-interactive', 'task', id, '--cpi'] });
      const text = redact(`${description}\n\n${said}\n`);
      writeFileSync(join(folder, `${id}-cpi.log`), text, { mode: 0o600 });
    }
    write(`what the CPI said in tasks that failed: ${folder}\n`);
  } catch (failure) {
    if (!(failure instanceof ProgramError)) throw failure;
    write(`what the CPI said in tasks that failed cannot be had: ${failure.message}\n`);
  }
}

async function rowsOf(cli: BoshCli, ...args: string[]): Promise<Record<string, string>[]> {
  const said = await outputOf({ ...cli, args: ['--non-interactive', '--json', ...args] });
  const read = tables.safeParse(parsed(said));
  if (read.success) return read.data.Tables.flatMap(({ Rows }) => Rows);
  throw new ProgramError(
    `${cli.command} ${args.join(' ')}`,
    `it answered what is no table:\n${said}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
