import type { BaseRow } from '../base-row.js';
import type { Table } from '../table.js';
import type { World } from '../world.js';

// What is true of space and of what accounts have: it is the sum of its users, and none of them has
// less than nothing. Each violation is a sentence.

/** What is kept as a total (of hosts, pools, accounts and networks) is what the rows add up to. */
export function sums(table: Table<BaseRow>): string[] {
  return table
    .wrongTotals()
    .map(
      ({ column, value, name, kept, sum }) =>
        `the ${name} of each ${table.entity} with ${column} ${value} add up to ${sum}, not to ${kept}`,
    );
}

/**
 * Nothing takes less than nothing. How much a pool promises has no limit here: a volume that is
 * recovered needs no room, and the factor by which pools promise more than they have can change.
 */
export function sizes({ volumes, snapshotStores, templateZones, vms }: World): string[] {
  return [
    ...volumes.all().map(({ id, sizeBytes }) => ({ name: `volume ${id}`, amount: sizeBytes })),
    ...[...snapshotStores.all(), ...templateZones.all()].flatMap(
      ({ id, sizeBytes, physicalSizeBytes }) => [
        { name: `image ${id}`, amount: sizeBytes },
        { name: `image ${id}`, amount: physicalSizeBytes },
      ],
    ),
    ...vms
      .all()
      .flatMap(({ id, cpuNumber, cpuMhz, memoryMib }) =>
        [cpuNumber, cpuMhz, memoryMib].map((amount) => ({ name: `VM ${id}`, amount })),
      ),
  ]
    .filter(({ amount }) => !(amount >= 0))
    .map(({ name, amount }) => `${name} takes ${amount}`);
}
