// What is measured and how it is told.
import { ratiosOf, summarize, type Pair, type Summary } from './statistics.js';

/** What a measurement gets from the benchmark. */
export interface Setting {
  /** Tiny sizes: they show that a measurement works, not what it measures. */
  readonly isQuick: boolean;
  /** Says how far a measurement is. */
  readonly progress: (text: string) => void;
}

/** One cost in relation to another of the same run. */
export interface Figure {
  readonly name: string;
  /** What costs, and in comparison to what. */
  readonly subject: string;
  readonly yardstick: string;
  readonly unit: 'ms' | 'us' | 's' | 'MiB';
  readonly pairs: readonly Pair[];
  /** Whether the cost is also told as how many there are in a second. */
  readonly isRate?: boolean;
  /** The largest ratio that is good; without one the ratio is only told. */
  readonly limit?: number;
  /** Whether no ratio may be larger, rather than half of them. */
  readonly isForAll?: boolean;
}

/** Figures that come out of one run of something. */
export interface Measurement {
  readonly name: string;
  /** What it says, in one sentence. */
  readonly asks: string;
  readonly run: (setting: Setting) => Promise<readonly Figure[]>;
}

/** A figure as it is reported; one of these is a line of the JSON output. */
export interface Verdict extends Omit<Figure, 'pairs'> {
  readonly subjectCost: Summary;
  readonly yardstickCost: Summary;
  readonly ratio: Summary;
  readonly pairs: number;
  /**
   * Whether the median of the ratios, or each, is within the limit; undefined where nothing is to
   * hold.
   */
  readonly holds: boolean | undefined;
}

/**
 * A cost in CPU and in wall time, as two figures. The limit is for the CPU time: it is stricter than
 * what a client sees, and less noisy.
 */
export function costFigures(
  { cpu, wall }: Readonly<Record<'cpu' | 'wall', readonly Pair[]>>,
  { limit, ...told }: Pick<Figure, 'name' | 'subject' | 'yardstick' | 'limit'>,
): Figure[] {
  const { name, subject } = told;
  return [
    {
      ...told,
      name: `${name} cpu`,
      subject: `${subject}, CPU`,
      unit: 'us',
      pairs: cpu,
      ...(limit !== undefined && { limit }),
    },
    { ...told, name: `${name} wall`, subject: `${subject}, to a client`, unit: 'us', pairs: wall },
  ];
}

/** What a figure comes to; quick sizes are too small for their limits. */
export function verdictOf({ pairs, ...figure }: Figure, isQuick: boolean): Verdict {
  const ratio = summarize(ratiosOf(pairs));
  const judged = figure.isForAll === true ? ratio.largest : ratio.median;
  return {
    ...figure,
    subjectCost: summarize(pairs.map(({ subject }) => subject)),
    yardstickCost: summarize(pairs.map(({ yardstick }) => yardstick)),
    ratio,
    pairs: pairs.length,
    holds: figure.limit === undefined || isQuick ? undefined : judged <= figure.limit,
  };
}
