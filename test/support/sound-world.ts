// What every test that changes a world may ask at its end: that nothing in it contradicts itself,
// and that its event log tells all that happened.
import { deepStrictEqual } from 'node:assert';
import { checkEventLog } from '../../simulator/world/invariants/event-log-invariants.js';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import { checkRow } from '../../simulator/world/invariants/row-invariants.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { World } from '../../simulator/world/world.js';

/** Throws, naming each contradiction, unless all invariants of the world hold. */
export function assertSound({ world }: { readonly world: World }): void {
  deepStrictEqual(checkInvariants(world), []);
  deepStrictEqual(checkEventLog(world), []);
}

const watched = new WeakSet<Simulator>();

/**
 * From now on, every event that a request, a job, a task or a fault brings about must leave its row
 * sound; what a test does to the world by hand does not count.
 */
export function watchRows(simulator: Simulator): void {
  if (watched.has(simulator)) return;
  watched.add(simulator);
  simulator.subscribe(({ seq, cause, entity, id }) => {
    if (!/^(request|job|task|fault):/.test(cause)) return;
    const broken = checkRow(simulator.world, entity, id);
    if (broken.length > 0) deepStrictEqual(broken, [], `after event ${seq} of ${cause}`);
  });
}
