// A turn as plain data, so that it can be kept.
import { hows, type How, type Interruption } from '../crash/interruption.js';

/** That the call is told to end, by a signal, when it is about to send a request. */
export interface Order {
  readonly request: number;
  readonly how: typeof toldToEnd;
}

export type AnyInterruption = Interruption | Order;

export interface Intention {
  readonly deed: string;
  /** Decides what it is about. */
  readonly salt: number;
  readonly interruption: AnyInterruption | null;
}

export interface TurnData {
  /** What is done at the same time. */
  readonly intentions: readonly Intention[];
  /** Which of their messages come first, as a DrawnOrder takes it. */
  readonly order?: readonly number[];
  /** How long nothing is asked for afterwards. */
  readonly pauseMs: number;
}

export const toldToEnd = 'makes the call end, which was told to';

export const waysToInterrupt = [...(Object.keys(hows) as How[]), toldToEnd] as const;

export function isOrder(interruption: AnyInterruption): interruption is Order {
  return interruption.how === toldToEnd;
}

export function interruptionText({ request, how }: AnyInterruption): string {
  return `(${request}) ${how}`;
}
