// A turn: what Directors do at the same time, each about other things. Drawn as plain data, so that a
// case can be made smaller; what it comes to depends on what there is by then.
import fc from 'fast-check';
import { randomDraw } from '../support/random-draw.js';
import type { Deed } from './deed.js';
import {
  waysToInterrupt,
  type AnyInterruption,
  type Intention,
  type TurnData,
} from './turn-data.js';
import { deeds } from './deeds/index.js';
import { makeCall, type MakeCall } from './make-call.js';
import type { Stage } from './stage.js';
import type { Lane } from './virtual-time.js';
import { assertPromisesKept } from './world-checks.js';

interface Planned {
  readonly name: string;
  readonly deed: Deed;
  readonly interruption: AnyInterruption | null;
}

const interruptions: fc.Arbitrary<AnyInterruption> = fc.record({
  request: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 })),
  how: fc.constantFrom(...waysToInterrupt),
});

const intentions: fc.Arbitrary<Intention> = fc.record({
  deed: fc.oneof(
    ...Object.entries(deeds).map(([name, [weight]]) => ({ weight, arbitrary: fc.constant(name) })),
  ),
  salt: fc.nat(),
  interruption: fc.option(interruptions, { freq: 5 }),
});

const hourMs = 3_600_000;
const pausesMs = [0, 0, 0, 0, 0, 0, 1_000, 1_000, 60_000, 60_000, hourMs, 30 * hourMs];

/** In half of the turns each message takes as long as the way of its call says. */
const orders: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant([]),
  fc.array(fc.nat(3), { minLength: 4, maxLength: 120, size: 'max' }),
);

export class Turn implements fc.AsyncCommand<Stage, Stage> {
  readonly intentions: readonly Intention[];
  readonly order: readonly number[];
  readonly pauseMs: number;

  constructor({ intentions, order = [], pauseMs }: TurnData) {
    this.intentions = intentions;
    this.order = order;
    this.pauseMs = pauseMs;
  }

  check(stage: Readonly<Stage>): boolean {
    return this.#planned(stage as Stage).length > 0;
  }

  async run(stage: Stage): Promise<void> {
    stage.trace.push(`-- ${this.toString()}`);
    stage.turns.push({ intentions: this.intentions, order: this.order, pauseMs: this.pauseMs });
    await stage.together(
      this.#planned(stage).map(({ name, deed, interruption }) => async (lane) => {
        await deed.work(callerOf(stage, { lane, deed, interruption }), lane);
        stage.counts.deeds[name] = (stage.counts.deeds[name] ?? 0) + 1;
      }),
      this.order,
    );
    stage.throwIfBroken();
    assertPromisesKept(stage);
    if (this.pauseMs === 0) return;
    stage.clockOfWorld.advanceBy(this.pauseMs);
    assertPromisesKept(stage);
  }

  toString(): string {
    const parts = this.intentions.map(({ deed, salt, interruption }) => {
      const cut = interruption === null ? '' : `, ${interruption.request} ${interruption.how}`;
      return `${deed}(${salt}${cut})`;
    });
    const order = this.order.some((one) => one > 0) ? ` in the order ${this.order.join()}` : '';
    return `${parts.join(' & ')}${order}${this.pauseMs === 0 ? '' : `, then ${this.pauseMs} ms`}`;
  }

  /** Deeds about what others of the turn are about are left out. */
  #planned(stage: Stage): Planned[] {
    const taken = new Set<object>();
    return this.intentions.flatMap(({ deed: name, salt, interruption }) => {
      const deed = deeds[name]?.[1](stage, randomDraw(salt));
      if (deed === undefined || deed.about.some((thing) => taken.has(thing))) return [];
      for (const thing of deed.about) taken.add(thing);
      return [
        { name, deed, interruption: stage.conditions.mayBeInterrupted ? interruption : null },
      ];
    });
  }
}

/** The interruption comes in the first call of a deed. */
function callerOf(
  stage: Stage,
  { lane, deed, interruption }: Omit<Planned, 'name'> & { readonly lane: Lane },
): MakeCall {
  let first = interruption;
  return (method, args, own = lane) => {
    const now = first ?? undefined;
    first = null;
    return makeCall(stage, own, deed.director, method, args, now);
  };
}

const turnData: fc.Arbitrary<TurnData> = fc.record({
  intentions: fc.array(intentions, { minLength: 1, maxLength: 4, size: 'max' }),
  order: orders,
  pauseMs: fc.constantFrom(...pausesMs),
});

export const turns: fc.Arbitrary<Turn> = turnData.map(turnOf);

export function turnOf(data: TurnData): Turn {
  return new Turn(data);
}
