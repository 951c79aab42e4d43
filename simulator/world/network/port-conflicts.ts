import { invalidParameter, serverApiError } from '../cloud-exception.js';
import type {
  FirewallRuleRow,
  IpForwardingRuleRow,
  LoadBalancerRuleRow,
  PortForwardingRuleRow,
} from '../entities.js';
import type { World } from '../world.js';

/** What a rule is for (FirewallRule.Purpose). */
export type RulePurpose = 'Firewall' | 'PortForwarding' | 'LoadBalancing' | 'StaticNat';

/** A rule as far as it can be in the way of another one. */
export interface Ports {
  readonly purpose: RulePurpose;
  readonly protocol: string;
  readonly startPort: number | null;
  readonly endPort: number | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly cidrList: readonly string[];
  readonly destCidrList: readonly string[];
}

interface StandingRule extends Ports {
  readonly id: string;
  readonly internalId: number;
  readonly networkId: string;
  readonly state: string;
  readonly createdMs: number;
}

/** What rules of some kinds have none of. */
const WITHOUT_MORE = { icmpType: null, icmpCode: null, cidrList: [], destCidrList: [] } as const;

/**
 * Throws 537, for ICMP 431, if a rule that stands is in the way of a new one for the same public
 * address (FirewallManagerImpl.detectRulesConflict). The number of the address is for the text.
 */
export function assertNoConflict(
  world: World,
  rule: Ports,
  publicIp: { readonly id: string; readonly internalId: number },
): void {
  for (const other of rulesOfAddress(world, publicIp.id)) {
    assertCompatible(world, rule, other, publicIp.internalId);
  }
}

/** The same for what goes out of a network. */
export function assertNoEgressConflict(world: World, rule: Ports, networkId: string): void {
  const others = world.firewallRules
    .where('networkId', networkId)
    .filter((row) => row.trafficType === 'Egress' && row.state !== 'Revoke');
  for (const other of others) assertCompatible(world, rule, asFirewall(other), 0);
}

/** A rule as error texts name it (FirewallRuleVO.toString). */
export function ruleText(
  world: World,
  purpose: RulePurpose,
  rule: Pick<StandingRule, 'id' | 'internalId' | 'networkId' | 'state'>,
): string {
  const { id: uuid, internalId: id, state } = rule;
  const networkId = world.networks.require(rule.networkId).internalId;
  return `FirewallRule ${JSON.stringify({ id, networkId, purpose, state, uuid })}`;
}

function assertCompatible(
  world: World,
  rule: Ports,
  other: StandingRule,
  addressNumber: number,
): void {
  const isSamePurpose = rule.purpose === other.purpose;
  const isSameProtocol = sameText(rule.protocol, other.protocol);
  const isOneFirewall =
    [rule.purpose, other.purpose].includes('Firewall') && !(isSamePurpose && isSameProtocol);
  const isSameSource = isSamePurpose && overlapOfCidrs(rule, other);
  if (!isOneFirewall) assertNatApart(rule, other, addressNumber);
  if (isSameSource && isSameProtocol) assertOtherTraffic(world, rule, other);
  if (!hasPorts(rule) || !hasPorts(other) || isOneFirewall) return;
  const isByCidr = rule.purpose === 'Firewall' || rule.purpose === 'PortForwarding';
  if (isSamePurpose && isByCidr && !isSameSource) return;
  if (!overlap(rule, other)) return;
  const mayDiffer = rule.purpose === 'PortForwarding' || rule.purpose === 'StaticNat';
  if (isSamePurpose && mayDiffer && !isSameProtocol) return;
  throw serverApiError(
    537,
    `The range specified, ${rule.startPort}-${rule.endPort}, conflicts with rule ` +
      `${ruleText(world, other.purpose, other)} which has ${other.startPort}-${other.endPort}`,
  );
}

/** All of an address goes to one VM, or parts of it to several. */
function assertNatApart(rule: Ports, other: Ports, addressNumber: number): void {
  if (other.purpose === 'StaticNat' && rule.purpose !== 'StaticNat') {
    throw serverApiError(
      537,
      `There is 1 to 1 Nat rule specified for the ip address id=${addressNumber}`,
    );
  }
  if (other.purpose !== 'StaticNat' && rule.purpose === 'StaticNat') {
    throw serverApiError(
      537,
      `There is already firewall rule specified for the ip address id=${addressNumber}`,
    );
  }
}

function assertOtherTraffic(world: World, rule: Ports, other: StandingRule): void {
  if (sameText(rule.protocol, 'icmp')) {
    if (rule.icmpCode !== other.icmpCode || rule.icmpType !== other.icmpType) return;
    throw invalidParameter(
      `New rule conflicts with existing rule: ${ruleText(world, other.purpose, other)}`,
    );
  }
  const areAll = [rule, other].every(({ startPort, endPort }) => (startPort ?? endPort) === null);
  if (!areAll) return;
  throw serverApiError(
    537,
    `There is already a firewall rule specified with protocol = ${rule.protocol} and no ports`,
  );
}

function overlapOfCidrs(a: Ports, b: Ports): boolean {
  const haveCommon = (one: readonly string[], two: readonly string[]): boolean =>
    (one.length === 0 && two.length === 0) || one.some((cidr) => two.includes(cidr));
  if (a.purpose !== 'Firewall') {
    return a.purpose === 'PortForwarding' && haveCommon(a.cidrList, b.cidrList);
  }
  return haveCommon(a.cidrList, b.cidrList) && haveCommon(a.destCidrList, b.destCidrList);
}

interface Range {
  readonly startPort: number;
  readonly endPort: number;
}

function hasPorts<Rule extends Ports>(rule: Rule): rule is Rule & Range {
  return rule.startPort !== null && rule.endPort !== null;
}

function overlap(a: Range, b: Range): boolean {
  return a.startPort <= b.endPort && b.startPort <= a.endPort;
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Every rule of an address that is not being deleted, in the order of their creation. */
function rulesOfAddress(world: World, publicIpId: string): StandingRule[] {
  return [
    ...world.firewallRules.where('publicIpId', publicIpId).map(asFirewall),
    ...world.portForwardingRules.where('publicIpId', publicIpId).map(asForwarding),
    ...world.loadBalancerRules.where('publicIpId', publicIpId).map(asBalancing),
    ...world.ipForwardingRules.where('publicIpId', publicIpId).map(asStaticNat),
  ]
    .filter((rule) => rule.state !== 'Revoke')
    .sort((a, b) => a.createdMs - b.createdMs);
}

function asFirewall(row: FirewallRuleRow): StandingRule {
  return { ...row, purpose: 'Firewall' };
}

function asForwarding(row: PortForwardingRuleRow): StandingRule {
  return {
    ...WITHOUT_MORE,
    ...row,
    purpose: 'PortForwarding',
    startPort: row.publicPort,
    endPort: row.publicEndPort,
  };
}

function asBalancing(row: LoadBalancerRuleRow): StandingRule {
  const { id, internalId, networkId, state, createdMs, publicPort: port } = row;
  return {
    ...balancedPort(port),
    id,
    internalId,
    networkId,
    state,
    createdMs,
  };
}

/** The port that a load balancer rule takes. */
export function balancedPort(port: number): Ports {
  return {
    ...WITHOUT_MORE,
    purpose: 'LoadBalancing',
    protocol: 'tcp',
    startPort: port,
    endPort: port,
  };
}

function asStaticNat(row: IpForwardingRuleRow): StandingRule {
  return { ...WITHOUT_MORE, ...row, purpose: 'StaticNat' };
}
