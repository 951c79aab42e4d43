import { countFreeAddresses, nextFreeAddress } from './addresses.js';
import { cloudRuntime } from './cloud-exception.js';
import type { NetworkRow, NetworkType } from './entities.js';
import { allocatePublicIp, freePublicIp } from './public-ips.js';
import type { World } from './world.js';

/** What a network does for its VMs (com.cloud.network.Network.Service). */
export type NetworkService =
  | 'Dhcp'
  | 'Dns'
  | 'UserData'
  | 'Firewall'
  | 'Lb'
  | 'SourceNat'
  | 'StaticNat'
  | 'PortForwarding'
  | 'Vpn';

/** The services of the default network offerings (ConfigurationServerImpl). */
const services: Readonly<Record<NetworkType, readonly NetworkService[]>> = {
  Isolated: [
    'Dhcp',
    'Dns',
    'UserData',
    'Firewall',
    'Lb',
    'SourceNat',
    'StaticNat',
    'PortForwarding',
    'Vpn',
  ],
  Shared: ['Dhcp', 'Dns', 'UserData'],
  L2: [],
};

/** The services that a network has by its offering. */
export function servicesOf(network: NetworkRow): readonly NetworkService[] {
  return services[network.type];
}

/** Whether VMs can be deployed into a network (NetworkModelImpl.canUseForDeploy). */
export function canUseForDeploy(world: World, network: NetworkRow): boolean {
  return servicesOf(network).length === 0 || countFreeAddresses(world, network) > 0;
}

/** A network as CloudStack's error texts show it (NetworkVO.toString). */
export function networkText(world: World, network: NetworkRow): string {
  const offering = world.networkOfferings.require(network.networkOfferingId);
  return (
    `Network {"id": ${network.internalId}, "name": "${network.name}", ` +
    `"uuid": "${network.id}", "networkofferingid": ${offering.internalId}}`
  );
}

/**
 * Brings a network to life: call it for each network of a VM whenever the VM starts; it does
 * nothing where that has happened already. An isolated network gets its source NAT address then, a
 * shared one the address of its virtual router (NetworkOrchestrator.implementNetwork). Throws if
 * no address is left for that.
 */
export function implementNetwork(world: World, network: NetworkRow): void {
  if (network.type === 'Shared') {
    if (network.routerIpAddress !== null) return;
    const routerIpAddress = nextFreeAddress(world, network);
    if (routerIpAddress === undefined) throw networkUnavailable();
    world.networks.change(network, { routerIpAddress });
    return;
  }
  if (network.state !== 'Allocated') return;
  world.networks.move(network, 'ImplementNetwork');
  if (network.type === 'Isolated') implementIsolated(world, network);
  world.networks.move(network, 'OperationSucceeded');
}

function implementIsolated(world: World, network: NetworkRow): void {
  const hasSourceNat = world.publicIps
    .where('networkId', network.id)
    .some((publicIp) => publicIp.isSourceNat);
  if (hasSourceNat) return;
  const free = freePublicIp(world, network.zoneId);
  if (free === undefined) {
    world.networks.move(network, 'OperationFailed');
    world.networks.move(network, 'OperationSucceeded');
    throw networkUnavailable();
  }
  allocatePublicIp(world, free, {
    accountId: network.accountId,
    networkId: network.id,
    isSourceNat: true,
  });
}

function networkUnavailable(): Error {
  return cloudRuntime('Network is unavailable. Please contact administrator');
}
