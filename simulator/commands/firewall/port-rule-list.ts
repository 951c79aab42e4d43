import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { isShown } from '../../declare/display.js';
import {
  hasAnyTag,
  ownershipParameters,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, type KeyValue } from '../../declare/parameter.js';
import { ownerFilter, type OwnershipArguments } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkRow, PublicIpRow } from '../../world/entities.js';
import type { PortRuleRow, PortRuleTable } from '../../world/network/port-rules.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';

/** What lists of rules take besides the id. */
export const portRuleListParameters = {
  ipaddressid: entity('publicipaddress'),
  networkid: entity('network', { since: '4.3' }),
  ...tagFilterParameters,
  ...ownershipParameters,
} as const;

interface ListArguments<Row> extends OwnershipArguments {
  readonly id?: Row | undefined;
  readonly ipaddressid?: PublicIpRow | undefined;
  readonly networkid?: NetworkRow | undefined;
  readonly tags?: readonly KeyValue[] | undefined;
}

interface DisplayedListArguments<Row> extends ListArguments<Row> {
  readonly fordisplay?: boolean | undefined;
}

type ListedKind = 'firewall' | 'port forwarding';

/**
 * The rules that the caller may see, the newest first; an address by which it asks must be the
 * caller's (FirewallManagerImpl.listFirewallRules, RulesManagerImpl.listPortForwardingRules).
 */
export function listedRules<Row extends PortRuleRow>(
  context: CommandContext,
  table: PortRuleTable<Row>,
  args: ListArguments<Row>,
  what: ListedKind,
): Row[] {
  const { id, ipaddressid: publicIp, networkid: network, tags } = args;
  if (publicIp !== undefined) {
    if (publicIp.state !== 'Allocated') {
      throw invalidParameter(
        `Ip address id=${publicIp.internalId} not ready for ${what} rules yet`,
      );
    }
    assertMayOperate(context, 'publicipaddress', publicIp);
  }
  const isOwned = ownerFilter(context, args, id !== undefined);
  return rowsAskedFor<Row>(table, { id })
    .filter((rule) => isOwned(rule.accountId))
    .filter((rule) => publicIp === undefined || rule.publicIpId === publicIp.id)
    .filter((rule) => network === undefined || rule.networkId === network.id)
    .filter((rule) => hasAnyTag(context.world, rule.id, tags))
    .reverse();
}

/** Those of `listedRules` that are displayed, or those that are not if that is asked for. */
export function displayedRules<Row extends PortRuleRow & { readonly isDisplayed: boolean }>(
  context: CommandContext,
  table: PortRuleTable<Row>,
  args: DisplayedListArguments<Row>,
  what: ListedKind,
): Row[] {
  return listedRules(context, table, args, what).filter((rule) => isShown(rule, args));
}
