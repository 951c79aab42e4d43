import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  proceed,
  wait,
} from '../../declare/command.js';
import { entity, entityList, flag, records, text } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  serverApiError,
} from '../../world/cloud-exception.js';
import type {
  SnapshotPolicyRow,
  SnapshotRow,
  SnapshotType,
  VolumeRow,
  ZoneRow,
} from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { dropOldest } from '../../world/storage/recurring-snapshots.js';
import { beginCopies, finishCopies } from '../../world/storage/snapshot-copies.js';
import { storesOf } from '../../world/storage/snapshot-stores.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  allocateSnapshot,
  backUpInBackground,
  beginSnapshot,
  failBackup,
  finishBackup,
  finishOnPrimary,
  mayBeBackedUp,
  removeSnapshot,
} from '../../world/storage/snapshots.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { putTags } from '../tag/put-tags.js';
import {
  assertMaySnapshot,
  assertNotEncryptedInUse,
  assertReadyForSnapshot,
} from './snapshot-rules.js';
import { createdSnapshotResponse, inOwnZone } from './snapshot-response.js';

/**
 * Takes a snapshot and copies it to secondary storage. What goes wrong in the job is told by one
 * text only, and the snapshot stays in the state that it had reached (CreateSnapshotCmd.execute,
 * VolumeApiServiceImpl.takeSnapshot).
 */
export const createSnapshot = asyncCreateCommand({
  name: 'createSnapshot',
  summary: 'Takes a snapshot of a volume.',
  roles: everyRole,
  javaClass: { user: 'user.snapshot.CreateSnapshotCmd' },
  parameters: {
    volumeid: entity('volume', { required: true }),
    name: text(),
    quiescevm: flag(),
    locationtype: text(),
    asyncbackup: flag(),
    tags: records(),
    policyid: entity('snapshotpolicy'),
    zoneids: entityList('zone', { since: '4.19.0' }),
    // CloudStack takes both and gives the snapshot to the volume's owner.
    account: text(),
    domainid: entity('domain'),
  },
  response: objectOf(createdSnapshotResponse),
  subjectType: 'Snapshot',
  queue: (snapshot: SnapshotRow, { world }) => {
    const { vmId } = world.volumes.require(snapshot.volumeId);
    return vmId === null ? null : vmQueue(vmId);
  },
  create: (context, { volumeid: volume, policyid: policy, name, locationtype, zoneids }) => {
    const { world } = context;
    if (volume.removedMs !== null) {
      throw invalidParameter(`Unable to find volume by id=${volume.internalId}`);
    }
    const owner = world.accounts.require(volume.accountId);
    assertMayOperate(context, 'account', owner);
    const zones = zoneids ?? [];
    assertMaySnapshot(context, volume, {
      locationType: readLocationType(locationtype, volume),
      zones,
      hasPolicy: policy !== undefined,
    });
    const type = policy === undefined ? 'MANUAL' : intervalOf(policy);
    const storage = world.settings.get('snapshot.backup.to.secondary')
      ? 'secondary_storage'
      : 'primary_storage';
    assertWithinLimits(world, owner, { snapshot: 1, [storage]: volume.sizeBytes });
    return allocateSnapshot(world, volume, { name, type });
  },
  steps: [
    (context, args, { createdId }) =>
      toldByOneText(args.volumeid, () => {
        const { world } = context;
        const { volumeid: volume, quiescevm } = args;
        const zones = zonesOf(world, args);
        if (volume.removedMs !== null) {
          throw cloudRuntime(
            `Creating snapshot failed due to volume:${volume.internalId} doesn't exist`,
          );
        }
        if (zones.some(({ removedMs }) => removedMs !== null)) {
          throw invalidParameter('Please specify a valid destination zone.');
        }
        assertMayOperate(context, 'volume', volume);
        assertReadyForSnapshot(world, volume);
        assertNotEncryptedInUse(world, volume);
        if (quiescevm === true) {
          throw invalidParameter("can't handle quiescevm equal true for volume snapshot");
        }
        const snapshot = world.snapshots.require(createdId);
        if (snapshot.removedMs !== null) throw cloudRuntime(`snapshot ${snapshot.id} is gone`);
        beginSnapshot(world, snapshot, volume);
        return wait('duration.snapshot.take');
      }),
    ({ world }, args, { createdId }) => {
      const { volumeid: volume, asyncbackup } = args;
      const snapshot = world.snapshots.require(createdId);
      finishOnPrimary(world, snapshot, volume);
      if (snapshot.state !== 'BackingUp') return proceed;
      if (asyncbackup === true) {
        backUpInBackground(world, snapshot, zonesOf(world, args));
        return proceed;
      }
      if (mayBeBackedUp(world, snapshot)) return wait('duration.snapshot.backup');
      failBackup(world, snapshot);
      throw internalError(volume);
    },
    ({ world }, args, { createdId }) => {
      const snapshot = world.snapshots.require(createdId);
      if (snapshot.state !== 'BackingUp' || args.asyncbackup === true) return proceed;
      finishBackup(world, snapshot);
      const zones = zonesOf(world, args);
      const failed = beginCopies(world, snapshot, zones);
      return failed.length === zones.length ? proceed : wait('duration.snapshot.copy');
    },
    (context, args, { createdId }) =>
      toldByOneText(args.volumeid, () => {
        const { world } = context;
        const { policyid: policy, asyncbackup, tags } = args;
        const snapshot = world.snapshots.require(createdId);
        if (policy !== undefined) dropOldest(world, snapshot, policy.maxSnaps);
        if (asyncbackup !== true) {
          finishCopies(
            world,
            snapshot,
            zonesOf(world, args).map(({ id }) => id),
          );
        }
        putTags(context, {
          tags: tags ?? [],
          resourceType: 'Snapshot',
          resourceIds: [snapshot.id],
        });
        return done(inOwnZone(world, snapshot));
      }),
  ],
  // What was taken and could not be backed up is removed; what could not be taken stays, as Error.
  afterFailure: ({ world }, _, { createdId }) => {
    const snapshot = world.snapshots.require(createdId);
    const wasTaken = storesOf(world, createdId).some(({ state }) => state === 'Ready');
    if (snapshot.state === 'Error' && wasTaken) removeSnapshot(world, snapshot);
  },
});

