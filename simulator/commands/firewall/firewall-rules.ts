import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { displayParameters } from '../../declare/display.js';
import { entity, integer, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { FirewallRuleRow } from '../../world/entities.js';

/** What rules for what comes in and for what goes out are asked for with. */
export const firewallParameters = {
  protocol: text({ required: true }),
  startport: integer(),
  endport: integer(),
  cidrlist: textList(),
  icmptype: integer(),
  icmpcode: integer(),
  type: text(),
  ...displayParameters,
} as const;

interface FirewallArguments {
  readonly protocol: string;
  readonly startport?: number | undefined;
  readonly endport?: number | undefined;
  readonly icmptype?: number | undefined;
  readonly icmpcode?: number | undefined;
  readonly type?: string | undefined;
  readonly fordisplay?: boolean | undefined;
}

type AskedTraffic = Pick<
  FirewallRuleRow,
  'protocol' | 'startPort' | 'endPort' | 'icmpType' | 'icmpCode' | 'isSystem' | 'isDisplayed'
>;

/** What of the traffic is meant: one port if no last one is given, all of ICMP if nothing is said. */
export function askedTraffic(args: FirewallArguments): AskedTraffic {
  const protocol = args.protocol.trim();
  const ofIcmp = isIcmp(args.protocol) ? -1 : null;
  return {
    protocol,
    startPort: args.startport ?? null,
    endPort: args.endport ?? args.startport ?? null,
    icmpType: args.icmptype ?? ofIcmp,
    icmpCode: args.icmpcode ?? ofIcmp,
    isSystem: args.type?.toLowerCase() === 'system',
    isDisplayed: args.fordisplay ?? true,
  };
}

/** Ports are for what has ports, types and codes for ICMP (FirewallManagerImpl.createFirewallRule). */
export function assertFitsProtocol(asked: AskedTraffic): void {
  const { protocol, startPort, endPort, icmpType, icmpCode } = asked;
  if (!isIcmp(protocol) && (icmpCode ?? icmpType) !== null) {
    throw invalidParameter('Can specify icmpCode and icmpType for ICMP protocol only');
  }
  if (isIcmp(protocol) && (startPort ?? endPort) !== null) {
    throw invalidParameter("Can't specify start/end port when protocol is ICMP");
  }
}

/** What deletes a rule is asked for with. */
export const deletionParameters = { id: entity('firewallrule', { required: true }) } as const;

/** What updates a rule is asked for with. */
export const updateParameters = { ...deletionParameters, ...displayParameters } as const;

/** Shows a rule to users or not; what it lets through stays (FirewallManagerImpl.updateFirewallRule). */
export function updateRule(
  context: CommandContext,
  rule: FirewallRuleRow,
  fordisplay: boolean | undefined,
): void {
  assertMayChange(context, rule, 'update');
  if (fordisplay === undefined) return;
  context.world.firewallRules.change(rule, { isDisplayed: fordisplay });
}

/**
 * Throws unless the caller may delete or update a rule (FirewallManagerImpl.revokeFirewallRule,
 * updateFirewallRule).
 */
export function assertMayChange(
  context: CommandContext,
  rule: FirewallRuleRow,
  what: 'delete' | 'update',
): void {
  if (rule.isSystem && !isRootAdmin(context.caller)) {
    throw invalidParameter(`Only root admin can ${what} the system wide firewall rule`);
  }
  assertMayOperate(context, 'firewallrule', rule);
}

function isIcmp(protocol: string): boolean {
  return protocol.toLowerCase() === 'icmp';
}
