import { fstatSync, writeSync } from 'node:fs';
import { forReader } from '../protocol/response.js';
import { exit } from './exit-status.js';

/**
 * Writes a line to stderr, by a system call: Node's stream would cost start-up time. Where nobody
 * reads it, that is no reason to fail.
 */
export function writeStderr(line: string): void {
  const rest = writeNow(STDERR, Buffer.from(`${line}\n`));
  if (rest.length === 0) return;
  process.stderr.once('error', () => undefined);
  process.stderr.write(rest);
}

/**
 * Keeps stdout for the response: whatever else is written there is handed to `divert`. The
 * returned function writes the response, the first time that it is called, and ends the process.
 * A reader that went away is no reason for another exit code.
 */
export function claimStdout(divert: (text: string) => void): (response: string) => Promise<never> {
  const openStream = divertStdout(divert);
  let responded = false;
  return (response) => {
    if (!responded) writeResponse(response, openStream);
    responded = true;
    return new Promise(() => undefined);
  };
}

/**
 * For commands that write to people: one who has read enough (`| head -1`) is no reason to fail,
 * nor to leave undone what the command does.
 */
export function letReaderGo(): void {
  process.stdout.on('error', failUnlessReaderIsGone);
}

/**
 * Ends a command when all that it has written is out, which a slow reader or a full disk may keep
 * it from: a role or a report of which a part is missing is no success.
 */
export function endWith(status: number): Promise<never> {
  process.stdout.write('', (failure) => {
    if (failure instanceof Error) failUnlessReaderIsGone(failure);
    process.exit(status);
  });
  return new Promise(() => undefined);
}

function failUnlessReaderIsGone({ code = '', message }: NodeJS.ErrnoException): void {
  // The second is what Node says of all that is written after the first.
  if (['EPIPE', 'ERR_STREAM_DESTROYED'].includes(code)) return;
  writeStderr(`cloudstack-cpi: stdout cannot be written: ${message}`);
  process.exit(exit.environment);
}

interface StdoutStream {
  readonly isTerminal: boolean;
  /** Writes what is really meant for stdout. */
  readonly write: (bytes: Buffer, written: () => void) => void;
}

/** Node makes its stream when somebody first asks for it; from then on it writes elsewhere. */
function divertStdout(divert: (text: string) => void): () => StdoutStream {
  const original = Object.getOwnPropertyDescriptor(process, 'stdout') ?? {};
  let opened: StdoutStream | undefined;
  const open = (): StdoutStream => {
    Object.defineProperty(process, 'stdout', original);
    const { stdout } = process;
    stdout.on('error', () => process.exit(0));
    const write = stdout.write.bind(stdout);
    stdout.write = (chunk: string | Uint8Array): boolean => {
      divert(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      return true;
    };
    return { isTerminal: stdout.isTTY, write: (bytes, written) => void write(bytes, written) };
  };
  Object.defineProperty(process, 'stdout', {
    configurable: true,
    get: () => {
      opened ??= open();
      return process.stdout;
    },
  });
  return () => (opened ??= open());
}

function writeResponse(response: string, openStream: () => StdoutStream): void {
  const isTerminal = fstatSync(STDOUT).isCharacterDevice() && openStream().isTerminal;
  const rest = writeNow(STDOUT, Buffer.from(forReader(response, isTerminal)));
  if (rest.length === 0) process.exit(0);
  openStream().write(rest, () => process.exit(0));
}

/** Writes what a descriptor takes at once, and returns the rest; none where nobody reads. */
function writeNow(descriptor: number, bytes: Buffer): Buffer {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
    return rest;
  } catch (failure) {
    const mustWait = failure instanceof Error && 'code' in failure && failure.code === 'EAGAIN';
    return mustWait ? rest : Buffer.alloc(0);
  }
}

const STDOUT = 1;
const STDERR = 2;
