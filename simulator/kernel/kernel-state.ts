import type { EventLogState } from './event-log.js';
import type { StreamState } from './random.js';
import type { SchedulerState } from './scheduler.js';

/** All of a kernel that decides what happens next, as plain data. */
export interface KernelState {
  readonly nowMs: number;
  /** The random streams that something was drawn from. */
  readonly streams: Readonly<Record<string, StreamState>>;
  /** The last number of each sequence of ids. */
  readonly ids: Readonly<Record<string, number>>;
  readonly scheduler: SchedulerState;
  readonly log: EventLogState;
}
