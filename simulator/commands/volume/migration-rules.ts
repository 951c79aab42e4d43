import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import type { StoragePoolRow, VmRow, VolumeRow } from '../../world/entities.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { hasRoom } from '../../world/storage/pool-space.js';
import { storesOf } from '../../world/storage/snapshot-stores.js';
import {
  isInMaintenance,
  poolSuits,
  type StorageNeeds,
} from '../../world/storage/storage-pools.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { volumeText } from './volume-rules.js';

/**
 * What VolumeApiServiceImpl.migrateVolume asks of a volume that is Ready on another pool, in its
 * order. What its offering there, or the new one, asks of the pool comes last.
 */
export function assertMayMigrate(
  world: World,
  volume: VolumeRow,
  pool: StoragePoolRow,
  { needs, live }: { readonly needs: StorageNeeds; readonly live: boolean },
): void {
  assertMayLeave(world, volume, live);
  assertMayCome(world, volume, pool);
  assertPoolSuits(volume, pool, needs);
}

/** What keeps a volume where it is. */
export function assertMayLeave(world: World, volume: VolumeRow, live: boolean): void {
  assertVmLetsGo(world, volume, live);
  if (!isEncrypted(world, volume)) return;
  throw invalidParameter('Migration of encrypted volumes is unsupported');
}

function assertVmLetsGo(world: World, volume: VolumeRow, live: boolean): void {
  if (volume.vmId === null) return;
  const vm = world.vms.require(volume.vmId);
  if (vm.state !== 'Stopped' && vm.state !== 'Running') {
    throw cloudRuntime(
      `Volume migration is not allowed when the VM is in the ${vm.state} state. Supported states are: [Stopped, Running, Shutdown].`,
    );
  }
  assertNoVmSnapshots(
    world,
    vm.id,
    'Volume cannot be migrated, please remove all VM snapshots for VM to which this volume is attached',
  );
  if (vm.state === 'Running') assertMovesLive(world, volume, vm, live);
}

function assertMovesLive(world: World, volume: VolumeRow, vm: VmRow, live: boolean): void {
  if (vm.hypervisor === 'KVM') {
    throw invalidParameter(
      "KVM does not support volume live migration due to the limited possibility to refresh VM XML domain. Therefore, to live migrate a volume between storage pools, one must migrate the VM to a different host as well to force the VM XML domain update. Use 'migrateVirtualMachineWithVolumes' instead.",
    );
  }
  if (live) return;
  throw invalidParameter(
    `The volume ${volumeText(world, volume)}is attached to a vm and for migrating it the parameter livemigrate should be specified`,
  );
}

/** What keeps a volume from a pool, whatever its offering. */
export function assertMayCome(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  if (pool.removedMs !== null) {
    throw invalidParameter(`Failed to find the destination storage pool: ${pool.internalId}`);
  }
  if (isInMaintenance(pool)) {
    throw invalidParameter(
      `Cannot migrate volume ${volumeText(world, volume)}to the destination storage pool ${pool.name} as the storage pool is in maintenance mode.`,
    );
  }
  assertSnapshotsStay(world, volume, pool);
  const { sizeBytes: bytes, templateId } = volume;
  if (!hasRoom(world, pool, [{ bytes, templateId }])) {
    throw cloudRuntime(
      `Storage pool ${pool.name} does not have enough space to migrate volume ${volume.name}`,
    );
  }
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm?.state !== 'Running' || pool.clusterId === null || vm.hostId === null) return;
  if (world.hosts.require(vm.hostId).clusterId === pool.clusterId) return;
  throw invalidParameter(
    'Cannot migrate a volume of a virtual machine to a storage pool in a different cluster',
  );
}

/** Snapshots that KVM has on the pool alone would be lost (SnapshotHelper). */
function assertSnapshotsStay(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  if (hypervisorOf(world, volume) !== 'KVM') return;
  const onlyThere = world.snapshots.where('volumeId', volume.id).filter(({ id }) => {
    const stores = storesOf(world, id).filter(({ state }) => state === 'Ready');
    return stores.length > 0 && stores.every(({ role }) => role === 'Primary');
  });
  if (onlyThere.length === 0) return;
  const listed = onlyThere.map(({ id, name }) => JSON.stringify({ uuid: id, name })).join(', ');
  const hint = world.settings.get('snapshot.backup.to.secondary')
    ? ''
    : ' Consider excluding them to migrate the volume to another storage.';
  const text = volumeText(world, volume);
  throw cloudRuntime(
    `Unable to migrate ${text} to the destination storage pool [StoragePool ${JSON.stringify({ name: pool.name, uuid: pool.id })}] ` +
      `due to [${text} is a KVM volume and has snapshots only in primary storage. Snapshots [${listed}].${hint}]`,
  );
}

/** Whether the pool is what an offering asks for. */
export function assertPoolSuits(
  volume: VolumeRow,
  pool: StoragePoolRow,
  needs: StorageNeeds,
): void {
  if ((pool.scope === 'HOST') !== (needs.storageType === 'local')) {
    throw invalidParameter(
      'You cannot move the volume to a shared storage and assign a disk offering for local storage and vice versa.',
    );
  }
  if (poolSuits(pool, needs)) return;
  throw invalidParameter(
    `Migration failed: target pool [${pool.name}, tags:[${pool.tags.join(', ')}]] has no matching tags for volume [${volume.name}, uuid:${volume.id}, tags:${needs.storageTags.join(',')}]`,
  );
}
