import type { NetworkRow, PhysicalNetworkRow, VlanRangeRow } from '../entities.js';
import type { World } from '../world.js';

/** The physical network of a zone. */
export function physicalNetworkOf(world: World, zoneId: string): PhysicalNetworkRow {
  const found = world.physicalNetworks.all().find((row) => row.zoneId === zoneId);
  if (found === undefined) throw new Error(`zone ${zoneId} has no physical network`);
  return found;
}

/** Enters the range of a shared network, which gives its addresses to VMs; other networks have none. */
export function addRangeOf(world: World, network: NetworkRow): void {
  const { id: networkId, zoneId, gateway, netmask, startIp, endIp } = network;
  if (network.type !== 'Shared' || gateway === null || netmask === null) return;
  if (startIp === null || endIp === null) return;
  world.vlanRanges.insert({
    zoneId,
    physicalNetworkId: physicalNetworkOf(world, zoneId).id,
    networkId,
    vlan: `vlan://${network.vlan}`,
    gateway,
    netmask,
    startIp,
    endIp,
  });
}

/** Removes the ranges of a network that is removed. */
export function removeRangesOf(world: World, networkId: string): void {
  for (const range of rangesOf(world, networkId)) world.vlanRanges.remove(range);
}

function rangesOf(world: World, networkId: string): VlanRangeRow[] {
  return world.vlanRanges.where('networkId', networkId);
}
