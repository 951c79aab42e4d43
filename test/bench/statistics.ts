/** What a row of measurements comes to. */
export interface Summary {
  readonly median: number;
  /** The middle half lies between these two quartiles. */
  readonly low: number;
  readonly high: number;
}

/** The value below which the share `share` (0 to 1) of the values lies, interpolated. */
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
  };
}

/** Two costs that were measured one right after the other, so that the machine was the same. */
export interface Pair {
  readonly subject: number;
  readonly yardstick: number;
}

/** The ratio of each pair: what the machine did meanwhile, it mostly did to both. */
export function ratios(pairs: readonly Pair[]): number[] {
  return pairs.map(({ subject, yardstick }) => {
    if (!(yardstick > 0)) throw new Error(`a yardstick cannot have cost ${yardstick}`);
    return subject / yardstick;
  });
}
