import { maxDataVolumesOn } from '../compute/hypervisor-capabilities.js';
import type { VmRow } from '../entities.js';
import type { World } from '../world.js';

// Which device ids the volumes of a VM can have: the root volume 0, the CD-ROM 3, data disks the rest
// (VolumeApiServiceImpl.getDeviceId).

export const ROOT_DEVICE_ID = 0;
export const CDROM_DEVICE_ID = 3;
export const FIRST_DATA_DEVICE_ID = 1;

/** The lowest device id that a data disk of this VM can get. */
export function freeDeviceId(world: World, vm: VmRow): number | undefined {
  const taken = new Set(world.volumes.where('vmId', vm.id).map(({ deviceId }) => deviceId));
  const highest = highestDeviceId(world, vm);
  for (let id = FIRST_DATA_DEVICE_ID; id <= highest; id += 1) {
    if (id !== CDROM_DEVICE_ID && !taken.has(id)) return id;
  }
  return undefined;
}

/** Device ids go one further than the number of data disks, because the CD-ROM takes one. */
export function highestDeviceId(world: World, vm: VmRow): number {
  return maxDataVolumes(world, vm) + 1;
}

/**
 * How many data disks a VM may have: as many as its host allows, or the one that it ran on last; of a
 * VM that never ran, the oldest hypervisor in its zone (VolumeApiServiceImpl.getMaxDataVolumesSupported).
 */
export function maxDataVolumes(world: World, vm: VmRow): number {
  const hostId = vm.hostId ?? vm.lastHostId;
  const version =
    hostId === null ? oldestVersion(world, vm) : world.hosts.require(hostId).hypervisorVersion;
  return maxDataVolumesOn(vm.hypervisor, version);
}

/** The first version in the order of texts, by which 10.0 comes before 9.0. */
function oldestVersion(world: World, { zoneId, hypervisor }: VmRow): string | null {
  const versions = world.hosts
    .all()
    .filter((host) => host.zoneId === zoneId)
    .filter(({ clusterId }) => world.clusters.require(clusterId).hypervisor === hypervisor)
    .map(({ hypervisorVersion }) => hypervisorVersion ?? '')
    .sort();
  return versions[0] || null;
}
