import type { VmRow } from '../entities.js';
import { clusterFactors, ownClusterSetting } from '../settings/configurations.js';
import type { World } from '../world.js';

/** How many times what they have the hosts of a cluster may promise to VMs. */
export interface Overprovisioning {
  readonly cpu: number;
  readonly memory: number;
}

/**
 * A cluster keeps the factors that were set when it was made, or that it was given since; those for
 * everything are for clusters to come (CapacityManagerImpl, `cluster_details`).
 */
export function overprovisioningOf(world: World, clusterId: string): Overprovisioning {
  return {
    cpu: ownClusterSetting(world, clusterId, 'cpu.overprovisioning.factor') ?? 1,
    memory: ownClusterSetting(world, clusterId, 'mem.overprovisioning.factor') ?? 1,
  };
}

/** Whether a cluster ever had factors of its own. */
export function hasOwnFactors(world: World, clusterId: string): boolean {
  return clusterFactors.some((name) => ownClusterSetting(world, clusterId, name) !== undefined);
}

const CPU_RATIO = 'cpuOvercommitRatio';
const MEMORY_RATIO = 'memoryOvercommitRatio';

/**
 * Notes by which factors a VM is counted that goes to a cluster; of one that never met a factor above
 * 1 nothing is noted (VirtualMachineManagerImpl.updateOverCommitRatioForVmProfile).
 */
export function countInCluster(world: World, vm: VmRow, clusterId: string): void {
  const { cpu, memory } = overprovisioningOf(world, clusterId);
  const noted = notedFactors(vm);
  const isNews = (factor: number, known: number | undefined): boolean =>
    known === undefined ? factor > 1 : factor !== known;
  const news = {
    ...(isNews(cpu, noted.cpu) ? { [CPU_RATIO]: factorText(cpu) } : {}),
    ...(isNews(memory, noted.memory) ? { [MEMORY_RATIO]: factorText(memory) } : {}),
  };
  if (Object.keys(news).length === 0) return;
  world.vms.change(vm, { details: { ...vm.details, ...news } });
}

/** A factor as clusters and VMs show it. */
export function factorText(factor: number): string {
  return factor === 1 ? '1.0' : String(factor);
}

/** The factors under which a VM started, as far as any were noted. */
export function notedFactors({ details }: Pick<VmRow, 'details'>): Partial<Overprovisioning> {
  const [cpu, memory] = [factor(details[CPU_RATIO]), factor(details[MEMORY_RATIO])];
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

/** The factors by which a VM is counted (CapacityManagerImpl.updateCapacityForHost). */
export function factorsOf(vm: Pick<VmRow, 'details'>, today: Overprovisioning): Overprovisioning {
  return { ...today, ...notedFactors(vm) };
}

/** Root admins can write anything into details; what is below 1 would fill hosts that have room. */
function factor(text: string | undefined): number | undefined {
  const number = Number(text ?? NaN);
  return number >= 1 && Number.isFinite(number) ? number : undefined;
}
