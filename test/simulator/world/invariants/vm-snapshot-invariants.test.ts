// Proves that the invariants of VM snapshots hold through their life, and that each notices what it is
// there for.
import { expect, test } from '@playwright/test';
import type { VmSnapshotRow } from '../../../../simulator/world/entities.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type { World } from '../../../../simulator/world/world.js';
import { vmSnapshotOf, vmWithDisk } from '../../../support/simulator-vm-snapshots.js';
import { assertSound } from '../../../support/sound-world.js';

type Corruption = (world: World, first: VmSnapshotRow, second: VmSnapshotRow) => RegExp;

const violations: Readonly<Record<string, Corruption>> = {
  'two snapshots are the current one': ({ vmSnapshots }, first) => {
    vmSnapshots.change(first, { current: true });
    return /^VM \S+ has 2 current snapshots$/;
  },
  'two snapshots are at work': ({ vmSnapshots }, first, second) => {
    for (const row of [first, second]) vmSnapshots.move(row, 'RevertRequested');
    return /^VM \S+ has 2 snapshots at work$/;
  },
  'a snapshot follows one that is gone': ({ vmSnapshots }, first) => {
    vmSnapshots.remove(first);
    return /^VM snapshot \S+ follows \S+, which is removed$/;
  },
  'a snapshot that is not taken is the current one': (world, _, second) => {
    const { id, internalId, ...rest } = second;
    world.vmSnapshots.change(second, { current: false });
    world.vmSnapshots.insert({
      ...rest,
      state: 'Allocated',
      current: true,
      name: `${id}${internalId}`,
    });
    return /^VM snapshot \S+ is Allocated and the current one$/;
  },
  'a snapshot is Removed and there': ({ vmSnapshots }, first) => {
    vmSnapshots.move(first, 'ExpungeRequested');
    vmSnapshots.move(first, 'OperationSucceeded');
    return /^VM snapshot \S+ is Removed and listed$/;
  },
  'a snapshot is of no VM': ({ vmSnapshots }, first, second) => {
    vmSnapshots.remove(second);
    vmSnapshots.change(first, { vmId: 'nothing' });
    return /^VM snapshot \S+ is of VM nothing, which is removed$/;
  },
};

for (const [what, corrupt] of Object.entries(violations)) {
  test(what, () => {
    const { user, simulator, vmId } = vmWithDisk('advanced-xenserver');
    const rows = ['first', 'second'].map((name) => vmSnapshotOf(user, vmId, { name }));
    const [first, second] = rows.map(({ id }) =>
      simulator.world.vmSnapshots.require(id as string),
    ) as [VmSnapshotRow, VmSnapshotRow];
    assertSound(simulator);
    const sentence = corrupt(simulator.world, first, second);
    const found = checkInvariants(simulator.world);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });
}
