import type { HostRow, StoragePoolRow, VmRow, VolumeRow } from '../entities.js';
import type { World } from '../world.js';

/** What a VM takes of its host. */
export function takenByVm({
  cpuNumber,
  cpuMhz,
  memoryMib,
}: Pick<VmRow, 'cpuNumber' | 'cpuMhz' | 'memoryMib'>): {
  readonly mhz: number;
  readonly mib: number;
} {
  return { mhz: cpuNumber * cpuMhz, mib: memoryMib };
}

/** What a volume takes of its pool, and that the pool has something of the volume's template. */
export function takenByVolume({
  sizeBytes,
  templateId,
}: VolumeRow): Readonly<Record<string, number>> {
  return templateId === null ? { bytes: sizeBytes } : { bytes: sizeBytes, [templateId]: 1 };
}

/** The MHz and MiB of a host that VMs have, those among them that migrate to it. */
export function takenOfHost(world: World, host: HostRow): { mhz: number; mib: number } {
  const total = (name: string): number =>
    world.vms.total('hostId', host.id, name) + world.vms.total('destinationHostId', host.id, name);
  return { mhz: total('mhz'), mib: total('mib') };
}

/** What the volumes on a pool take of it; destroyed ones count until they are expunged. */
export function takenBytesOfPool(world: World, pool: StoragePoolRow): number {
  return world.volumes.total('poolId', pool.id, 'bytes');
}

/** Whether a volume on the pool came from the template, which the pool has then. */
export function hasTemplate(world: World, pool: StoragePoolRow, templateId: string): boolean {
  return world.volumes.total('poolId', pool.id, templateId) > 0;
}
