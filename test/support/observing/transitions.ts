// Which changes of state came about through the API: by a request, by its job, or by the work that
// the cloud does on its own as time passes. What a test does to the world by hand does not count.
import type { Event } from '../../../simulator/kernel/event-log.js';
import { Simulator } from '../../../simulator/simulator.js';
import { isSought, tellShown } from './test-in-progress.js';

const watched = new WeakSet<Simulator>();

/** From now on, notes the changes of state in a simulator. */
export function lookAtTransitions(simulator: unknown): void {
  if (!(simulator instanceof Simulator) || watched.has(simulator)) return;
  watched.add(simulator);
  simulator.subscribe(note);
}

function note({ cause, entity, from, to, data }: Event): void {
  const event = data['event'];
  if (typeof event !== 'string' || from === null || to === null) return;
  if (!/^(request|job|task|fault):/.test(cause)) return;
  const key = `${entity} ${from} ${event} ${to}`;
  if (isSought('transitions', key)) tellShown('transitions', key);
}
