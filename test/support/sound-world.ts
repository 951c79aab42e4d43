// What every test that changes a world may ask at its end: that nothing in it contradicts itself,
// and that its event log tells all that happened.
import { deepStrictEqual } from 'node:assert';
import { checkEventLog } from '../../simulator/world/invariants/event-log-invariants.js';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import type { World } from '../../simulator/world/world.js';

/** Throws, naming each contradiction, unless all invariants of the world hold. */
export function assertSound({ world }: { readonly world: World }): void {
  deepStrictEqual(checkInvariants(world), []);
  deepStrictEqual(checkEventLog(world), []);
}
