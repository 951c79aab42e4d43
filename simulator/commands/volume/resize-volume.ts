import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type StepOutcome,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag, long } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  serverApiError,
  type Exception,
} from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VolumeRow } from '../../world/entities.js';
import { vmQueue } from '../../world/virtual-machines.js';
import { GIB_BYTES } from '../../world/volumes.js';
import type { World } from '../../world/world.js';
import {
  assertInCustomRange,
  assertNoSnapshotOnItsWay,
  assertReadyOrAllocated,
  assertRootIsStopped,
  assertSizeMayChange,
  assertVmAllowsResize,
  diskSizeOffering,
  poolHasRoom,
  sizeOfferingOf,
  type SizeOffering,
} from './resize-rules.js';
import { beginResize, finishResize, setOffering } from './resize-steps.js';
import { volumeResponse } from './volume-response.js';

/**
 * Changes the size of a volume, by itself or with its offering. CloudStack turns what is invalid
 * into "unsupported", 432, and keeps the code of a limit (ResizeVolumeCmd.execute, VolumeApiServiceImpl.resizeVolume).
 */
export const resizeVolume = asyncCommand({
  name: 'resizeVolume',
  summary: 'Changes the size of a volume.',
  roles: everyRole,
  javaClass: {
    user: 'user.volume.ResizeVolumeCmd',
    rootAdmin: 'admin.volume.ResizeVolumeCmdByAdmin',
  },
  parameters: {
    id: entity('volume', { required: true, access: 'operate' }),
    size: long(),
    shrinkok: flag(),
    diskofferingid: entity('diskoffering'),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => ({ type: 'Volume', id: id.id }),
  queue: (_, { id }) => (id.vmId === null ? null : vmQueue(id.vmId)),
  check: (_, { id: volume }) => {
    if (volume.removedMs === null) return;
    throw invalidParameter(`Unable to find volume by id=${volume.internalId}`);
  },
  steps: [
    (context, { id: volume, size, shrinkok, diskofferingid: offering }, { remember }) =>
      withResizeCodes((): StepOutcome<VolumeRow> => {
        const { world } = context;
        const newBytes = newSizeBytes(context, volume, size, offering);
        assertSizeMayChange(world, volume, newBytes, shrinkok === true);
        if (volume.state === 'Allocated') {
          setOffering(world, volume, offering);
          world.volumes.change(volume, { sizeBytes: newBytes });
          return done(volume);
        }
        if (!poolHasRoom(world, volume, newBytes)) throw poolIsFull(volume);
        if (newBytes === volume.sizeBytes && offering !== undefined) {
          setOffering(world, volume, offering);
          return done(volume);
        }
        assertVmAllowsResize(world, volume, newBytes);
        remember({ newBytes });
        beginResize(world, volume);
        return wait('duration.volume.resize');
      }),
    ({ world }, { id: volume, diskofferingid: offering }, { memo }) => {
      finishResize(world, volume, Number(memo['newBytes']));
      setOffering(world, volume, offering);
      return done(volume);
    },
  ],
});

function newSizeBytes(
  context: CommandContext,
  volume: VolumeRow,
  sizeGib: number | undefined,
  offering: DiskOfferingRow | undefined,
): number {
  const { world } = context;
  if (volume.removedMs !== null) throw invalidParameter('No such volume');
  assertNoSnapshotOnItsWay(world, volume);
  assertMayOperate(context, 'volume', volume);
  assertReadyOrAllocated(volume);
  const current = sizeOfferingOf(world, volume);
  if (offering !== undefined) {
    const newBytes = sizeByOffering(world, current, diskSizeOffering(offering), sizeGib);
    assertRootIsStopped(world, volume, newBytes);
    return newBytes;
  }
  if (sizeGib === undefined) return volume.sizeBytes;
  if (current.isCustom) assertInCustomRange(world, sizeGib);
  if (volume.type === 'ROOT' && current.isComputeOnly && current.sizeGib > 0) {
    throw invalidParameter(
      'Failed to resize Root volume. The service offering of this Volume has been configured with a root disk size; on such case a Root Volume can only be resized when changing to another Service Offering with a Root disk size. For more details please check out the Official Resizing Volumes documentation.',
    );
  }
  return sizeGib * GIB_BYTES;
}

function sizeByOffering(
  world: World,
  current: SizeOffering,
  wanted: SizeOffering,
  sizeGib: number | undefined,
): number {
  assertSameTags(current.storageTags, wanted.storageTags);
  if (!wanted.isCustom) return wanted.sizeGib * GIB_BYTES;
  if (sizeGib === undefined) {
    throw invalidParameter('The new disk offering requires that a size be specified.');
  }
  assertInCustomRange(world, sizeGib);
  return sizeGib * GIB_BYTES;
}

function assertSameTags(current: readonly string[], wanted: readonly string[]): void {
  if (current.length === 0) {
    if (wanted.length === 0) return;
    throw invalidParameter(
      'There are no tags on the current disk offering. The new disk offering needs to have no tags, as well.',
    );
  }
  const isSame = current.length === wanted.length && current.every((tag) => wanted.includes(tag));
  if (isSame) return;
  throw invalidParameter('The tags on the new and old disk offerings must match.');
}

function poolIsFull(volume: VolumeRow): CloudException {
  return cloudRuntime(
    `Failed to resize volume ${volume.id} since the storage pool does not have enough space to accommodate new size for the volume ${volume.name}, try with automigrate set to true in order to check in the other suitable pools for the new size and then migrate & resize volume there.`,
  );
}

/** The codes that CloudStack gives to exceptions here. */
const resizeCodes: Readonly<Partial<Record<Exception, number>>> = {
  InvalidParameterValueException: 432,
  ResourceAllocationException: 535,
};

function withResizeCodes<Out>(act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    const code = resizeCodes[error.exception];
    throw code === undefined ? error : serverApiError(code, error.message);
  }
}
