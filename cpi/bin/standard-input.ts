import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** What of stdin has been read so far. */
export interface TakenInput {
  readonly chunks: Buffer[];
  /** Whether that is all. */
  readonly isComplete: boolean;
}

/**
 * Takes from stdin what can be had without waiting. A Director has written its request and closed
 * the pipe long before Node is up; what is there is taken by system calls, because Node's stream
 * for stdin costs a quarter of Node's own start-up.
 */
export function takeStdin(): TakenInput {
  const chunks: Buffer[] = [];
  try {
    const stdin = fstatSync(STDIN);
    if (stdin.isFIFO()) return { chunks, isComplete: drainPipe(chunks) };
    if (stdin.isFile()) return { chunks: [readFileSync(STDIN)], isComplete: true };
  } catch {
    // The rest is not there yet, or nobody may open the pipe anew. The stream tells if it is worse.
  }
  return { chunks, isComplete: false };
}

/** All of stdin as text, once it is there; undefined if the call is interrupted before that. */
export async function readStdin(
  { chunks, isComplete }: TakenInput,
  interruption: AbortSignal,
): Promise<string | undefined> {
  const isAll = isComplete || (await readToTheEnd(chunks, interruption));
  return isAll ? textOf(chunks) : undefined;
}

export function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString();
}

/** Reads a pipe to its end; throws (EAGAIN) where that has not come yet. */
function drainPipe(chunks: Buffer[]): true {
  // Whether reads may wait is a property that this process shares with others, so not of fd 0.
  const pipe = openSync('/dev/stdin', constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(PIPE_BYTES);
      const bytes = readSync(pipe, chunk);
      if (bytes === 0) return true;
      chunks.push(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(pipe);
  }
}

async function readToTheEnd(chunks: Buffer[], interruption: AbortSignal): Promise<boolean> {
  const { addAbortSignal } = await import('node:stream');
  try {
    const stdin = addAbortSignal(interruption, process.stdin);
    for await (const chunk of stdin as AsyncIterable<Buffer>) chunks.push(chunk);
    return true;
  } catch (failure) {
    if (interruption.aborted) return false;
    throw failure;
  }
}

const STDIN = 0;
/** What a pipe of Linux holds. */
const PIPE_BYTES = 64 * 1024;
