import type { JsonObject } from './json.js';

/** One change of the world: what changed, from which state to which, when, and why. */
export interface Event {
  readonly seq: number;
  /** World time as ISO 8601. */
  readonly time: string;
  /**
   * What made it happen: `request:<n> <command>`, `job:<uuid> <command>`, `task:<kind>`,
   * `fault:<rule>`, `control:<what>`, `guest:<uuid>` or `world`.
   */
  readonly cause: string;
  readonly entity: string;
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly data: JsonObject;
}

/** A log as plain data. */
export interface EventLogState {
  /** The number of the last event. */
  readonly seq: number;
  readonly events: readonly Event[];
}

export type EventListener = (event: Event) => void;

/** Events that stay in memory. */
export const KEPT_EVENTS = 100_000;
/** So many more may be there before the oldest are dropped, which copies those that stay. */
const SLACK = 10_000;

/** The append-only log of everything that changed; the last ones stay in memory. */
export class EventLog {
  #events: Event[];
  #seq: number;
  readonly #listeners = new Set<EventListener>();

  constructor(state: EventLogState = { seq: 0, events: [] }) {
    this.#events = [...state.events];
    this.#seq = state.seq;
  }

  /** The kept events, and the number of the last one. */
  get state(): EventLogState {
    return { seq: this.#seq, events: this.after(0) };
  }

  append(event: Omit<Event, 'seq'>): void {
    this.#seq += 1;
    const numbered = { seq: this.#seq, ...event };
    this.#events.push(numbered);
    if (this.#events.length >= KEPT_EVENTS + SLACK) this.#events = this.#events.slice(-KEPT_EVENTS);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** The kept events with a sequence number above `seq`, oldest first. */
  after(seq: number): readonly Event[] {
    const oldest = Math.max(this.#seq - KEPT_EVENTS, seq);
    return this.#events.slice(Math.max(0, this.#events.length - (this.#seq - oldest)));
  }

  /** How many events after `seq` are no longer in memory. */
  lostAfter(seq: number): number {
    const kept = Math.min(KEPT_EVENTS, this.#events.length);
    return Math.max(0, this.#seq - kept - seq);
  }

  get lastSeq(): number {
    return this.#seq;
  }

  /** Calls `listener` for each new event, until the returned function is called. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** One line of an event file. */
export function eventLine(event: Event): string {
  return `${JSON.stringify(event)}\n`;
}
