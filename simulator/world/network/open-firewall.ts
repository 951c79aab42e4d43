import type { FirewallRuleRow, PublicIpRow } from '../entities.js';
import { assertNoConflict, type Ports } from './port-conflicts.js';
import type { World } from '../world.js';

/** Ports that are to be open to everybody, for a rule that leads them on. */
export interface Opening {
  readonly protocol: string;
  readonly startPort: number;
  readonly endPort: number;
}

const EVERYWHERE = '0.0.0.0/0';

/**
 * Throws if the firewall cannot be opened because another of its rules is in the way; a rule for
 * the same ports is none, whoever it is for (FirewallManagerImpl.createRuleForAllCidrs).
 */
export function assertCanOpen(world: World, publicIp: PublicIpRow, opening: Opening): void {
  if (isOpen(world, publicIp, opening)) return;
  assertNoConflict(world, { purpose: 'Firewall', ...portsOf(opening) }, publicIp);
}

/** Opens the firewall for a rule, unless a rule for the same ports is there already. */
export function openFirewall(
  world: World,
  publicIp: PublicIpRow,
  rule: { readonly id: string; readonly networkId: string; readonly accountId: string },
  opening: Opening,
): void {
  if (isOpen(world, publicIp, opening)) return;
  const { networkId, accountId, id: relatedRuleId } = rule;
  world.firewallRules.insert({
    ...portsOf(opening),
    trafficType: 'Ingress',
    publicIpId: publicIp.id,
    networkId,
    accountId,
    isSystem: false,
    isDisplayed: true,
    relatedRuleId,
    state: 'Add',
  });
}

function isOpen(world: World, { id }: PublicIpRow, opening: Opening): boolean {
  return world.firewallRules.where('publicIpId', id).some((rule) => isFor(rule, opening));
}

function isFor(rule: FirewallRuleRow, { protocol, startPort, endPort }: Opening): boolean {
  const isSame = rule.startPort === startPort && rule.endPort === endPort;
  return isSame && rule.state !== 'Revoke' && rule.protocol === protocol.toLowerCase();
}

function portsOf({ protocol, startPort, endPort }: Opening): Omit<Ports, 'purpose'> {
  return {
    protocol: protocol.toLowerCase(),
    startPort,
    endPort,
    icmpType: null,
    icmpCode: null,
    cidrList: [EVERYWHERE],
    destCidrList: [],
  };
}
