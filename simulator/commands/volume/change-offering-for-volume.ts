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
import { CloudException, cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, StoragePoolRow, VolumeRow } from '../../world/entities.js';
import { assertMayUseDiskOffering } from '../../world/identity/offering-access.js';
import { endVolumeOperation } from '../../world/interrupted-operations.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import type { World } from '../../world/world.js';
import { beginMigration, destinationFor, finishMigration, suitablePools } from './migration.js';
import { assertMayMigrate } from './migration-rules.js';
import { assertMayChange, assertMayResize, sizeBytesWith } from './offering-change-rules.js';
import { assertSizeMayChange, assertVmAllowsResize, poolHasRoom } from './resize-rules.js';
import { beginResize, changeAllocated, finishResize, setOffering } from './resize-steps.js';
import type { ResizePlan } from './resized-size.js';
import { iopsWith, isSameSpeed, type AskedIops } from './volume-iops.js';
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
    miniops: long(),
    maxiops: long(),
    shrinkok: flag(),
    automigrate: flag(),
  },
  response: objectOf(volumeResponse),
  queue: (_, { id }) => (id.vmId === null ? null : vmQueue(id.vmId)),
  admit: (context, args) => {
    const { id: volume } = args;
    const plan = allowedPlan(context, args);
    if (volume.state !== 'Allocated') isAlike(context.world, volume, plan);
  },
  steps: [
    (context, args, { remember }) => {
      const { id: volume, diskofferingid: offering, automigrate } = args;
      const { world } = context;
      const plan = allowedPlan(context, args);
      const { newBytes } = plan;
      if (volume.state === 'Allocated') {
        changeAllocated(world, volume, plan, offering);
        return done(volume);
      }
      const isSame = isAlike(world, volume, plan);
      remember({ newBytes, isSame });
      const pools = suitablePools(world, volume, offering);
      const stays = pools.some(({ id }) => id === volume.poolId);
      if (stays && isSame) return ended(world, volume, offering);
      if (stays) return resizing(world, volume, newBytes);
      if (automigrate !== true) throw mustMove(volume);
      remember({ poolId: beginMoving(world, volume, offering, pools, newBytes) });
      return wait('duration.volume.migrate');
    },
    ({ world }, { id: volume, diskofferingid: offering }, { memo }) => {
      const newBytes = Number(memo['newBytes']);
      const { poolId } = memo;
      if (typeof poolId !== 'string') return resized(world, volume, newBytes);
      toldAsMigration(world, volume, poolId, () => {
        finishMigration(world, volume, poolId);
      });
      if (memo['isSame'] === true) return ended(world, volume, offering);
      setOffering(world, volume, offering);
      return endsAnyway(volume, () => resizing(world, volume, newBytes));
    },
    ({ world }, { id: volume }, { memo }) =>
      endsAnyway(volume, () => resized(world, volume, Number(memo['newBytes']))),
  ],
  // The job is about nothing, by CloudStack's count.
  afterFailure: ({ world }, { id: volume }) => {
    endVolumeOperation(world, volume.id);
  },
});

/** What is to be made of the volume, if it may be so (changeDiskOfferingForVolumeInternal). */
function allowedPlan(
  context: CommandContext,
  asked: AskedIops & {
    readonly id: VolumeRow;
    readonly diskofferingid: DiskOfferingRow;
    readonly size?: number | undefined;
    readonly shrinkok?: boolean | undefined;
  },
): ResizePlan {
  const { id: volume, diskofferingid: offering, size, shrinkok } = asked;
  const { world } = context;
  if (volume.removedMs !== null) throw invalidParameter('No such volume');
  assertMayOperate(context, 'volume', volume);
  if (offering.removedMs !== null) {
    throw invalidParameter('Requested disk offering has been removed.');
  }
  const { accounts, zones } = world;
  const owner = accounts.require(volume.accountId);
  assertMayUseDiskOffering(world, owner, offering, zones.require(volume.zoneId));
  const newBytes = sizeBytesWith(offering, size);
  const plan = { newBytes, ...iopsWith(volume, offering.disk, asked) };
  assertMayChange(world, volume, offering, newBytes);
  assertSizeMayChange(world, volume, newBytes, shrinkok === true);
  return plan;
}

/** Whether size and speed stay; throws where the volume cannot get others now. */
function isAlike(world: World, volume: VolumeRow, plan: ResizePlan): boolean {
  if (plan.newBytes === volume.sizeBytes && isSameSpeed(volume, plan)) return true;
  assertMayResize(world, volume, plan.newBytes);
  return false;
}

/** Where size and speed stay there is nothing to do on the storage. */
function ended(world: World, volume: VolumeRow, offering: DiskOfferingRow): StepOutcome<VolumeRow> {
  setOffering(world, volume, offering);
  return done(volume);
}

function resizing(world: World, volume: VolumeRow, newBytes: number): StepOutcome<VolumeRow> {
  return toldAsResize(volume, () => {
    if (!poolHasRoom(world, volume, newBytes)) throw cloudRuntime('no room');
    assertVmAllowsResize(world, volume, newBytes);
    beginResize(world, volume);
    return wait('duration.volume.resize');
  });
}

function resized(world: World, volume: VolumeRow, newBytes: number): StepOutcome<VolumeRow> {
  return toldAsResize(volume, () => {
    finishResize(world, volume, newBytes);
    return done(volume);
  });
}

/** After a migration CloudStack only notes that the resize failed. */
function endsAnyway(volume: VolumeRow, act: () => StepOutcome<VolumeRow>): StepOutcome<VolumeRow> {
  try {
    return act();
  } catch (error) {
    if (error instanceof CloudException) return done(volume);
    throw error;
  }
}

/** Answers the id of the pool to which the volume moves because its own does not suit. */
function beginMoving(
  world: World,
  volume: VolumeRow,
  offering: DiskOfferingRow,
  pools: readonly StoragePoolRow[],
  newBytes: number,
): string {
  const failed = `Volume change offering operation failed for volume: ${volumeText(world, volume)} as no suitable pool(s)`;
  const asked = { bytes: newBytes, templateId: volume.templateId };
  const pool = destinationFor(world, pools, asked, {
    withoutPool: `${failed} found for migrating to support new disk offering`,
    withoutRoom: `${failed} with enough space found for volume migration.`,
  });
  toldAsMigration(world, volume, pool.id, () => {
    assertMayMigrate(world, volume, pool, { needs: offering, live: true });
  });
  beginMigration(world, volume);
  return pool.id;
}

function mustMove(volume: VolumeRow): CloudException {
  return invalidParameter(
    `Failed to change offering for volume ${volume.id} since automigrate is set to false but volume needs to migrated`,
  );
}

function toldAsResize<Out>(volume: VolumeRow, act: () => Out): Out {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw cloudRuntime(
      `Volume change offering operation failed for volume ID: ${volume.id} due to resize volume operation failed`,
    );
  }
}

function toldAsMigration(world: World, volume: VolumeRow, poolId: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    const { internalId: id, name } = world.storagePools.require(poolId);
    const pool = `StoragePool ${JSON.stringify({ id, name, uuid: poolId })}`;
    throw cloudRuntime(
      `Volume change offering operation failed for volume: ${volumeText(world, volume)} migration failed to storage pool ${pool} due to ${error.message}`,
    );
  }
}
