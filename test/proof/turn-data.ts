// A turn as plain data, so that it can be kept.
import type { Interruption } from '../crash/interruption.js';

export interface Intention {
  readonly deed: string;
  /** Decides what it is about. */
  readonly salt: number;
  readonly interruption: Interruption | null;
}

export interface TurnData {
  /** What is done at the same time. */
  readonly intentions: readonly Intention[];
  /** How long nothing is asked for afterwards. */
  readonly pauseMs: number;
}
