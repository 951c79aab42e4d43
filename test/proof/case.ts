// A case: conditions, what Directors do under them, and what must be true at each moment and in the end.
import fc from 'fast-check';
import { eventLine } from '../../simulator/kernel/event-log.js';
import { conditions, type Conditions } from './conditions.js';
import { converge } from './convergence.js';
import { openStage } from './open-stage.js';
import type { Stage, StageOptions } from './stage.js';
import type { TurnData } from './turn-data.js';
import { turnOf, turns } from './turn.js';

/** As many turns has a case at most. */
const mostTurns = 25;

export interface LifeOptions extends StageOptions {
  /** Told of the stage when all is over, whatever came of it. */
  readonly onEnd?: (stage: Stage) => void;
}

/** A case as plain data, so that it can be kept, whatever becomes of what cases are drawn from. */
export interface KeptCase {
  /** What it found. */
  readonly found: string;
  readonly conditions: Conditions;
  readonly turns: readonly TurnData[];
}

type Told = Iterable<fc.AsyncCommand<Stage, Stage>>;

type Drawn = [Conditions, Told];

/** Lives through a case. @throws BrokenPromise, or whatever else a fault in CPI or simulator throws. */
export async function live(given: Conditions, told: Told, options: LifeOptions): Promise<void> {
  const stage = await openStage(given, options);
  try {
    await fc.asyncModelRun(() => ({ model: stage, real: stage }), told);
    await converge(stage);
  } finally {
    await stage.close();
    options.onEnd?.(stage);
  }
}

/**
 * The property that holds for all cases; a replay path takes out what a failure did not need. Cases come
 * as long as `mayLive` says so: after one that a path names fast-check would go on with all like it.
 */
export function everyCase(
  options: LifeOptions,
  replayPath?: string,
  mayLive: () => boolean = () => true,
): fc.IAsyncProperty<Drawn> {
  const told = fc.commands([turns], {
    maxCommands: mostTurns,
    size: 'max',
    ...(replayPath !== undefined && { replayPath }),
  });
  return fc.asyncProperty(conditions, told, (given, commands) => {
    fc.pre(mayLive());
    return live(given, commands, options);
  });
}

/** All that happened in a case, one line for each event and each request of the CPI. */
export interface Life {
  readonly events: readonly string[];
  readonly requests: readonly string[];
}

/** Lives through the case of a seed, and answers what happened, whatever came of it. */
export async function lifeOf(seed: number, options: StageOptions): Promise<Life> {
  let life: Life = { events: [], requests: [] };
  const onEnd = (stage: Stage): void => void (life = lifeIn(stage));
  await fc.check(everyCase({ ...options, onEnd }), { ...drawnBy(seed), endOnFailure: true });
  return life;
}

export function lifeIn({ kernel, requests }: Stage): Life {
  return { events: kernel.log.after(0).map(eventLine), requests };
}

/** Where two lives of one case differ first, in words; undefined where they do not. */
export function firstDifference(one: Life, other: Life): string | undefined {
  return (
    differenceIn('request', one.requests, other.requests) ??
    differenceIn('event', one.events, other.events)
  );
}

function differenceIn(
  what: string,
  one: readonly string[],
  other: readonly string[],
): string | undefined {
  const { length } = one.length > other.length ? one : other;
  for (let line = 0; line < length; line += 1) {
    if (one[line] === other[line]) continue;
    const [before = 'none', after = 'none'] = [one[line]?.trim(), other[line]?.trim()];
    return `${what} ${line + 1} was ${before}, and is then ${after}`;
  }
  return undefined;
}

/** One case for each seed; neighbours are as different as others. */
export function drawnBy(seed: number): { readonly seed: number; readonly numRuns: 1 } {
  return { seed: Math.imul(seed, 0x9e3779b1), numRuns: 1 };
}

export function liveAgain(
  { conditions: given, turns: told }: KeptCase,
  options: LifeOptions,
): Promise<void> {
  return live(given, told.map(turnOf), options);
}
