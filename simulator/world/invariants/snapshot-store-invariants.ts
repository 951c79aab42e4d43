import type { SnapshotRow, SnapshotStoreRow } from '../entities.js';
import { repeated } from '../repeated.js';
import type { SnapshotState } from '../states/snapshot.js';
import { storesOf } from '../storage/snapshot-stores.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

/** A policy belongs to a volume that is there, which has one of each interval; none rests unseen. */
export function snapshotPolicies(world: World): string[] {
  const policies = world.snapshotPolicies.all();
  return [
    ...policies
      .filter(({ volumeId }) => isGone(world.volumes.get(volumeId)))
      .map(({ id, volumeId }) => `policy ${id} is for volume ${volumeId}, which is removed`),
    ...policies
      .filter(({ isDisplayed, dueMs }) => isDisplayed !== (dueMs !== null))
      .map(
        ({ id, isDisplayed }) => `policy ${id} is ${isDisplayed ? 'never due' : 'hidden and due'}`,
      ),
    ...repeated(policies, ({ volumeId, interval }) => `${volumeId} ${interval}`).map(
      ([policy, other]) =>
        `policies ${policy.id} and ${other.id} both take ${policy.interval} snapshots of volume ${policy.volumeId}`,
    ),
  ];
}

/** What is true between two changes of the stores that snapshots are on. */
export function snapshotsOnStores(world: World): string[] {
  return [
    ...world.snapshots
      .all()
      .flatMap((snapshot) => storesOfState(snapshot, storesOf(world, snapshot.id))),
    ...world.snapshotStores.all().flatMap((store) => ownerAndPlace(world, store)),
    ...repeated(world.snapshotStores.all(), placeOf).map(
      ([store, other]) =>
        `stores ${store.id} and ${other.id} are of one snapshot in one place: ${placeOf(store)}`,
    ),
  ];
}

/** What must be on stores while a snapshot is in a state; in others anything may. */
const expected: Readonly<Partial<Record<SnapshotState, readonly RegExp[]>>> = {
  Allocated: [/^$/],
  Creating: [/^Primary Creating$/],
  // A later snapshot takes the copy on primary storage of one that a restart left in this state.
  BackingUp: [/^(Primary Ready, )?Image Creating$/],
  // A deletion that failed leaves what it began to delete as it is.
  BackedUp: [/ (Ready|Destroying)/],
  Destroying: [/^(\w+ Destroying(, |$))+$/],
};

function storesOfState({ id, state }: SnapshotRow, stores: readonly SnapshotStoreRow[]): string[] {
  const text = stores.map((store) => `${store.role} ${store.state}`).join(', ');
  const isAsExpected = expected[state]?.every((pattern) => pattern.test(text)) ?? true;
  return isAsExpected
    ? []
    : [`snapshot ${id} is ${state} and on ${text === '' ? 'no store' : text}`];
}

function ownerAndPlace(world: World, store: SnapshotStoreRow): string[] {
  const { id, role, poolId, snapshotId, state, physicalSizeBytes } = store;
  const takesRoom = role === 'Image' && (state === 'Ready' || state === 'Destroying');
  return [
    ...(isGone(world.snapshots.get(snapshotId))
      ? [`store ${id} is of snapshot ${snapshotId}, which is removed`]
      : []),
    ...((role === 'Primary') === (poolId !== null)
      ? []
      : [`store ${id} is ${role} and has pool ${poolId ?? 'none'}`]),
    ...(takesRoom === physicalSizeBytes > 0
      ? []
      : [`store ${id} is ${role} ${state} and takes ${physicalSizeBytes} bytes`]),
  ];
}

function placeOf({ snapshotId, role, poolId, zoneId }: SnapshotStoreRow): string {
  return `${snapshotId} ${role} ${poolId ?? zoneId}`;
}
