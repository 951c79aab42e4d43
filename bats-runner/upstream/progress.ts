import type { BatsOutcome } from '../reports/bats-results.js';
import { plain } from '../reports/bats-results.js';

/** A line of BatsVerboseFormatter, as far as it tells of an example. */
export interface ExampleLine {
  readonly event: 'started' | 'passed' | 'pending' | 'failed';
  readonly title: string;
  readonly file: string;
  readonly line: number;
}

/** Reads a line of the formatter that the acceptance tests bring with them; undefined if it is another. */
export function exampleLine(text: string): ExampleLine | undefined {
  const found = /^BATs example (started|passed|pending|failed) +'(.*)' (?:\.\/)?(\S+?):(\d+)/.exec(
    plain(text),
  );
  if (found === null) return undefined;
  const [, event, title = '', file = '', line = ''] = found;
  return { event: event as ExampleLine['event'], title, file, line: Number(line) };
}

const words = { passed: 'ok', failed: 'FAIL', pending: 'skip' } as const;

/** Follows a run of the acceptance tests by what they print, and tells of it a line at a time. */
export class BatsProgress {
  readonly #outcomes: BatsOutcome[] = [];
  readonly #write: (text: string) => void;
  readonly #nowMs: () => number;
  #startedMs: number;

  constructor(write: (text: string) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  /** What has ended so far: for a run that ends before it has written its results. */
  get outcomes(): readonly BatsOutcome[] {
    return this.#outcomes;
  }

  line(text: string): void {
    const found = exampleLine(text);
    if (found === undefined) return;
    const { event, title, file, line } = found;
    if (event === 'started') {
      this.#startedMs = this.#nowMs();
      this.#write(`      ${title} …\n`);
      return;
    }
    const durationMs = Math.round(this.#nowMs() - this.#startedMs);
    this.#outcomes.push({
      title,
      file,
      line,
      status: event === 'pending' ? 'skipped' : event,
      durationMs,
      reason: undefined,
      detail: undefined,
    });
    const took = `${(durationMs / 1000).toFixed(1)} s`;
    this.#write(`${words[event].padEnd(6)}${title} (${file}:${line}) ${took}\n`);
  }
}
