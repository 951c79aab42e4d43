import { assertMayOperate } from '../../declare/access.js';
import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type StepOutcome,
} from '../../declare/command.js';
import { entity, flag, long } from '../../declare/parameter.js';
import { CloudException, cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, VolumeRow } from '../../world/entities.js';
import { poolSuits } from '../../world/storage-pools.js';
import { vmQueue } from '../../world/virtual-machines.js';
import { GIB_BYTES, hypervisorOf } from '../../world/volumes.js';
import type { World } from '../../world/world.js';
import {
  assertNoSnapshotOnItsWay,
  assertReadyOrAllocated,
  assertRootIsStopped,
  assertSizeMayChange,
  assertVmAllowsResize,
  poolHasRoom,
  sizeOfferingOf,
} from './resize-rules.js';
import { beginResize, finishResize, setOffering } from './resize-steps.js';
import { volumeResponse } from './volume-response.js';
import { volumeText } from './volume-rules.js';

/**
 * Gives a volume another disk offering, and with it another size where they differ
 * (VolumeApiServiceImpl.changeDiskOfferingForVolumeInternal).
 */
export const changeOfferingForVolume = asyncCommand({
  name: 'changeOfferingForVolume',
  summary: 'Changes the disk offering of a volume.',
  roles: everyRole,
  grantedByType: true,
  parameters: {
    id: entity('volume', { required: true }),
    diskofferingid: entity('diskoffering', { required: true }),
    size: long(),
    shrinkok: flag(),
  },
  response: objectOf(volumeResponse),
  queue: (_, { id }) => (id.vmId === null ? null : vmQueue(id.vmId)),
  steps: [
    (context, { id: volume, diskofferingid: offering, size, shrinkok }, { remember }) => {
      const { world } = context;
      if (volume.removedMs !== null) throw invalidParameter('No such volume');
      assertMayOperate(context, 'volume', volume);
      const newBytes = sizeBytesWith(offering, size);
      assertMayChange(world, volume, offering, newBytes);
      assertSizeMayChange(world, volume, newBytes, shrinkok === true);
      if (volume.state === 'Allocated') {
        setOffering(world, volume, offering);
        world.volumes.change(volume, { sizeBytes: newBytes });
        return done(volume);
      }
      const isResized = newBytes !== volume.sizeBytes;
      if (isResized) assertMayResize(world, volume, newBytes);
      assertPoolSuits(world, volume, offering);
      if (!isResized) {
        setOffering(world, volume, offering);
        return done(volume);
      }
      return toldByOneText(volume, (): StepOutcome<VolumeRow> => {
        if (!poolHasRoom(world, volume, newBytes)) throw cloudRuntime('no room');
        assertVmAllowsResize(world, volume, newBytes);
        remember({ newBytes });
        beginResize(world, volume);
        return wait('duration.volume.resize');
      });
    },
    ({ world }, { id: volume, diskofferingid: offering }, { memo }) =>
      toldByOneText(volume, () => {
        finishResize(world, volume, Number(memo['newBytes']));
        setOffering(world, volume, offering);
        return done(volume);
      }),
  ],
});

function sizeBytesWith(offering: DiskOfferingRow, sizeGib: number | undefined): number {
  if (offering.sizeGib > 0) return offering.sizeGib * GIB_BYTES;
  if (sizeGib !== undefined) return sizeGib * GIB_BYTES;
  throw invalidParameter('The new disk offering requires that a size be specified.');
}

/** checkIfVolumeCanResizeWithNewDiskOffering, checkIfVolumeIsRootAndVmIsRunning. */
function assertMayChange(
  world: World,
  volume: VolumeRow,
  offering: DiskOfferingRow,
  newBytes: number,
): void {
  const current = sizeOfferingOf(world, volume);
  // For a custom offering CloudStack compares sizes in different units, which are never equal.
  if (current.id === offering.id && offering.sizeGib > 0) {
    throw invalidParameter(
      `Volume ${volumeText(world, volume)} is already having disk offering ${offering.id}`,
    );
  }
  if (!current.storageTags.every((tag) => offering.storageTags.includes(tag))) {
    throw invalidParameter(
      `Selected disk offering ${current.id} does not have tags as in existing disk offering of volume ${volume.id}`,
    );
  }
  assertRootIsStopped(world, volume, newBytes);
}

/** validateVolumeReadyStateAndHypervisorChecks. */
function assertMayResize(world: World, volume: VolumeRow, newBytes: number): void {
  assertNoSnapshotOnItsWay(world, volume);
  assertReadyOrAllocated(volume);
  if (hypervisorOf(world, volume) !== 'VMware' || newBytes >= volume.sizeBytes) return;
  throw invalidParameter(
    `VMware doesn't support shrinking volume from larger size: ${volume.sizeBytes} GB to a smaller size: ${newBytes} GB`,
  );
}

/**
 * A volume that its pool does not suit with the new offering would have to move. For a detached
 * one CloudStack looks at the tags alone, of which one will do, and not at local or shared
 * (ManagementServerImpl.findAllSuitableStoragePoolsForDetachedVolume).
 */
function assertPoolSuits(world: World, volume: VolumeRow, offering: DiskOfferingRow): void {
  const pool = world.storagePools.require(volume.poolId ?? '');
  const { storageTags } = offering;
  const suits =
    volume.vmId === null
      ? pool.up && (storageTags.length === 0 || storageTags.some((tag) => pool.tags.includes(tag)))
      : poolSuits(pool, offering);
  if (volume.state === 'Ready' && suits) return;
  throw invalidParameter(
    `Failed to change offering for volume ${volume.id} since automigrate is set to false but volume needs to migrated`,
  );
}

function toldByOneText<Out>(volume: VolumeRow, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw cloudRuntime(
      `Volume change offering operation failed for volume ID: ${volume.id} due to resize volume operation failed`,
    );
  }
}
