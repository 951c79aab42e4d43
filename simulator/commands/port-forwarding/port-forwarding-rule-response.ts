import {
  booleanField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { PortForwardingRuleRow, VmRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { tagResponse } from '../tag/tag-response.js';

/** FirewallRuleResponse: ports are texts (ApiResponseHelper.createPortForwardingRuleResponse). */
export const portForwardingRuleResponse = responseObject<PortForwardingRuleRow>(
  'portforwardingrule',
  {
    id: stringField((rule) => rule.id),
    privateport: stringField((rule) => String(rule.privatePort)),
    privateendport: stringField((rule) => String(rule.privateEndPort)),
    protocol: stringField((rule) => rule.protocol),
    publicport: stringField((rule) => String(rule.publicPort)),
    publicendport: stringField((rule) => String(rule.publicEndPort)),
    virtualmachineid: stringField((rule) => rule.vmId),
    virtualmachinename: stringField((rule, { world }) => vmOf(rule, world).name),
    virtualmachinedisplayname: stringField((rule, { world }) => vmOf(rule, world).displayName),
    ipaddressid: stringField((rule) => rule.publicIpId),
    ipaddress: stringField((rule, { world }) => world.publicIps.require(rule.publicIpId).ipAddress),
    state: stringField((rule) => (rule.state === 'Revoke' ? 'Deleting' : rule.state)),
    cidrlist: stringField((rule) => rule.cidrList.join()),
    tags: listField(tagResponse, (rule, { world }) => tagsOf(world, rule.id)),
    vmguestip: stringField((rule) => rule.vmIpAddress),
    networkid: stringField((rule) => rule.networkId),
    fordisplay: rootOnly(booleanField((rule) => rule.isDisplayed)),
  },
);

function vmOf(rule: PortForwardingRuleRow, world: World): VmRow {
  return world.vms.require(rule.vmId);
}
