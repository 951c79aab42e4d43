import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  wait,
  type JobProgress,
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
import { storageNeedsOf } from '../../world/storage/storage-pools.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import type { World } from '../../world/world.js';
import { beginMigration, destinationFor, finishMigration, suitablePools } from './migration.js';
import { assertMayMigrate } from './migration-rules.js';
import { assertSizeMayChange, assertVmAllowsResize, poolHasRoom } from './resize-rules.js';
import { resizePlan, type ResizePlan } from './resized-size.js';
import { beginResize, changeAllocated, finishResize, setOffering } from './resize-steps.js';
import { isSameSpeed } from './volume-iops.js';
import { volumeResponse } from './volume-response.js';

/**
 * Changes the size of a volume, by itself or with its offering. CloudStack turns what is invalid
 * into "unsupported", 432, and keeps the code of a limit (ResizeVolumeCmd.execute,
 * VolumeApiServiceImpl.resizeVolume).
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
    miniops: long(),
    maxiops: long(),
    shrinkok: flag(),
    diskofferingid: entity('diskoffering'),
    automigrate: flag({ since: '4.20.1' }),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => ({ type: 'Volume', id: id.id }),
  queue: (_, { id }) => (id.vmId === null ? null : vmQueue(id.vmId)),
  check: (_, { id: volume }) => {
    if (volume.removedMs === null) return;
    throw invalidParameter(`Unable to find volume by id=${volume.internalId}`);
  },
  admit: (context, asked) => void withResizeCodes(() => allowedPlan(context, asked)),
  steps: [
    (context, asked, { remember }) =>
      withResizeCodes((): StepOutcome<VolumeRow> => {
        const { world } = context;
        const { id: volume, diskofferingid: offering, automigrate } = asked;
        const plan = allowedPlan(context, asked);
        const { newBytes } = plan;
        if (volume.state === 'Allocated') {
          changeAllocated(world, volume, plan, offering);
          return done(volume);
        }
        const fits = poolHasRoom(world, volume, newBytes);
        if (!fits && automigrate !== true) throw poolIsFull(volume);
        const isSame = newBytes === volume.sizeBytes && isSameSpeed(volume, plan);
        if (fits && isSame && offering !== undefined) {
          setOffering(world, volume, offering);
          return done(volume);
        }
        if (fits) return begun(world, volume, newBytes, remember);
        const poolId = beginMoving(world, volume, newBytes, offering);
        remember({ newBytes, poolId });
        return wait('duration.volume.migrate');
      }),
    ({ world }, { id: volume, diskofferingid: offering }, { memo, remember }) => {
      const newBytes = Number(memo['newBytes']);
      const { poolId } = memo;
      if (typeof poolId !== 'string') return resized(world, volume, newBytes);
      return withResizeCodes(() => {
        toldAsMigration(world, volume, poolId, () => {
          finishMigration(world, volume, poolId);
        });
        setOffering(world, volume, offering);
        return begun(world, volume, newBytes, remember);
      });
    },
    ({ world }, { id: volume }, { memo }) => resized(world, volume, Number(memo['newBytes'])),
  ],
});

/** What is to be made of the volume, if it may be so (VolumeApiServiceImpl.resizeVolume). */
function allowedPlan(
  context: CommandContext,
  asked: Parameters<typeof resizePlan>[2] & {
    readonly id: VolumeRow;
    readonly diskofferingid: DiskOfferingRow | undefined;
    readonly shrinkok: boolean | undefined;
  },
): ResizePlan {
  const { id: volume, diskofferingid: offering, shrinkok } = asked;
  const plan = resizePlan(context, volume, asked, offering);
  assertSizeMayChange(context.world, volume, plan.newBytes, shrinkok === true);
  return plan;
}

function begun(
  world: World,
  volume: VolumeRow,
  newBytes: number,
  remember: JobProgress['remember'],
): StepOutcome<VolumeRow> {
  assertVmAllowsResize(world, volume, newBytes);
  remember({ newBytes });
  beginResize(world, volume);
  return wait('duration.volume.resize');
}

function resized(world: World, volume: VolumeRow, newBytes: number): StepOutcome<VolumeRow> {
  finishResize(world, volume, newBytes);
  return done(volume);
}

/** Answers the id of the pool to which the volume moves because its own has no room. */
function beginMoving(
  world: World,
  volume: VolumeRow,
  newBytes: number,
  offering: DiskOfferingRow | undefined,
): string {
  const needs = offering ?? storageNeedsOf(world, volume);
  const failed = `Volume resize failed for volume ID: ${volume.id} as no suitable pool(s)`;
  const asked = { bytes: newBytes, templateId: volume.templateId };
  const pool = destinationFor(world, suitablePools(world, volume, needs), asked, {
    withoutPool: `${failed} found for migrating to support new disk offering or new size`,
    withoutRoom: `${failed} with enough space found.`,
  });
  toldAsMigration(world, volume, pool.id, () => {
    assertMayMigrate(world, volume, pool, { needs, live: true });
  });
  beginMigration(world, volume);
  return pool.id;
}

function toldAsMigration(world: World, volume: VolumeRow, poolId: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw cloudRuntime(
      `Volume resize operation failed for volume ID: ${volume.id} as migration failed to storage pool ${world.storagePools.require(poolId).internalId} accommodating new size`,
    );
  }
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
