// Measures two things in turn, so that both meet the same machine.
import type { Pair } from './statistics.js';

/** What one run of something costs, in one or more ways. */
export type Costs<Name extends string> = Readonly<Record<Name, number>>;

export interface PairOptions {
  readonly pairs: number;
  /** Pairs that go before and do not count: files are in memory then, and code is compiled. */
  readonly warmUps: number;
  readonly progress: (text: string) => void;
}

/**
 * The costs of two things, measured one right after the other, again and again; every other time
 * in the other order, so that neither gains by being the second.
 */
export async function measurePairs<Name extends string>(
  { pairs, warmUps, progress }: PairOptions,
  subject: () => Promise<Costs<Name>>,
  yardstick: () => Promise<Costs<Name>>,
): Promise<Record<Name, Pair[]>> {
  const measured = new Map<Name, Pair[]>();
  for (let round = -warmUps; round < pairs; round += 1) {
    progress(round < 0 ? 'warming up' : `${round + 1} of ${pairs}`);
    const isTurned = round % 2 !== 0;
    const first = await (isTurned ? yardstick : subject)();
    const second = await (isTurned ? subject : yardstick)();
    if (round < 0) continue;
    const [ofSubject, ofYardstick] = isTurned ? [second, first] : [first, second];
    for (const name of Object.keys(ofSubject) as Name[]) {
      const pair = { subject: ofSubject[name], yardstick: ofYardstick[name] };
      measured.set(name, [...(measured.get(name) ?? []), pair]);
    }
  }
  return Object.fromEntries(measured) as Record<Name, Pair[]>;
}
