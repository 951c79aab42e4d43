// Counts what the cases of a run did.
import { createHash } from 'node:crypto';
import { lifeIn } from '../case.js';
import type { Failure } from '../run.js';
import type { Stage } from '../stage.js';
import { visited, type Machine } from './machines.js';

export type Numbers = Readonly<Record<string, number>>;

export interface Report {
  /** The cases have the seeds from this one on. */
  readonly firstSeed: number;
  readonly cases: number;
  /** How many of them were lived through twice. */
  readonly twice: number;
  /** Cases that failed once, which came before them. */
  readonly keptCases: number;
  /** Those in which nothing went wrong, so that each call had to succeed. */
  readonly calmCases: number;
  /** By kind of cloud. */
  readonly clouds: Numbers;
  readonly seconds: number;
  /** Time that passed in the clouds. */
  readonly virtualHours: number;
  /** The longest time of a cloud's from the end of all faults until each Director had what it wants. */
  readonly longestConvergenceHours: number;
  /** In how many cases that took no longer than an hour. */
  readonly convergedWithinAnHour: number;
  /** By the name of what was done to its end. */
  readonly deeds: Numbers;
  /** By method. */
  readonly calls: Numbers;
  readonly requests: number;
  /** Requests and answers that came before others because the drawn order said so. */
  readonly overtakings: number;
  /** Changes in the clouds. */
  readonly events: number;
  /** By how a request of a call was interrupted. */
  readonly interruptions: Numbers;
  /** By method, command and how it was interrupted: `create_vm: createTags never arrives`. */
  readonly crashPoints: Numbers;
  /** By effect. */
  readonly faults: Numbers;
  /** Which states and changes of state were visited. */
  readonly machines: readonly Machine[];
  readonly failures: readonly Failure[];
  /** Of every request and every event of the drawn cases: the same for the same seeds on any machine. */
  readonly fingerprint: string;
  /** Whether there is more to come. */
  readonly isUnderWay: boolean;
}

export class Tally {
  #cases = 0;
  #calmCases = 0;
  #twice = 0;
  #keptCases = 0;
  #convergedWithinAnHour = 0;
  #virtualMs = 0;
  #longestConvergenceMs = 0;
  #requests = 0;
  #overtakings = 0;
  #events = 0;
  readonly #clouds: Record<string, number> = {};
  readonly #deeds: Record<string, number> = {};
  readonly #calls: Record<string, number> = {};
  readonly #interruptions: Record<string, number> = {};
  readonly #crashPoints: Record<string, number> = {};
  readonly #faults: Record<string, number> = {};
  readonly #states: Record<string, number> = {};
  readonly #transitions: Record<string, number> = {};
  readonly #failures: Failure[] = [];
  readonly #lines = createHash('sha256');

  get failures(): readonly Failure[] {
    return this.#failures;
  }

  get cases(): number {
    return this.#cases;
  }

  add(stage: Stage): void {
    const { counts, conditions, isCalm, sightings } = stage;
    const { requests, events } = lifeIn(stage);
    for (const line of [...requests, ...events]) this.#lines.update(line);
    this.#cases += 1;
    if (isCalm) this.#calmCases += 1;
    this.#virtualMs += counts.virtualMs;
    this.#addConvergence(counts.convergedMs);
    this.#requests += counts.requests;
    this.#overtakings += counts.overtakings;
    this.#events += sightings.events;
    addAll(this.#clouds, { [conditions.preset]: 1 });
    addAll(this.#deeds, counts.deeds);
    addAll(this.#calls, counts.calls);
    addAll(this.#interruptions, counts.interruptions);
    addAll(this.#crashPoints, counts.crashPoints);
    addAll(this.#states, sightings.states);
    addAll(this.#transitions, sightings.transitions);
    conditions.faults.forEach(({ then: { effect } }, index) => {
      addAll(this.#faults, { [effect]: counts.faults[`rule-${index + 1}`] ?? 0 });
    });
  }

  #addConvergence(ms: number | undefined): void {
    if (ms === undefined) return;
    this.#longestConvergenceMs = Math.max(this.#longestConvergenceMs, ms);
    if (ms <= hourMs) this.#convergedWithinAnHour += 1;
  }

  /** A case has been lived through a second time. */
  addTwice(): void {
    this.#twice += 1;
  }

  addKept(): void {
    this.#keptCases += 1;
  }

  addFailure(failure: Failure): void {
    this.#failures.push(failure);
  }

  report(firstSeed: number, seconds: number, isUnderWay: boolean): Report {
    return {
      firstSeed,
      cases: this.#cases,
      twice: this.#twice,
      keptCases: this.#keptCases,
      calmCases: this.#calmCases,
      clouds: sorted(this.#clouds),
      seconds: Math.round(seconds * 10) / 10,
      virtualHours: Math.round(this.#virtualMs / hourMs),
      longestConvergenceHours: Math.round((this.#longestConvergenceMs / hourMs) * 10) / 10,
      convergedWithinAnHour: this.#convergedWithinAnHour,
      deeds: sorted(this.#deeds),
      calls: sorted(this.#calls),
      requests: this.#requests,
      overtakings: this.#overtakings,
      events: this.#events,
      interruptions: sorted(this.#interruptions),
      crashPoints: sorted(this.#crashPoints),
      faults: sorted(this.#faults),
      machines: visited(this.#states, this.#transitions),
      failures: this.#failures,
      fingerprint: this.#lines.copy().digest('hex').slice(0, 16),
      isUnderWay,
    };
  }
}

const hourMs = 3_600_000;

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
