import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, objectOf, rootOnlyRole, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, StoragePoolRow, VolumeRow } from '../../world/entities.js';
import { assertMayDeployDiskOffering } from '../../world/identity/offering-access.js';
import { endVolumeOperation } from '../../world/interrupted-operations.js';
import { storageNeedsOf } from '../../world/storage/storage-pools.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { beginMigration, finishMigration } from './migration.js';
import { assertMayCome, assertMayLeave, assertPoolSuits } from './migration-rules.js';
import { hasStrictOffering } from './resize-rules.js';
import { setOffering } from './resize-steps.js';
import { volumeResponse } from './volume-response.js';
import { volumeText } from './volume-rules.js';

/**
 * Moves a volume to another storage pool, where it keeps its id; since 4.18 only root admins may by
 * default (MigrateVolumeCmd, VolumeApiServiceImpl.migrateVolume).
 */
export const migrateVolume = asyncCommand({
  name: 'migrateVolume',
  summary: 'Moves a volume to another storage pool.',
  roles: rootOnlyRole,
  since: '3.0.0',
  javaClass: {
    user: 'user.volume.MigrateVolumeCmd',
    rootAdmin: 'admin.volume.MigrateVolumeCmdByAdmin',
  },
  parameters: {
    volumeid: entity('volume', { required: true }),
    storageid: entity('storagepool', { required: true }),
    livemigrate: flag(),
    newdiskofferingid: entity('diskoffering'),
  },
  response: objectOf(volumeResponse),
  subject: ({ volumeid }) => ({ type: 'Volume', id: volumeid.id }),
  queue: (_, { volumeid }) => (volumeid.vmId === null ? null : vmQueue(volumeid.vmId)),
  admit: assertMayMove,
  steps: [
    (context, args) => {
      const { volumeid: volume } = args;
      assertMayMove(context, args);
      beginMigration(context.world, volume);
      return wait('duration.volume.migrate');
    },
    ({ world }, { volumeid: volume, storageid: pool, newdiskofferingid: offering }) => {
      finishMigration(world, volume, pool.id);
      setOffering(world, volume, offering);
      return done(volume);
    },
  ],
  afterFailure: ({ world }, { volumeid: volume }) => {
    endVolumeOperation(world, volume.id);
  },
});

function assertMayMove(
  context: CommandContext,
  asked: {
    readonly volumeid: VolumeRow;
    readonly storageid: StoragePoolRow;
    readonly livemigrate: boolean | undefined;
    readonly newdiskofferingid: DiskOfferingRow | undefined;
  },
): void {
  const { world } = context;
  const { volumeid: volume, storageid: pool, newdiskofferingid: offering } = asked;
  if (volume.removedMs !== null) {
    throw invalidParameter(`Failed to find the volume id: ${volume.internalId}`);
  }
  assertMayOperate(context, 'volume', volume);
  if (volume.state !== 'Ready') throw invalidParameter('Volume must be in ready state');
  if (volume.poolId === pool.id) {
    throw invalidParameter(
      `Volume ${volumeText(world, volume)} is already on the destination storage pool`,
    );
  }
  assertMayLeave(world, volume, asked.livemigrate === true);
  assertMayCome(world, volume, pool);
  if (offering !== undefined) assertMayGet(context, volume, offering);
  assertPoolSuits(volume, pool, offering ?? storageNeedsOf(world, volume));
}

/** Whether there is an offering, for the caller and where the volume is (retrieveAndValidateNewDiskOffering). */
function assertMayGet(
  { world, caller }: CommandContext,
  volume: VolumeRow,
  offering: DiskOfferingRow,
): void {
  if (offering.removedMs !== null) {
    throw invalidParameter(`The disk offering informed is not valid [id=${offering.internalId}].`);
  }
  if (hasStrictOffering(world, volume)) {
    throw invalidParameter(
      `Disk offering cannot be changed to the volume ${volume.id} since existing disk offering is strictly associated with the volume`,
    );
  }
  const zone = world.zones.require(volume.zoneId);
  assertMayDeployDiskOffering(world, caller.account, offering, zone);
}
