import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Hears each line of stdout and stderr. */
  readonly onLine: (line: string) => void;
}

/** A program cannot be started, or ended in a way that nothing can go on from. */
export class ProgramError extends Error {
  constructor(command: string, reason: string) {
    super(`${command}: ${reason}`);
    this.name = 'ProgramError';
  }
}

/**
 * Runs a program to its end; answers its exit code, null if a signal ended it. Ctrl-C reaches it by
 * itself, as it is in our process group; a SIGTERM is passed on as that.
 */
export async function runProgram(call: ProgramCall): Promise<number | null> {
  const { command, args, cwd, environment, onLine } = call;
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => void child.kill('SIGINT');
  process.once('SIGTERM', end);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', onLine);
  }
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (failure: NodeJS.ErrnoException) =>
        reject(
          new ProgramError(
            command,
            failure.code === 'ENOENT' ? 'it is not on the PATH' : failure.message,
          ),
        ),
      );
      child.once('close', resolve);
    });
  } finally {
    process.off('SIGTERM', end);
  }
}

const linesTold = 20;

/** Runs a program that must end well; answers what it printed. Throws ProgramError with its last words. */
export async function outputOf(call: Omit<ProgramCall, 'onLine'>): Promise<string> {
  const lines: string[] = [];
  const code = await runProgram({ ...call, onLine: (line) => void lines.push(line) });
  if (code === 0) return lines.join('\n');
  const name = [call.command, ...call.args.slice(0, 2)].join(' ');
  throw new ProgramError(
    name,
    `exit ${code ?? 'by a signal'}\n${lines.slice(-linesTold).join('\n')}`,
  );
}
