import {
  booleanField,
  integerField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { FirewallRuleRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { tagResponse } from '../tag/tag-response.js';

/** FirewallResponse (ApiResponseHelper.createFirewallResponse). */
export const firewallRuleResponse = responseObject<FirewallRuleRow>('firewallrule', {
  id: stringField((rule) => rule.id),
  protocol: stringField((rule) => rule.protocol),
  startport: integerField((rule) => rule.startPort),
  endport: integerField((rule) => rule.endPort),
  ipaddressid: stringField((rule) => rule.publicIpId),
  networkid: stringField((rule) => rule.networkId),
  ipaddress: stringField((rule, { world }) => addressOf(rule, world)),
  state: stringField((rule) => (rule.state === 'Revoke' ? 'Deleting' : rule.state)),
  cidrlist: stringField((rule) => rule.cidrList.join()),
  icmptype: integerField((rule) => rule.icmpType),
  icmpcode: integerField((rule) => rule.icmpCode),
  tags: listField(tagResponse, (rule, { world }) => tagsOf(world, rule.id)),
  fordisplay: rootOnly(booleanField((rule) => rule.isDisplayed)),
  destcidrlist: stringField((rule) => rule.destCidrList.join()),
  traffictype: stringField((rule) => rule.trafficType),
});

function addressOf({ publicIpId }: FirewallRuleRow, world: World): string | null {
  return publicIpId === null ? null : world.publicIps.require(publicIpId).ipAddress;
}
