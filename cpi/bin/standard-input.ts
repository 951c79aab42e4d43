import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/**
 * All of stdin; undefined if the call is interrupted before that has come. A Director has written
 * its request and closed the pipe long before Node is up, and what is there is taken by system
 * calls: Node's stream for stdin costs a quarter of Node's own start-up, and a Director pays for
 * that twice in nearly every call. The stream is for what is still to come.
 */
export async function readStdin(interruption: AbortSignal): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  const isComplete = readWhatIsThere(chunks) || (await readToTheEnd(chunks, interruption));
  return isComplete ? Buffer.concat(chunks).toString() : undefined;
}

/** Takes what can be had without waiting; true if that was all. */
function readWhatIsThere(chunks: Buffer[]): boolean {
  try {
    const stdin = fstatSync(STDIN);
    if (stdin.isFIFO()) return drainPipe(chunks);
    if (!stdin.isFile()) return false;
    chunks.push(readFileSync(STDIN));
    return true;
  } catch {
    // The rest is not there yet, or nobody may open the pipe anew. The stream tells if it is worse.
    return false;
  }
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
