import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { ownershipParameters } from '../../declare/list-parameters.js';
import { entity } from '../../declare/parameter.js';
import { listedRules } from '../firewall/port-rule-list.js';
import { ipForwardingRuleResponse } from './ip-forwarding-rule-response.js';

/** RulesManagerImpl.searchStaticNatRules. */
export const listIpForwardingRules = syncCommand({
  name: 'listIpForwardingRules',
  summary: 'Lists the opened ports of public addresses that have static NAT.',
  roles: everyRole,
  parameters: {
    ipaddressid: entity('publicipaddress'),
    id: entity('ipforwardingrule'),
    virtualmachineid: entity('virtualmachine'),
    ...ownershipParameters,
  },
  response: listOf(ipForwardingRuleResponse),
  run: (context, { virtualmachineid: vm, ...args }) => {
    const { world } = context;
    return listedRules(context, world.ipForwardingRules, args, 'port forwarding').filter(
      (rule) => vm === undefined || world.publicIps.require(rule.publicIpId).vmId === vm.id,
    );
  },
});
