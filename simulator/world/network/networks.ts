import { countFreeAddresses, nextFreeAddress } from './addresses.js';
import { cloudRuntime } from '../cloud-exception.js';
import type {
  AccountRow,
  NetworkOfferingRow,
  NetworkRow,
  NetworkService,
  ZoneRow,
} from '../entities.js';
import { allocatePublicIp, freePublicIp } from './public-ips.js';
import { bringUpRouter } from './routers.js';
import { bringUpForTier } from './vpc-routers.js';
import { implementVpc } from './vpcs.js';
import type { World } from '../world.js';

/** The services that a network has by its offering. */
export function servicesOf(world: World, network: NetworkRow): readonly NetworkService[] {
  return offeringOf(world, network).services;
}

export function offeringOf(world: World, network: NetworkRow): NetworkOfferingRow {
  return world.networkOfferings.require(network.networkOfferingId);
}

/** Whether VMs can be deployed into a network (NetworkModelImpl.canUseForDeploy). */
export function canUseForDeploy(world: World, network: NetworkRow): boolean {
  if (network.type === 'L2' || servicesOf(world, network).length === 0) return true;
  return countFreeAddresses(world, network) > 0;
}

const FIRST_VLAN = 1_000;

/** The VLAN of a network for which nobody chose one: one that no network has. */
export function nextVlan(world: World): number {
  for (;;) {
    const vlan = FIRST_VLAN + world.kernel.ids.next('vlan');
    if (world.networks.all().every((network) => network.vlan !== vlan)) return vlan;
  }
}

/** The domain of the names in an account's networks (guest.domain.suffix). */
export function defaultNetworkDomain(account: AccountRow): string {
  return `cs${account.internalId.toString(16)}cloud.internal`;
}

/** What a network has that nobody asked anything of. */
export function usualNetworkValues(
  world: World,
): Pick<
  NetworkRow,
  'networkCidr' | 'ipv6' | 'dns1' | 'dns2' | 'publicMtu' | 'privateMtu' | 'isDisplayed' | 'details'
> {
  return {
    networkCidr: null,
    ipv6: null,
    dns1: null,
    dns2: null,
    publicMtu: world.settings.get('vr.public.interface.max.mtu'),
    privateMtu: world.settings.get('vr.private.interface.max.mtu'),
    isDisplayed: true,
    details: {},
  };
}

/** A zone as CloudStack's error texts show it (DataCenterVO.toString). */
export function zoneText({ id, internalId, name }: ZoneRow): string {
  return `Zone ${JSON.stringify({ id: internalId, name, uuid: id })}`;
}

/** A network as CloudStack's error texts show it (NetworkVO.toString). */
export function networkText(world: World, network: NetworkRow): string {
  const offering = offeringOf(world, network);
  return (
    `Network {"id": ${network.internalId}, "name": "${network.name}", ` +
    `"uuid": "${network.id}", "networkofferingid": ${offering.internalId}}`
  );
}

/**
 * Brings a network to life: call it for each network of a VM whenever the VM starts; it does
 * nothing where that has happened already. An isolated network gets its source NAT address then, a
 * shared one the address of its virtual router; both get the router, or a stopped one is started, as
 * a tier does that of its VPC (NetworkOrchestrator.implementNetwork, VirtualRouterElement.prepare).
 * Throws if no address or host is left for that, or if the network is about to be deleted.
 */
export function implementNetwork(world: World, network: NetworkRow): void {
  if (network.type === 'Shared') takeRouterAddress(world, network);
  else implementOwn(world, network);
  if (!hasRouterUp(world, network)) throw networkUnavailable();
}

function hasRouterUp(world: World, network: NetworkRow): boolean {
  if (network.vpcId !== null) {
    return bringUpForTier(world, world.vpcs.require(network.vpcId), network);
  }
  if (!hasVirtualRouter(world, network)) return true;
  return bringUpRouter(world, network, translates(world, network));
}

/** Whether a virtual router of its own gives a network its services. */
export function hasVirtualRouter(world: World, network: NetworkRow): boolean {
  const { forVpc, services } = offeringOf(world, network);
  return network.type !== 'L2' && !forVpc && services.length > 0;
}

/** Whether the router of a network has a public address, too. */
export function translates(world: World, network: NetworkRow): boolean {
  return servicesOf(world, network).includes('SourceNat');
}

function takeRouterAddress(world: World, network: NetworkRow): void {
  if (network.routerIpAddress !== null) return;
  const routerIpAddress = nextFreeAddress(world, network);
  if (routerIpAddress === undefined) throw networkUnavailable();
  world.networks.change(network, { routerIpAddress });
}

function implementOwn(world: World, network: NetworkRow): void {
  if (network.state === 'Shutdown' || network.state === 'Destroy') throw networkUnavailable();
  if (network.state !== 'Allocated') return;
  world.networks.move(network, 'ImplementNetwork');
  if (!hasOutside(world, network)) {
    world.networks.move(network, 'OperationFailed');
    world.networks.move(network, 'OperationSucceeded');
    throw networkUnavailable();
  }
  world.networks.move(network, 'OperationSucceeded');
}

/** Gives a network the address that it is seen with from outside, if its offering says so; false if none is left. */
function hasOutside(world: World, network: NetworkRow): boolean {
  if (network.vpcId !== null) return implementVpc(world, world.vpcs.require(network.vpcId));
  if (!translates(world, network)) return true;
  const hasSourceNat = world.publicIps
    .where('networkId', network.id)
    .some((publicIp) => publicIp.isSourceNat);
  if (hasSourceNat) return true;
  const free = freePublicIp(world, network.zoneId, network.accountId);
  if (free === undefined) return false;
  allocatePublicIp(world, free, {
    accountId: network.accountId,
    networkId: network.id,
    isSourceNat: true,
  });
  return true;
}

function networkUnavailable(): Error {
  return cloudRuntime('Network is unavailable. Please contact administrator');
}
