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
import { entity, flag, long, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type {
  AccountRow,
  DiskOfferingRow,
  SnapshotRow,
  VolumeRow,
  ZoneRow,
} from '../../world/entities.js';
import { assertMayUseDiskOffering } from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { allocateDataVolume } from '../../world/storage/volume-allocation.js';
import { GIB_BYTES, destroyVolume, finishCreation } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertMayBeId } from '../virtual-machine/custom-id.js';
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
import { newIops } from './volume-iops.js';
import {
  assertBelowMaximum,
  assertLocalStorageFits,
  assertZoneIsUsable,
  volumeSizeGib,
} from './volume-rules.js';

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
    miniops: long(),
    maxiops: long(),
    displayvolume: flag({ rootOnly: true }),
    customid: text(),
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
    const chosen = chosenOffering(world, owner, args);
    const isDisplayed = args.displayvolume !== false;
    const limited = (sizeBytes: number): void => {
      if (!isDisplayed) return;
      assertWithinLimits(world, owner, { volume: 1, primary_storage: sizeBytes });
    };
    if (snapshot !== undefined) {
      const zone = args.zoneid ?? world.zones.require(snapshot.zoneId);
      assertMayRestore(context, snapshot, { zone, vm, chosen });
      limited(chosen === undefined ? snapshot.sizeBytes : chosen.sizeGib * GIB_BYTES);
      assertUsable(
        context,
        existingZone(zone),
        chosen?.diskOffering ?? offeringOf(world, snapshot),
      );
      const own = ownColumns(context, args);
      return allocateFromSnapshot(world, { accountId, snapshot, zone, chosen, ...own });
    }
    if (chosen === undefined) {
      throw invalidParameter(
        'At least one of disk Offering ID or snapshot ID must be passed whilst creating volume',
      );
    }
    limited(chosen.sizeGib * GIB_BYTES);
    const zone = existingZone(args.zoneid);
    assertUsable(context, zone, chosen.diskOffering);
    const own = ownColumns(context, args);
    return allocateDataVolume(world, { accountId, zoneId: zone.id, ...chosen, ...own });
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

/** What the caller decides of the new row by itself. */
function ownColumns(
  context: CommandContext,
  args: {
    readonly name?: string | undefined;
    readonly customid?: string | undefined;
    readonly displayvolume?: boolean | undefined;
  },
): Pick<VolumeRow, 'id' | 'name' | 'isDisplayed'> {
  const { ids } = context.world.kernel;
  if (args.customid !== undefined) assertMayBeId(context, 'volume', args.customid);
  const id = args.customid?.toLowerCase() ?? ids.uuid();
  const name = args.name?.trim() ? args.name : ids.uuid();
  return { id, name, isDisplayed: args.displayvolume !== false };
}

/** The offering that the caller names, and the size and the speed that the volume has with it. */
function chosenOffering(
  world: World,
  owner: AccountRow,
  args: {
    readonly diskofferingid?: DiskOfferingRow | undefined;
    readonly snapshotid?: SnapshotRow | undefined;
    readonly size?: number | undefined;
    readonly miniops?: number | undefined;
    readonly maxiops?: number | undefined;
    readonly zoneid?: ZoneRow | undefined;
  },
): ChosenOffering | undefined {
  const { diskofferingid: offering, snapshotid: snapshot, size } = args;
  if (offering === undefined) return undefined;
  if (snapshot !== undefined) assertOfferingMayBeChosen(world, snapshot);
  if (size !== undefined && size <= 0) throw invalidParameter('Disk size must be larger than 0');
  if (offering.removedMs !== null || !offering.active) {
    throw invalidParameter('Please specify a valid disk offering.');
  }
  const sizeGib = volumeSizeGib(world, offering, size);
  assertMayUseDiskOffering(world, owner, offering, args.zoneid);
  const iops = newIops(offering, args);
  assertBelowMaximum(world, sizeGib);
  return { diskOffering: offering, sizeGib, ...iops };
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