/** To which zones the snapshot is copied: the caller says so, or the policy. */
function zonesOf(
  world: World,
  args: {
    readonly zoneids: readonly ZoneRow[] | undefined;
    readonly policyid: SnapshotPolicyRow | undefined;
  },
): readonly ZoneRow[] {
  if (args.policyid === undefined) return args.zoneids ?? [];
  return args.policyid.zoneIds.map((id) => world.zones.require(id));
}

/** A policy that is gone CloudStack looks up in vain, and trips over that. */
function intervalOf({ interval, removedMs }: SnapshotPolicyRow): SnapshotType {
  if (removedMs === null) return interval;
  throw cloudRuntime(
    'Cannot invoke "com.cloud.storage.SnapshotPolicyVO.getInterval()" because "spstPolicyVO" is null',
  );
}

function readLocationType(locationType: string | undefined, volume: VolumeRow): string | undefined {
  if (locationType === undefined) return undefined;
  if (['PRIMARY', 'SECONDARY'].includes(locationType.trim().toUpperCase())) return locationType;
  throw cloudRuntime(
    `Invalid locationType ${locationType}Specified for volume ${volume.internalId} Valid values are: primary,secondary `,
  );
}

function toldByOneText<Out>(volume: VolumeRow, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    if (error instanceof CloudException && error.exception !== 'ServerApiException') {
      throw internalError(volume);
    }
    throw error;
  }
}

function internalError({ id }: VolumeRow): CloudException {
  return serverApiError(
    530,
    `Failed to create snapshot due to an internal error creating snapshot for volume ${id}`,
  );
}
