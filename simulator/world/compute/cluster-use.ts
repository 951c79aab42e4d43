import type { HostRow } from '../entities.js';
import { ownClusterSetting } from '../settings/configurations.js';
import { takenBySize, takenOfHost, type HostedSize } from './occupancy.js';
import { overprovisioningOf } from './overprovisioning.js';
import type { World } from '../world.js';

/** How much of a cluster's enabled hosts VMs have. */
export interface ClusterUse {
  readonly shareOfCpu: number;
  readonly shareOfMemory: number;
  readonly totalMhz: number;
  readonly totalMib: number;
}

export function useOfHosts(world: World, hosts: readonly HostRow[]): ClusterUse {
  let [mhz, totalMhz, mib, totalMib] = [0, 0, 0, 0];
  for (const host of hosts) {
    if (host.state !== 'Enabled') continue;
    const taken = takenOfHost(world, host);
    mhz += taken.mhz;
    mib += taken.mib;
    totalMhz += host.cpuCores * host.cpuMhz;
    totalMib += host.memoryMib;
  }
  return {
    shareOfCpu: totalMhz === 0 ? 0 : mhz / totalMhz,
    shareOfMemory: totalMib === 0 ? 0 : mib / totalMib,
    totalMhz,
    totalMib,
  };
}

/**
 * Whether a cluster with one VM more stays within the shares of its CPU and its memory above which it
 * gets none (FirstFitPlanner.removeClustersCrossingThreshold).
 */
export function isBelowThresholds(
  world: World,
  clusterId: string,
  use: ClusterUse,
  size: HostedSize,
): boolean {
  const { mhz, mib } = takenBySize(size, overprovisioningOf(world, clusterId));
  const isBelow = (share: number, more: number, total: number, name: ThresholdName): boolean =>
    total === 0 ||
    share + more / total <= (ownClusterSetting(world, clusterId, name) ?? world.settings.get(name));
  return (
    isBelow(use.shareOfCpu, mhz, use.totalMhz, 'cluster.cpu.allocated.capacity.disablethreshold') &&
    isBelow(
      use.shareOfMemory,
      mib,
      use.totalMib,
      'cluster.memory.allocated.capacity.disablethreshold',
    )
  );
}

type ThresholdName =
  | 'cluster.cpu.allocated.capacity.disablethreshold'
  | 'cluster.memory.allocated.capacity.disablethreshold';
