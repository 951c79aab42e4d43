import type { ReplayedCall, ReplayedScenario, ReplayResult } from '../director/replayer.js';
import type { Paint } from '../paint.js';
import type { ReplaySet } from './replay-sets.js';
import { callLine, scenarioLines } from './report.js';

export interface ReplayProgressOptions {
  readonly write: (text: string) => void;
  /** Whether the last line may be rewritten: on a terminal. */
  readonly isLive: boolean;
  readonly columns: number;
  readonly paint: Paint;
  /** A line for each call, not only for those with a problem. */
  readonly everyCall: boolean;
  readonly nowMs: () => number;
}

const eraseLine = '\r\u001b[2K';

/**
 * Shows how far a replay is: a heading for each set of recordings, a line for each scenario, and on
 * a terminal what is being asked just now.
 */
export class ReplayProgress {
  readonly #options: ReplayProgressOptions;
  #set: ReplaySet | undefined;
  #calls: ReplayedCall[] = [];
  #done = 0;
  #startedMs = 0;

  constructor(options: ReplayProgressOptions) {
    this.#options = options;
  }

  begin(set: ReplaySet): void {
    const { caller, apiVersion, recordings } = set;
    const calls = recordings.reduce((sum, recording) => sum + recording.calls.length, 0);
    this.#set = set;
    this.#calls = [];
    this.#done = 0;
    this.#startedMs = this.#options.nowMs();
    const title = `${caller}, CPI API version ${apiVersion}`;
    const size = `${recordings.length} scenarios, ${calls} recorded calls`;
    this.#print(`\n${this.#options.paint.strong(title)}: ${size}`);
    this.#live('the simulator starts');
  }

  call(call: ReplayedCall): void {
    const { everyCall, paint } = this.#options;
    this.#calls.push(call);
    this.#done += 1;
    const isWorthALine = everyCall || call.problems.length > 0;
    if (isWorthALine) this.#print(callLine(call, paint));
    this.#live(`${call.scenario}: ${call.request.method}`);
  }

  scenario(done: ReplayedScenario): void {
    this.#print(scenarioLines(done, this.#calls, this.#options.paint));
    this.#calls = [];
    this.#live('');
  }

  end({ stopped }: ReplayResult): void {
    const { paint } = this.#options;
    if (stopped !== undefined) this.#print(paint.bad(`stopped: ${stopped}`));
    this.#live(undefined);
  }

  #print(text: string): void {
    this.#options.write(`${this.#options.isLive ? eraseLine : ''}${text}\n`);
  }

  /** The line at the bottom; undefined takes it away. */
  #live(text: string | undefined): void {
    const { isLive, columns, nowMs, write } = this.#options;
    if (!isLive) return;
    if (text === undefined) {
      write(eraseLine);
      return;
    }
    const total = this.#set?.recordings.reduce((sum, { calls }) => sum + calls.length, 0) ?? 0;
    const seconds = Math.floor((nowMs() - this.#startedMs) / 1000);
    const line = `  ${this.#done} of ${total} calls, ${seconds} s  ${text}`;
    write(`${eraseLine}${line.slice(0, columns - 1)}`);
  }
}
