import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import {
  cloudRuntime,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { HostRow, VmRow, VolumeRow, ZoneRow } from '../../world/entities.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { hasActiveSnapshots } from '../../world/storage/snapshots.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { hasActiveVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { hypervisorOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { volumeText } from '../volume/volume-rules.js';

/**
 * What createSnapshot checks inside the HTTP request, in CloudStack's order
 * (VolumeApiServiceImpl.allocSnapshot, SnapshotManagerImpl.supportedByHypervisor).
 */
export function assertMaySnapshot(
  context: CommandContext,
  volume: VolumeRow,
  asked: {
    readonly locationType: string | undefined;
    readonly zones: readonly ZoneRow[];
    readonly hasPolicy: boolean;
  },
): void {
  const { locationType, zones, hasPolicy } = asked;
  assertZoneIsEnabled(context, context.world.zones.require(volume.zoneId));
  assertReadyForSnapshot(context.world, volume);
  if (locationType !== undefined) {
    throw invalidParameter(
      `VolumeId: ${volume.internalId} LocationType is supported only for managed storage`,
    );
  }
  if (zones.length > 0) {
    if (hasPolicy) {
      throw invalidParameter('zoneids parameter can not be specified with policyid parameter');
    }
    assertMayGoTo(context, zones);
  }
  assertHypervisorAllows(context.world, volume);
  assertVmAllows(context.world, volume);
}

/** What else is asked of a snapshot that is to be copied to other zones. */
function assertMayGoTo(context: CommandContext, zones: readonly ZoneRow[]): void {
  if (!context.world.settings.get('snapshot.backup.to.secondary')) {
    throw invalidParameter(
      'Backing up of snapshot has been disabled. Snapshot can not be taken for multiple zones',
    );
  }
  for (const zone of zones) {
    if (zone.removedMs !== null) throw invalidParameter('Unable to find the specified zone');
    assertZoneIsEnabled(context, zone);
  }
}

/** Only a Ready volume is on a pool; one that was never attached is not. */
export function assertReadyForSnapshot(world: World, volume: VolumeRow): void {
  if (volume.state === 'Ready') return;
  throw invalidParameter(
    `Volume: ${volumeText(world, volume)} is not in Ready state but ${volume.state}. Cannot take snapshot.`,
  );
}

/** Of what is encrypted nothing is read while a VM uses it (VolumeApiServiceImpl.takeSnapshot). */
export function assertNotEncryptedInUse(world: World, volume: VolumeRow): void {
  if (volume.vmId === null || world.vms.require(volume.vmId).state === 'Stopped') return;
  if (!isEncrypted(world, volume)) return;
  throw serverApiError(
    432,
    'Failed to create snapshot due to unsupported operation: Volume snapshots for encrypted volumes are not supported if VM is running',
  );
}

export function assertZoneIsEnabled({ caller }: CommandContext, zone: ZoneRow): void {
  if (zone.allocationState === 'Enabled' || isRootAdmin(caller)) return;
  throw permissionDenied(`Cannot perform this operation, Zone is currently disabled: ${zone.name}`);
}

/**
 * CloudStack asks the hosts of the cluster, or those of the zone that are up, so for a local pool,
 * which has neither, the setting does not count.
 */
function assertHypervisorAllows(world: World, volume: VolumeRow): void {
  if (volume.vmId === null || world.settings.get('kvm.snapshot.enabled')) return;
  if (hypervisorOf(world, volume) !== 'KVM' || hostsAsked(world, volume).length === 0) return;
  const { state } = world.vms.require(volume.vmId);
  if (state === 'Stopped' || state === 'Destroyed') return;
  throw cloudRuntime(
    'KVM Snapshot is not supported for Running VMs. It is disabled by default due to a possible volume corruption in certain cases. To enable it set global settings kvm.snapshot.enabled to True. See the documentation for more details.',
    'With the setting kvm.snapshot.enabled=true it takes snapshots of the disks of running VMs on KVM.',
  );
}

function hostsAsked(world: World, { poolId, zoneId }: VolumeRow): HostRow[] {
  const pool = poolId === null ? undefined : world.storagePools.require(poolId);
  if (pool === undefined || pool.scope === 'HOST') return [];
  if (pool.scope === 'ZONE') {
    return world.hosts.all().filter((host) => host.zoneId === zoneId && host.up);
  }
  return pool.clusterId === null ? [] : world.hosts.where('clusterId', pool.clusterId);
}

/** What the VM of a volume asks for: that it lives, and that no other snapshot is on its way. */
export function assertVmAllows(world: World, volume: VolumeRow): void {
  if (volume.vmId === null) return;
  const vm = world.vms.require(volume.vmId);
  if (vm.state === 'Destroyed' || vm.state === 'Expunging') throw doomed(world, volume, vm);
  if (vm.hypervisor !== 'XenServer' && hasActiveSnapshots(world, vm.id)) {
    throw invalidParameter(
      'There is other active snapshot tasks on the instance to which the volume is attached, please try again later',
    );
  }
  if (!hasActiveVmSnapshots(world, vm.id, ['Creating', 'Reverting', 'Expunging'])) return;
  throw cloudRuntime(
    'There is other active vm snapshot tasks on the instance to which the volume is attached, please try again later',
  );
}

function doomed(world: World, volume: VolumeRow, vm: VmRow): ReturnType<typeof cloudRuntime> {
  return cloudRuntime(
    `Creating snapshot failed due to volume: ${volumeText(world, volume)} is associated with vm: ${vmText(vm)} is in ${vm.state} state`,
  );
}
