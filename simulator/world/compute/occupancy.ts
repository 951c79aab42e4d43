import type { HostRow, VmRow, VolumeRow } from '../entities.js';
import type { World } from '../world.js';
import {
  factorsOf,
  notedFactors,
  overprovisioningOf,
  type Overprovisioning,
} from './overprovisioning.js';

/** What of a VM decides what it takes of a host. */
export type HostedSize = Pick<VmRow, 'cpuNumber' | 'cpuMhz' | 'memoryMib'>;

/** Something that VMs have of a host. */
export type Taken = Readonly<Record<'mhz' | 'mib', number>>;

/**
 * What a VM has of its host, as it adds up: by the factors under which it started, or as it is where
 * it started under none; such a VM is counted by those of today.
 */
export function sharesOfVm(
  vm: HostedSize & Pick<VmRow, 'details'>,
): Readonly<Record<string, number>> {
  const { cpu, memory } = notedFactors(vm);
  const { mhz, mib } = takenBySize(vm, { cpu: cpu ?? 1, memory: memory ?? 1 });
  return {
    [cpu === undefined ? 'plainMhz' : 'mhz']: mhz,
    [memory === undefined ? 'plainMib' : 'mib']: mib,
  };
}

/** What a VM has of a host where hosts promise so many times what they have. */
export function takenByVm(vm: HostedSize & Pick<VmRow, 'details'>, today: Overprovisioning): Taken {
  return takenBySize(vm, factorsOf(vm, today));
}

/** What a VM takes where hosts promise so many times what they have. */
export function takenBySize(
  { cpuNumber, cpuMhz, memoryMib }: HostedSize,
  { cpu, memory }: Overprovisioning,
): Taken {
  return { mhz: binaryPart(cpuNumber * cpuMhz, cpu), mib: binaryPart(memoryMib, memory) };
}

/** Rounded down to what adds up exactly, in whatever order. */
function binaryPart(amount: number, factor: number): number {
  return factor === 1 ? amount : Math.floor((amount / factor) * 1_024) / 1_024;
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
export function takenOfHost(world: World, host: HostRow): Taken {
  const total = (name: string): number =>
    world.vms.total('hostId', host.id, name) + world.vms.total('destinationHostId', host.id, name);
  const { cpu, memory } = overprovisioningOf(world, host.clusterId);
  return {
    mhz: total('mhz') + binaryPart(total('plainMhz'), cpu),
    mib: total('mib') + binaryPart(total('plainMib'), memory),
  };
}
