// What a row of measurements comes to.

export interface Summary {
  readonly median: number;
  /** The middle half of the values lies between these two. */
  readonly low: number;
  readonly high: number;
  readonly largest: number;
}

/** Two costs that were measured one right after the other. */
export interface Pair {
  readonly subject: number;
  readonly yardstick: number;
}

/** The value that the share `share` (0 to 1) of the values does not exceed, interpolated. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  if (below === undefined || above === undefined) throw new Error('there are no values');
  return below + (above - below) * (position - Math.floor(position));
}

export function summarize(values: readonly number[]): Summary {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    largest: quantile(values, 1),
  };
}

/** The ratio within each pair: what else the machine did, it mostly did to both. */
export function ratiosOf(pairs: readonly Pair[]): number[] {
  return pairs.map(({ subject, yardstick }) => {
    if (yardstick > 0) return subject / yardstick;
    throw new Error(`a yardstick cannot have cost ${yardstick}`);
  });
}
