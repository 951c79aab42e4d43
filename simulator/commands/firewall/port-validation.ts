import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkRow, NetworkService, PublicIpRow } from '../../world/entities.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { servicesOf } from '../../world/network/networks.js';

/** What a rule for ports was asked for. */
export interface AskedPorts {
  readonly protocol: string;
  readonly startPort: number | null;
  readonly endPort: number | null;
}

/** The protocols that a virtual router knows for a service (VirtualRouterElement.setCapabilities). */
const protocols = {
  Firewall: 'tcp,udp,icmp',
  Egress: 'tcp,udp,icmp, all',
  PortForwarding: 'tcp,udp',
} as const;

/** Throws unless the ports are ports, and the first is not after the last. */
export function assertPorts({ startPort, endPort }: AskedPorts): void {
  if (startPort !== null && !isPort(startPort)) {
    throw invalidParameter(`publicPort is an invalid value: ${startPort}`);
  }
  if (endPort !== null && !isPort(endPort)) {
    throw invalidParameter(`Public port range is an invalid value: ${endPort}`);
  }
  if (startPort === null || endPort === null || startPort <= endPort) return;
  throw invalidParameter("Start port can't be bigger than end port");
}

/** The network of an address for which the caller may make rules (FirewallManagerImpl.validateFirewallRule). */
export function networkOfAddress(context: CommandContext, publicIp: PublicIpRow): NetworkRow {
  if (publicIp.networkId === null) {
    throw invalidParameter(
      'Unable to create firewall rule ; ip with specified id is not associated with any network',
    );
  }
  assertMayOperate(context, 'publicipaddress', publicIp);
  return context.world.networks.require(publicIp.networkId);
}

/**
 * Whether the firewall is opened for a rule about an address: unless it is told not to. A VPC has
 * lists of rules instead (CreatePortForwardingRuleCmd.getOpenFirewall).
 */
export function opensFirewall(
  publicIp: PublicIpRow | undefined,
  asked: boolean | undefined,
  refused: (text: string) => Error = invalidParameter,
): boolean {
  const isOfVpc = publicIp !== undefined && publicIp.vpcId !== null;
  if (isOfVpc && asked === true) {
    throw refused("Can't have openFirewall=true when IP address belongs to VPC");
  }
  return asked ?? !isOfVpc;
}

/** Throws unless the network has the service, and that knows the protocol: a part of its name will do. */
export function assertProtocol(
  { world }: CommandContext,
  network: NetworkRow,
  kind: keyof typeof protocols,
  protocol: string,
): void {
  const service: NetworkService = kind === 'PortForwarding' ? 'PortForwarding' : 'Firewall';
  if (!servicesOf(world, network).includes(service)) {
    throw cloudRuntime(
      `Service ${service} is not supported in the network id=${network.internalId}`,
    );
  }
  if (protocols[kind].includes(protocol.toLowerCase())) return;
  const zone = world.zones.require(network.zoneId);
  throw invalidParameter(`Protocol ${protocol} is not supported in zone ${zone.internalId}`);
}

/** NetUtils.isValidIp4Cidr. */
export function isCidr(text: string): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  return (
    parseIpv4(address) !== undefined &&
    /^\+?\d{1,3}$/.test(length) &&
    Number(length) <= 32 &&
    rest.length === 0
  );
}

export function isPort(port: number): boolean {
  return port >= 0 && port <= 65_535;
}
