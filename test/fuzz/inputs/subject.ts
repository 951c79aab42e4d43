// What is fuzzed beside the simulator's API: something that takes bytes, and promises what comes of
// them.
import { damaged, type Damaged, type Draw } from './damage.js';

/** What became of an input. */
export interface Outcome {
  /** By which it is counted: `accepted`, the type of an error. */
  readonly kind: string;
  /** The broken promise; undefined if none is. */
  readonly wrong?: string | undefined;
}

export interface Subject extends AsyncDisposable {
  /** What is to be taken, and what is wrong with it. */
  readonly draw: (draw: Draw) => Damaged;
  /** The outcome follows from the bytes alone, whatever was taken before. */
  readonly take: (bytes: Buffer) => Promise<Outcome> | Outcome;
}

export type OpenSubject = () => Promise<Subject> | Subject;

/** Documents as they should be, damaged. */
export function damagedOf(document: (draw: Draw) => unknown): Subject['draw'] {
  return (draw) => damaged(document(draw), draw);
}

const traces = [/\n\s+at \S/, /\bat \S+ \(?\S+:\d+:\d+\)?/, /node:internal|node_modules/];

/** What tells of the inside in a text for people, or is no sentence. */
export function wrongInText(text: string): string | undefined {
  if (text.trim() === '') return 'the message is empty';
  const trace = traces.find((pattern) => pattern.test(text));
  if (trace !== undefined) return `the message tells of the inside: ${text.slice(0, 300)}`;
  if (/\[object Object\]|\bundefined\b(?!")/.test(text.replace(/["'`][^"'`]*["'`]/g, ''))) {
    return `the message has a value that is none: ${text.slice(0, 300)}`;
  }
  return undefined;
}

/**
 * Takes what a function throws: an error of one of these classes is an answer, any other a fault.
 */
export function outcomeOf(
  work: () => void,
  refusals: readonly string[],
  wrongIn = wrongInText,
): Outcome {
  try {
    work();
    return { kind: 'accepted' };
  } catch (error) {
    if (!(error instanceof Error)) return { kind: 'fault', wrong: `it throws ${String(error)}` };
    if (!refusals.includes(error.name)) {
      return { kind: 'fault', wrong: `it throws ${error.stack ?? error.message}`.slice(0, 2_000) };
    }
    return { kind: error.name, wrong: wrongIn(error.message) };
  }
}
