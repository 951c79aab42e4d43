// Which states rows of the world went through, and by which transitions.
import type { Event, EventLog } from '../../simulator/kernel/event-log.js';

export class Sightings {
  /** How often, by `volume Ready AttachRequested Attaching`. */
  readonly transitions: Record<string, number> = {};
  /** How often something came into it, by `volume Attaching`. */
  readonly states: Record<string, number> = {};
  events = 0;

  watch(log: EventLog): void {
    log.subscribe((event) => {
      this.#note(event);
    });
  }

  #note({ entity, from, to, data }: Event): void {
    this.events += 1;
    if (to === null) return;
    if (from !== to && !ends.has(to)) count(this.states, `${entity} ${to}`);
    const { event } = data;
    if (from === null || typeof event !== 'string') return;
    count(this.transitions, `${entity} ${from} ${event} ${to}`);
  }
}

/** What stands where a row has no state. */
const ends: ReadonlySet<string> = new Set(['present', 'removed', 'purged']);

/** Counts one more of something. */
export function count(numbers: Record<string, number>, key: string): void {
  numbers[key] = (numbers[key] ?? 0) + 1;
}
