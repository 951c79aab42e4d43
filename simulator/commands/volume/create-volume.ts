import {
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  proceed,
  wait,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { finalizeOwner, ownerOfNew, ownerParameters } from '../../declare/ownership.js';
import { entity, long, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, SnapshotRow, VolumeRow, ZoneRow } from '../../world/entities.js';
import { assertMayUseDiskOffering } from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import {
  GIB_BYTES,
  allocateDataVolume,
  destroyVolume,
  finishCreation,
} from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { beginAttachment, finishAttachment } from './attach-steps.js';
import {
  allocateFromSnapshot,
  assertMayRestore,
  assertOfferingMayBeChosen,
  beginRestoration,
  offeringOf,
  orDestroyed,
  type ChosenOffering,
  type Offering,
} from './volume-from-snapshot.js';
import { createdVolumeResponse } from './volume-response.js';
import { assertLocalStorageFits, assertZoneIsUsable, volumeSizeGib } from './volume-rules.js';

/**
 * Enters a volume, and nothing more: it gets its place on a pool when it is first attached. From a
 * snapshot it is made at once, and with `virtualmachineid` attached
 * (VolumeApiServiceImpl.allocVolume, createVolume).
 */
export const createVolume = asyncCreateCommand({
  name: 'createVolume',
  summary: 'Creates a disk volume from a disk offering or from a snapshot.',
  roles: everyRole,
  javaClass: {
    user: 'user.volume.CreateVolumeCmd',
    rootAdmin: 'admin.volume.CreateVolumeCmdByAdmin',
  },
  parameters: {
    name: text(),
    diskofferingid: entity('diskoffering'),
    size: long(),
    snapshotid: entity('snapshot'),
    zoneid: entity('zone'),
    // Without a snapshot CloudStack attaches nothing and does not say so.
    virtualmachineid: entity('virtualmachine', { access: 'operate' }),
    ...ownerParameters,
  },
  response: objectOf(createdVolumeResponse),
  subjectType: 'Volume',
  create: (context, args) => {
    const { world } = context;
    const { snapshotid: snapshot, virtualmachineid: vm } = args;
    ownerOfNew(context, args);
    const owner = finalizeOwner(context, args);
    const accountId = owner.id;
    const chosen = chosenOffering(world, args);
    if (chosen !== undefined) {
      assertMayUseDiskOffering(world, owner, chosen.diskOffering, args.zoneid);
    }
    const name = args.name?.trim() ? args.name : world.kernel.ids.uuid();
    if (snapshot !== undefined) {
      const zone = args.zoneid ?? world.zones.require(snapshot.zoneId);
      assertMayRestore(context, snapshot, { zone, vm, chosen });
      const sizeBytes = chosen === undefined ? snapshot.sizeBytes : chosen.sizeGib * GIB_BYTES;
      assertWithinLimits(world, owner, { volume: 1, primary_storage: sizeBytes });
      assertUsable(context, zone, chosen?.diskOffering ?? offeringOf(world, snapshot));
      return allocateFromSnapshot(world, { name, accountId, snapshot, zone, chosen });
    }
    if (chosen === undefined) {
      throw invalidParameter(
        'At least one of disk Offering ID or snapshot ID must be passed whilst creating volume',
      );
    }
    const sizeBytes = chosen.sizeGib * GIB_BYTES;
    assertWithinLimits(world, owner, { volume: 1, primary_storage: sizeBytes });
    const zone = existingZone(args.zoneid);
    assertUsable(context, zone, chosen.diskOffering);
    return allocateDataVolume(world, { name, accountId, zoneId: zone.id, ...chosen });
  },
  steps: [
    ({ world }, { snapshotid, virtualmachineid: vm }, { createdId }) => {
      const volume = existing(world, createdId);
      if (snapshotid === undefined) return done(volume);
      orDestroyed(world, volume, () => {
        beginRestoration(world, volume, vm);
      });
      return wait('duration.volume.restore');
    },
    (context, { virtualmachineid: vm }, { createdId, remember }) => {
      const { world } = context;
      const volume = existing(world, createdId);
      finishCreation(world, volume);
      if (vm === undefined) return done(volume);
      const deviceId = orDestroyed(world, volume, () =>
        beginAttachment(context, volume, vm, undefined),
      );
      remember({ deviceId });
      return vm.state === 'Running' ? wait('duration.volume.attach') : proceed;
    },
    ({ world }, { virtualmachineid: vm }, { createdId, memo }) => {
      const volume = world.volumes.require(createdId);
      if (vm === undefined) throw new Error(`volume ${createdId} is to be attached to nothing`);
      orDestroyed(world, volume, () => {
        finishAttachment(world, volume, vm, Number(memo['deviceId']));
      });
      return done(volume);
    },
  ],
  afterFailure: ({ world }, { snapshotid }, { createdId }) => {
    const volume = world.volumes.require(createdId);
    const isFilled = snapshotid !== undefined && volume.removedMs === null;
    if (isFilled && world.volumes.allows(volume, 'DestroyRequested')) destroyVolume(world, volume);
  },
});

/** The offering that the caller names, and the size that the volume has with it. */
function chosenOffering(
  world: World,
  args: {
    readonly diskofferingid?: DiskOfferingRow | undefined;
    readonly snapshotid?: SnapshotRow | undefined;
    readonly size?: number | undefined;
  },
): ChosenOffering | undefined {
  const { diskofferingid: offering, snapshotid: snapshot, size } = args;
  if (offering === undefined) return undefined;
  if (snapshot !== undefined) assertOfferingMayBeChosen(world, snapshot);
  if (size !== undefined && size <= 0) throw invalidParameter('Disk size must be larger than 0');
  if (offering.removedMs !== null || !offering.active) {
    throw invalidParameter('Please specify a valid disk offering.');
  }
  return { diskOffering: offering, sizeGib: volumeSizeGib(world, offering, size) };
}

function existingZone(zone: ZoneRow | undefined): ZoneRow {
  if (zone?.removedMs === null) return zone;
  throw invalidParameter(`Unable to find zone by id ${zone?.internalId ?? 'null'}`);
}

function assertUsable(context: CommandContext, zone: ZoneRow, offering: Offering): void {
  assertZoneIsUsable(context, zone);
  assertLocalStorageFits(zone, offering);
}

/** The volume, unless somebody has deleted it meanwhile. */
function existing(world: World, volumeId: string): VolumeRow {
  const volume = world.volumes.require(volumeId);
  if (volume.removedMs !== null) throw serverApiError(530, 'Failed to create a volume');
  return volume;
}
