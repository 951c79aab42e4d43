// Which changes of state came about through the API: by a request, by its job, or by the work that
// the cloud does on its own as time passes. What a test does to the world by hand does not count.
// Results of jobs that tell of an error pass by here, too.
import type { Event } from '../../../simulator/kernel/event-log.js';
import { Simulator } from '../../../simulator/simulator.js';
import { lookAtError } from './error-texts.js';
import { isSought, tellShown } from './test-in-progress.js';

const watched = new WeakSet<Simulator>();

/** From now on, notes the changes of state in a simulator. */
export function lookAtTransitions(simulator: unknown): void {
  if (!(simulator instanceof Simulator) || watched.has(simulator)) return;
  watched.add(simulator);
  simulator.subscribe(note);
}

function note({ cause, entity, from, to, data }: Event): void {
  noteResult(data['result']);
  const event = data['event'];
  if (typeof event !== 'string' || from === null || to === null) return;
  if (!/^(request|job|task|fault):/.test(cause)) return;
  const key = `${entity} ${from} ${event} ${to}`;
  if (isSought('transitions', key)) tellShown('transitions', key);
}

/** The result of a job is in its row; not every test asks for it through the API. */
function noteResult(result: unknown): void {
  if (typeof result !== 'object' || result === null) return;
  const { errorcode, errortext } = result as Readonly<Record<string, unknown>>;
  lookAtError(errorcode, errortext);
}
