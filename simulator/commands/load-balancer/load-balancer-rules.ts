import type { CommandContext } from '../../declare/context.js';
import type { OwnerArguments } from '../../declare/ownership.js';
import { accountNamed } from '../../world/identity/accounts.js';
import { cloudRuntime, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow, NetworkRow, PublicIpRow, ZoneRow } from '../../world/entities.js';
import { otherUseOf } from '../../world/network/conserve-mode.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { networkText, servicesOf } from '../../world/network/networks.js';
import { onlyIsolatedNetwork } from '../../world/network/only-isolated-network.js';
import { assertCanOpen, type Opening } from '../../world/network/open-firewall.js';
import { assertNoConflict, balancedPort } from '../../world/network/port-conflicts.js';
import { publicIpText } from '../../world/network/public-ips.js';
import { networkServedBy } from '../../world/network/vpc-addresses.js';
import type { World } from '../../world/world.js';
import { opensFirewall } from '../firewall/port-validation.js';

/** What createLoadBalancerRule was asked for. */
export interface RuleArguments extends Omit<OwnerArguments, 'projectid'> {
  readonly algorithm: string;
  readonly name: string;
  readonly privateport: number;
  readonly publicport: number;
  readonly publicipid?: PublicIpRow | undefined;
  readonly zoneid?: ZoneRow | undefined;
  readonly networkid?: NetworkRow | undefined;
  readonly cidrlist?: readonly string[] | undefined;
  readonly openfirewall?: boolean | undefined;
}

/** Whoever has the address, else an account that is named (CreateLoadBalancerRuleCmd.getAccountId). */
export function ownerOfRule(
  { world }: CommandContext,
  { publicipid: publicIp, account, domainid: domain }: RuleArguments,
): AccountRow {
  if (publicIp !== undefined) {
    assertUsable(publicIp);
    return world.accounts.require(publicIp.accountId ?? '');
  }
  if (account === undefined || domain === undefined) {
    throw invalidParameter("Can't define IP owner. Either specify account/domainId or publicIpId");
  }
  const owner = accountNamed(world, account, domain.id);
  if (owner !== undefined) return owner;
  throw invalidParameter(`Unable to find account ${account} in domain ID=${domain.internalId}`);
}

/**
 * The network whose VMs may be members. The command gives each refusal from here on its own code
 * (CreateLoadBalancerRuleCmd.getNetworkId, create).
 */
export function networkOfRule(
  world: World,
  { networkid, zoneid, publicipid }: RuleArguments,
  owner: AccountRow,
): NetworkRow {
  if (networkid !== undefined) return networkid;
  if (zoneid !== undefined) return onlyIsolatedNetwork(world, owner, zoneid, refused);
  if (publicipid === undefined) {
    throw refused('Either networkId or zoneId or publicIpId has to be specified');
  }
  if (publicipid.networkId !== null) return world.networks.require(publicipid.networkId);
  throw refused(`IP address ID=${publicipid.internalId} is not associated with any network`);
}

/** The address of a rule, and what follows from it. */
export interface CheckedAddress {
  readonly publicIp: PublicIpRow;
  readonly network: NetworkRow;
  /** Whether the firewall is opened for the rule. */
  readonly opens: boolean;
}

/** Throws unless the rule may be made (LoadBalancingRulesManagerImpl.createPublicLoadBalancerRule). */
export function checkedAddress(
  world: World,
  args: RuleArguments,
  network: NetworkRow,
): CheckedAddress {
  const { publicipid: publicIp, publicport, name } = args;
  const opens = opensFirewall(publicIp, args.openfirewall, refused);
  if (publicport === DNS_PORT && publicIp?.isSourceNat === true && hasDns(world, network)) {
    throw refused(
      'Error adding load balancer rule, cannot add port 53 with network service offering having ' +
        'DNS service and Source NAT.',
    );
  }
  if (publicIp === undefined) {
    throw refused("Unable to create load balance rule; can't find/allocate source IP");
  }
  if (publicIp.vmId !== null) {
    throw serverApiError(537, `Can't do load balance on ip address: ${publicIp.ipAddress}`);
  }
  for (const cidr of args.cidrlist ?? []) assertCidr(cidr.trim());
  const own = networkServedBy(world, publicIp, network);
  if (own === undefined) {
    throw refused(
      `Ip address ${publicIpText(world, publicIp)} is not assigned to the network ` +
        networkText(world, network),
    );
  }
  if (otherUseOf(world, publicIp, own, 'Lb') !== undefined) {
    throw cloudRuntime(`Failed to create load balancer rule: ${name}`);
  }
  assertRule(world, args, own);
  if (opens) assertCanOpen(world, publicIp, openingFor(publicport));
  assertNoConflict(world, balancedPort(publicport), publicIp);
  return { publicIp, network: own, opens };
}

const DNS_PORT = 53;
/** The router's own page about its load balancer (network.loadbalancer.haproxy.stats.port). */
const STATISTICS_PORT = 8_081;

function assertRule(
  world: World,
  { privateport, publicport, algorithm }: RuleArguments,
  network: NetworkRow,
): void {
  if (!isPort(privateport)) throw refused(`privatePort is an invalid value: ${privateport}`);
  if (!isAlgorithm(algorithm)) throw refused(`Invalid algorithm: ${algorithm}`);
  if (!servicesOf(world, network).includes('Lb')) {
    throw refused('LB service is not supported in specified network id');
  }
  if (!isPort(publicport)) throw refused(`publicPort is an invalid value: ${publicport}`);
  if (publicport === STATISTICS_PORT) throw refused('LB service provider cannot support this rule');
}

/** What of the firewall is opened for a rule. */
export function openingFor(publicPort: number): Opening {
  return { protocol: 'tcp', startPort: publicPort, endPort: publicPort };
}

function assertUsable(publicIp: PublicIpRow): void {
  if (publicIp.state === 'Allocated') return;
  throw invalidParameter(
    `Unable to create load balancer rule, invalid IP address ID ${publicIp.internalId}`,
  );
}

function hasDns(world: World, network: NetworkRow): boolean {
  return servicesOf(world, network).includes('Dns');
}

/** An IPv4 address or CIDR; those of IPv6 are not simulated. */
function assertCidr(cidr: string): void {
  const [address = '', length = '32', ...rest] = cidr.split('/');
  const isLength = /^\d{1,2}$/.test(length) && Number(length) <= 32;
  if (parseIpv4(address) !== undefined && isLength && rest.length === 0) return;
  throw refused(`CIDR [${cidr}] is invalid.`);
}

function isPort(port: number): boolean {
  return port >= 0 && port <= 65_535;
}

function isAlgorithm(algorithm: string): boolean {
  return ['roundrobin', 'leastconn', 'source'].includes(algorithm.toLowerCase());
}

/** CreateLoadBalancerRuleCmd.create gives every refusal a code of its own. */
function refused(text: string): Error {
  return serverApiError(431, text);
}
