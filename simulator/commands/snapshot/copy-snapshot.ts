import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { asyncCommand, done, everyRole, objectOf, proceed, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { SnapshotRow, ZoneRow } from '../../world/entities.js';
import { beginCopies, finishCopies } from '../../world/storage/snapshot-copies.js';
import { readyImageIn } from '../../world/storage/snapshot-stores.js';
import type { World } from '../../world/world.js';
import { onEachStore, snapshotResponse, type SnapshotOnStore } from './snapshot-response.js';

interface Copy {
  readonly id: SnapshotRow;
  readonly sourcezoneid: ZoneRow | undefined;
  readonly destzoneid: ZoneRow | undefined;
  readonly destzoneids: readonly ZoneRow[] | undefined;
}

/**
 * Copies a snapshot to the secondary storage of other zones, where it keeps its id. All that it
 * checks is part of the job, which fails only if the snapshot reaches none of the zones
 * (CopySnapshotCmd.execute, SnapshotManagerImpl.copySnapshot).
 */
export const copySnapshot = asyncCommand({
  name: 'copySnapshot',
  summary: 'Copies a snapshot from one zone to others; it keeps its id.',
  since: '4.19.0',
  roles: everyRole,
  grantedByType: true,
  javaClass: { user: 'user.snapshot.CopySnapshotCmd' },
  parameters: {
    id: entity('snapshot', { required: true }),
    sourcezoneid: entity('zone'),
    destzoneid: entity('zone'),
    destzoneids: entityList('zone'),
  },
  response: objectOf(snapshotResponse),
  subject: ({ id }) => ({ type: 'Snapshot', id: id.id }),
  steps: [
    (context, args) => {
      const { world } = context;
      const { id: snapshot } = args;
      const zones = destinationsOf(args);
      assertMayCopy(context, args, zones);
      const failed = beginCopies(world, snapshot, zones, args.sourcezoneid);
      if (failed.length === zones.length) throw cloudRuntime('Failed to copy snapshot');
      const isThere = zones.every((zone) => readyImageIn(world, snapshot.id, zone.id));
      return isThere ? proceed : wait('duration.snapshot.copy');
    },
    ({ world }, args) => {
      const { id: snapshot } = args;
      const zones = destinationsOf(args);
      finishCopies(
        world,
        snapshot,
        zones.map(({ id }) => id),
      );
      return done(inFirstZone(world, snapshot, zones));
    },
  ],
});

function destinationsOf({ destzoneid: one, destzoneids: several = [] }: Copy): readonly ZoneRow[] {
  if (one === undefined && several.length === 0) {
    throw invalidParameter('Either destzoneid or destzoneids parameters have to be specified.');
  }
  if (one !== undefined && several.length > 0) {
    throw invalidParameter('Both destzoneid and destzoneids cannot be specified at the same time.');
  }
  return one === undefined ? several : [one];
}

/** SnapshotManagerImpl.getCheckedSnapshotForCopy, getCheckedDestinationZoneForSnapshotCopy. */
function assertMayCopy(
  context: CommandContext,
  { id: snapshot, sourcezoneid }: Copy,
  zones: readonly ZoneRow[],
): void {
  const { world, caller } = context;
  if (snapshot.removedMs !== null && snapshot.state !== 'Destroyed') {
    throw invalidParameter('Unable to find snapshot with id');
  }
  if (snapshot.state !== 'BackedUp') throw invalidParameter('Snapshot is not backed up');
  const source = sourcezoneid ?? world.zones.require(snapshot.zoneId);
  if (zones.some(({ id }) => id === source.id)) {
    throw invalidParameter('Please specify different source and destination zones.');
  }
  if (source.removedMs !== null) throw invalidParameter('Please specify a valid source zone.');
  for (const zone of zones) {
    if (zone.removedMs !== null) {
      throw invalidParameter('Please specify a valid destination zone.');
    }
    if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
      throw permissionDenied(
        `Cannot perform this operation, Zone is currently disabled: ${zone.name}`,
      );
    }
  }
  assertMayOperate(context, 'snapshot', snapshot);
  if (readyImageIn(world, snapshot.id, source.id) === undefined) {
    throw invalidParameter(`There is no snapshot ID: ${snapshot.id} ready on image store`);
  }
}

/** The job shows the copy in the first of the zones (QueryManagerImpl.listSnapshot). */
function inFirstZone(
  world: World,
  snapshot: SnapshotRow,
  [zone]: readonly ZoneRow[],
): SnapshotOnStore {
  const copy = onEachStore(world, snapshot).find(
    ({ store }) => store?.role === 'Image' && store.zoneId === zone?.id,
  );
  if (copy === undefined) {
    throw cloudRuntime('Index 0 out of bounds for length 0');
  }
  return copy;
}
