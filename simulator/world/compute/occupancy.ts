import type { HostRow, VmRow, VolumeRow } from '../entities.js';
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

/**
 * What a volume takes of its pool, which is nothing once it is destroyed, and that the pool has
 * something of the volume's template.
 */
export function takenByVolume({
  state,
  sizeBytes,
  templateId,
}: VolumeRow): Readonly<Record<string, number>> {
  const bytes = state === 'Destroy' ? 0 : sizeBytes;
  return templateId === null ? { bytes } : { bytes, [templateId]: 1 };
}

/** The MHz and MiB of a host that VMs have, those among them that migrate to it. */
export function takenOfHost(world: World, host: HostRow): { mhz: number; mib: number } {
  const total = (name: string): number =>
    world.vms.total('hostId', host.id, name) + world.vms.total('destinationHostId', host.id, name);
  return { mhz: total('mhz'), mib: total('mib') };
}
