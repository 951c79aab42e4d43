import {
  booleanField,
  integerField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { NetworkAclRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import { tagResponse } from '../tag/tag-response.js';

/** NetworkACLItemResponse: ports are texts (ApiResponseHelper.createNetworkACLItemResponse). */
export const networkAclResponse = responseObject<NetworkAclRow>('networkacl', {
  id: stringField((rule) => rule.id),
  protocol: stringField((rule) => rule.protocol),
  startport: stringField((rule) => portText(rule.startPort)),
  endport: stringField((rule) => portText(rule.endPort)),
  traffictype: stringField((rule) => rule.trafficType),
  state: stringField((rule) => (rule.state === 'Revoke' ? 'Deleting' : rule.state)),
  cidrlist: stringField((rule) => rule.cidrList.join()),
  icmptype: integerField((rule) => rule.icmpType),
  icmpcode: integerField((rule) => rule.icmpCode),
  tags: listField(tagResponse, (rule, { world }) => tagsOf(world, rule.id)),
  aclid: stringField((rule) => rule.listId),
  aclname: stringField((rule, { world }) => world.networkAclLists.require(rule.listId).name),
  number: integerField((rule) => rule.number),
  action: stringField((rule) => rule.action),
  fordisplay: rootOnly(booleanField((rule) => rule.isDisplayed)),
  reason: stringField((rule) => rule.reason),
});

function portText(port: number | null): string | null {
  return port === null ? null : String(port);
}
