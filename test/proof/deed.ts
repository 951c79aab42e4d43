// What Directors do: each deed chooses what it is about from what they know, makes one call or the few
// that belong together, and checks what it was told against the cloud.
import type { MakeCall } from './make-call.js';
import type { Stage } from './stage.js';
import type { Draw } from './network.js';
import type { Lane } from './virtual-time.js';

export interface Deed {
  readonly director: number;
  /** What no other deed may be about at the same time. */
  readonly about: readonly object[];
  work(call: MakeCall, lane: Lane): Promise<void>;
}

/** Chooses; undefined where there is nothing that it could be done to. */
export type Planner = (stage: Stage, draw: Draw) => Deed | undefined;

/** One of them, or undefined where there is none. */
export function oneOf<T>(choices: readonly T[], draw: Draw): T | undefined {
  return choices.length === 0 ? undefined : choices[draw(choices.length)];
}
