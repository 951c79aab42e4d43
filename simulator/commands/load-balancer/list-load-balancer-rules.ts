import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters, isShown } from '../../declare/display.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import type { LoadBalancerRuleRow } from '../../world/entities.js';
import { membersOf } from '../../world/network/load-balancers.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';
import { loadBalancerRuleResponse } from './load-balancer-response.js';

/** LoadBalancingRulesManagerImpl.searchForLoadBalancers. */
export const listLoadBalancerRules = syncCommand({
  name: 'listLoadBalancerRules',
  summary: 'Lists load balancer rules.',
  roles: everyRole,
  parameters: {
    id: entity('loadbalancerrule'),
    name: text(),
    publicipid: entity('publicipaddress'),
    virtualmachineid: entity('virtualmachine'),
    zoneid: entity('zone'),
    networkid: entity('network'),
    ...displayParameters,
    ...tagFilterParameters,
    ...ownershipParameters,
  },
  response: listOf(loadBalancerRuleResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, publicipid, virtualmachineid: vm, zoneid, networkid, tags, keyword } = args;
    const isOwned = ownerFilter(context, args, id !== undefined);
    const zoneOf = (rule: LoadBalancerRuleRow): string =>
      world.publicIps.require(rule.publicIpId).zoneId;
    return rowsAskedFor(world.loadBalancerRules, { id })
      .filter((rule) => isOwned(rule.accountId))
      .filter((rule) => name === undefined || sameName(rule.name, name))
      .filter((rule) => publicipid === undefined || rule.publicIpId === publicipid.id)
      .filter(
        (rule) =>
          vm === undefined || membersOf(world, rule.id).some((member) => member.vmId === vm.id),
      )
      .filter((rule) => zoneid === undefined || zoneOf(rule) === zoneid.id)
      .filter((rule) => networkid === undefined || rule.networkId === networkid.id)
      .filter((rule) => isShown(rule, args))
      .filter((rule) => hasAnyTag(world, rule.id, tags))
      .filter((rule) => keyword === undefined || matches(rule, keyword));
  },
});

function matches({ name, description }: LoadBalancerRuleRow, keyword: string): boolean {
  return contains(name, keyword) || contains(description ?? '', keyword);
}
