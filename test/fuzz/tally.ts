// What a run came to: counts, the slowest requests, memory, and what broke.
import { codeOf } from './judge.js';
import type { Problem, Taken } from './chapter.js';

/** A problem with the command that shows it again. */
export interface Failure extends Problem {
  readonly chapter: number;
  readonly replay: string;
}

export interface Report {
  readonly seed: number;
  readonly requests: number;
  readonly chapters: number;
  readonly seconds: number;
  readonly mutations: Counts;
  readonly forms: Counts;
  readonly commands: Counts;
  readonly answers: Counts;
  readonly slowest: readonly Slow[];
  /** The JavaScript heap after a collection where that can be asked for, and the process, in turn. */
  readonly memoryMiB: readonly {
    readonly requests: number;
    readonly heap: number;
    readonly rss: number;
  }[];
  readonly failures: readonly Failure[];
}

export type Counts = Readonly<Record<string, number>>;

interface Slow {
  readonly ms: number;
  readonly command: string;
  readonly mutation: string;
  readonly form: string;
  readonly chapter: number;
  readonly step: number;
}

const SLOWEST = 10;
const MIB = 1024 ** 2;

export class Tally {
  readonly #mutations = new Map<string, number>();
  readonly #forms = new Map<string, number>();
  readonly #commands = new Map<string, number>();
  readonly #answers = new Map<string, number>();
  readonly #memory: Report['memoryMiB'][number][] = [];
  readonly #failures: Failure[] = [];
  #slowest: Slow[] = [];
  #requests = 0;

  get requests(): number {
    return this.#requests;
  }

  get failures(): readonly Failure[] {
    return this.#failures;
  }

  add(chapter: number, step: number, { step: taken, form, answers, tookMs }: Taken): void {
    const { mutation, request } = taken;
    this.#requests += 1;
    count(this.#mutations, mutation);
    count(this.#forms, form);
    count(this.#commands, request.command);
    for (const answer of answers) count(this.#answers, codeOf(answer));
    if (answers.length === 0) count(this.#answers, 'none: broken off by the client');
    if (this.#slowest.length === SLOWEST && tookMs <= this.#slowest[SLOWEST - 1]!.ms) return;
    const slow = {
      ms: Math.round(tookMs),
      command: request.command,
      mutation,
      form,
      chapter,
      step,
    };
    this.#slowest = [...this.#slowest, slow].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  }

  addFailure(failure: Failure): void {
    this.#failures.push(failure);
  }

  lookAtMemory(): void {
    const { heapUsed, rss } = process.memoryUsage();
    const mib = (bytes: number): number => Math.round(bytes / MIB);
    this.#memory.push({ requests: this.#requests, heap: mib(heapUsed), rss: mib(rss) });
  }

  report(seed: number, chapters: number, seconds: number): Report {
    return {
      seed,
      requests: this.#requests,
      chapters,
      seconds: Math.round(seconds),
      mutations: sorted(this.#mutations),
      forms: sorted(this.#forms),
      commands: sorted(this.#commands),
      answers: sorted(this.#answers),
      slowest: this.#slowest,
      memoryMiB: this.#memory,
      failures: this.#failures,
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Counts {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
