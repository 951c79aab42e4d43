import type { NetworkRow, PhysicalNetworkRow, VlanRangeRow } from '../entities.js';
import type { NewRow } from '../table.js';
import type { World } from '../world.js';
import { ipv4Text, parseIpv4 } from './ipv4.js';

/** Public addresses are on no VLAN unless somebody says so. */
export const UNTAGGED = 'vlan://untagged';

/** A range as it is entered; whom it is for may be left out. */
export type NewRange = Omit<
  NewRow<VlanRangeRow>,
  'dedicatedAccountId' | 'dedicatedDomainId' | 'isForSystemVms'
> &
  Partial<Pick<VlanRangeRow, 'dedicatedAccountId' | 'dedicatedDomainId' | 'isForSystemVms'>>;

/** The physical network of a zone. */
export function physicalNetworkOf(world: World, zoneId: string): PhysicalNetworkRow {
  const found = world.physicalNetworks.all().find((row) => row.zoneId === zoneId);
  if (found === undefined) throw new Error(`zone ${zoneId} has no physical network`);
  return found;
}

/** Enters a range; of a public one each address is there, and Free. */
export function addRange(world: World, values: NewRange): VlanRangeRow {
  const range = world.vlanRanges.insert({
    dedicatedAccountId: null,
    dedicatedDomainId: null,
    isForSystemVms: false,
    ...values,
  });
  if (range.networkId === null) addPublicIps(world, range, range.startIp, range.endIp);
  return range;
}

/** Enters the range of a shared network, which gives its addresses to VMs; other networks have none. */
export function addRangeOf(world: World, network: NetworkRow): void {
  const { id: networkId, zoneId, gateway, netmask, startIp, endIp } = network;
  if (network.type !== 'Shared' || gateway === null || netmask === null) return;
  if (startIp === null || endIp === null) return;
  addRange(world, {
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

/** The ranges of a network, the oldest first. */
export function rangesOf(world: World, networkId: string): VlanRangeRow[] {
  return world.vlanRanges.where('networkId', networkId);
}

/** Removes the ranges of a network that is removed. */
export function removeRangesOf(world: World, networkId: string): void {
  for (const range of rangesOf(world, networkId)) world.vlanRanges.remove(range);
}

/**
 * Ranges that were dedicated to an account or a domain that is deleted are everybody's
 * (ConfigurationManagerImpl.releaseAccountSpecificVirtualRanges, releaseDomainSpecificVirtualRanges).
 */
export function endDedication(world: World, ownerId: string): void {
  for (const range of world.vlanRanges.all()) {
    if (range.dedicatedAccountId === ownerId) {
      world.vlanRanges.change(range, { dedicatedAccountId: null });
    }
    if (range.dedicatedDomainId === ownerId) {
      world.vlanRanges.change(range, { dedicatedDomainId: null });
    }
  }
}

/** Removes a range whose addresses nobody has any more. */
export function removeRange(world: World, range: VlanRangeRow): void {
  for (const publicIp of world.publicIps.where('vlanRangeId', range.id)) {
    world.publicIps.remove(publicIp);
  }
  world.vlanRanges.remove(range);
}

type Bounds = Pick<VlanRangeRow, 'startIp' | 'endIp' | 'gateway' | 'netmask' | 'isForSystemVms'>;

/** Gives a range other bounds; of a public one addresses come and go with them. */
export function changeRange(world: World, range: VlanRangeRow, bounds: Bounds): void {
  world.vlanRanges.change(range, bounds);
  if (range.networkId !== null) return;
  const { gateway, netmask } = range;
  const [first, last] = [numberOf(range.startIp), numberOf(range.endIp)];
  const had = new Set<number>();
  for (const publicIp of world.publicIps.where('vlanRangeId', range.id)) {
    const address = numberOf(publicIp.ipAddress);
    had.add(address);
    if (address < first || address > last) world.publicIps.remove(publicIp);
    else world.publicIps.change(publicIp, { gateway, netmask });
  }
  for (let address = first; address <= last; address += 1) {
    if (!had.has(address)) addPublicIps(world, range, ipv4Text(address), ipv4Text(address));
  }
}

function addPublicIps(world: World, range: VlanRangeRow, startIp: string, endIp: string): void {
  const { zoneId, gateway, netmask, vlan, id: vlanRangeId } = range;
  for (let address = numberOf(startIp); address <= numberOf(endIp); address += 1) {
    world.publicIps.insert({
      ipAddress: ipv4Text(address),
      zoneId,
      gateway,
      netmask,
      vlan,
      vlanRangeId,
      state: 'Free',
      allocatedMs: null,
      accountId: null,
      networkId: null,
      vpcId: null,
      isSourceNat: false,
      vmId: null,
      vmIpAddress: null,
      isDisplayed: true,
    });
  }
}

function numberOf(ipAddress: string): number {
  return parseIpv4(ipAddress) ?? 0;
}
