// Counts what the cases of a run did.
import type { Failure } from './run.js';
import type { Stage } from './stage.js';

export type Numbers = Readonly<Record<string, number>>;

export interface Report {
  readonly firstSeed: number;
  readonly cases: number;
  /** Those in which nothing went wrong, so that each call had to succeed. */
  readonly calmCases: number;
  readonly seconds: number;
  /** Time that passed in the clouds. */
  readonly virtualHours: number;
  /** By the name of what was done to its end. */
  readonly deeds: Numbers;
  /** By method. */
  readonly calls: Numbers;
  readonly requests: number;
  /** By how a request of a call was interrupted. */
  readonly interruptions: Numbers;
  /** By effect. */
  readonly faults: Numbers;
  readonly failures: readonly Failure[];
}

export class Tally {
  #cases = 0;
  #calmCases = 0;
  #virtualMs = 0;
  #requests = 0;
  readonly #deeds: Record<string, number> = {};
  readonly #calls: Record<string, number> = {};
  readonly #interruptions: Record<string, number> = {};
  readonly #faults: Record<string, number> = {};
  readonly #failures: Failure[] = [];

  get failures(): readonly Failure[] {
    return this.#failures;
  }

  /** How far it is. */
  get line(): string {
    const calls = sumOf(this.#calls);
    return `${this.#cases} cases, ${calls} calls, ${this.#requests} requests, ${brokenText(this.#failures)}`;
  }

  add({ counts, conditions, isCalm }: Stage): void {
    this.#cases += 1;
    if (isCalm) this.#calmCases += 1;
    this.#virtualMs += counts.virtualMs;
    this.#requests += counts.requests;
    addAll(this.#deeds, counts.deeds);
    addAll(this.#calls, counts.calls);
    addAll(this.#interruptions, counts.interruptions);
    conditions.faults.forEach(({ then: { effect } }, index) => {
      addAll(this.#faults, { [effect]: counts.faults[`rule-${index + 1}`] ?? 0 });
    });
  }

  addFailure(failure: Failure): void {
    this.#failures.push(failure);
  }

  report(firstSeed: number, seconds: number): Report {
    return {
      firstSeed,
      cases: this.#cases,
      calmCases: this.#calmCases,
      seconds: Math.round(seconds * 10) / 10,
      virtualHours: Math.round(this.#virtualMs / 3_600_000),
      deeds: sorted(this.#deeds),
      calls: sorted(this.#calls),
      requests: this.#requests,
      interruptions: sorted(this.#interruptions),
      faults: sorted(this.#faults),
      failures: this.#failures,
    };
  }
}

/** How many promises are broken, in words. */
export function brokenText({ length }: readonly unknown[]): string {
  if (length === 0) return 'no promise broken';
  return length === 1 ? '1 PROMISE BROKEN' : `${length} PROMISES BROKEN`;
}

export function sumOf(numbers: Numbers): number {
  return Object.values(numbers).reduce((sum, number) => sum + number, 0);
}

function addAll(sums: Record<string, number>, more: Numbers): void {
  for (const [key, number] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + number;
}

function sorted(numbers: Numbers): Numbers {
  return Object.fromEntries(Object.entries(numbers).sort(([, one], [, other]) => other - one));
}
