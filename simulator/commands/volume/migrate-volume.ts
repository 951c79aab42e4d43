import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, StoragePoolRow, VolumeRow } from '../../world/entities.js';
import { endVolumeOperation } from '../../world/interrupted-operations.js';
import { hasRoom } from '../../world/storage/pool-space.js';
import { storageNeedsOf } from '../../world/storage/storage-pools.js';
import { vmQueue } from '../../world/compute/virtual-machines.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { assertMayMigrate, beginMigration, finishMigration } from './migration.js';
import { setOffering } from './resize-steps.js';
import { volumeResponse } from './volume-response.js';
import { volumeText } from './volume-rules.js';

/**
 * Moves a volume to another storage pool, where it keeps its id; users know no pools, but may
 * (MigrateVolumeCmd, VolumeApiServiceImpl.migrateVolume).
 */
export const migrateVolume = asyncCommand({
  name: 'migrateVolume',
  summary: 'Moves a volume to another storage pool.',
  roles: everyRole,
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
  steps: [
    (context, { volumeid: volume, storageid: pool, livemigrate, newdiskofferingid: offering }) => {
      assertMayMoveTo(context, volume, pool, { live: livemigrate === true, offering });
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

function assertMayMoveTo(
  context: CommandContext,
  volume: VolumeRow,
  pool: StoragePoolRow,
  { live, offering }: { readonly live: boolean; readonly offering: DiskOfferingRow | undefined },
): void {
  const { world } = context;
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
  const needs = offering ?? storageNeedsOf(world, volume);
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm !== undefined) {
    assertNoVmSnapshots(
      world,
      vm.id,
      'Volume cannot be migrated, please remove all VM snapshots for VM to which this volume is attached',
    );
  }
  if (pool.removedMs !== null) {
    throw invalidParameter(`Failed to find the destination storage pool: ${pool.internalId}`);
  }
  assertMayMigrate(world, volume, pool, needs);
  if (vm?.state === 'Running' && !live) {
    throw invalidParameter(
      `The volume ${volumeText(world, volume)}is attached to a vm and for migrating it the parameter livemigrate should be specified`,
    );
  }
  const { sizeBytes: bytes, templateId } = volume;
  if (!hasRoom(world, pool, [{ bytes, templateId }])) {
    throw cloudRuntime(
      `Storage pool ${pool.name} does not have enough space to migrate volume ${volume.name}`,
    );
  }
}
