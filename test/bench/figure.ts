import type { Pair } from './statistics.js';

/** How much work a figure takes; quick ones show that it works, not how fast. */
export type Size = 'full' | 'quick';

export interface RunContext {
  readonly size: Size;
  /** The folder of the package. */
  readonly root: string;
  /** Tells how far the measurement is. */
  readonly progress: (text: string) => void;
}

/** One thing that is measured, always in relation to another in the same run. */
export interface Figure {
  readonly name: string;
  /** What the figure says, for people. */
  readonly asks: string;
  readonly unit: 'ms' | 'us' | 'MiB' | 's';
  readonly subject: string;
  readonly yardstick: string;
  /** The largest ratio that is good; without one the figure is only told. */
  readonly limit?: number;
}

export interface Measured extends Figure {
  readonly pairs: readonly Pair[];
}

/** Figures that are measured together. */
export interface Measurement {
  readonly figures: readonly Figure[];
  readonly run: (context: RunContext) => Promise<readonly Measured[]>;
}
