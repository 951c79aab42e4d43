import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  listField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
} from '../../declare/response.js';
import type { LoadBalancerRuleRow, PublicIpRow, ZoneRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { tagResponse } from '../tag/tag-response.js';

/** Ports are texts (ApiResponseHelper.createLoadBalancerResponse). */
const fields: Readonly<Record<string, Field<LoadBalancerRuleRow>>> = {
  id: stringField((rule) => rule.id),
  name: stringField((rule) => rule.name),
  description: stringField((rule) => rule.description),
  publicipid: stringField((rule) => rule.publicIpId),
  publicip: stringField((rule, { world }) => addressOf(rule, world).ipAddress),
  publicport: stringField((rule) => String(rule.publicPort)),
  privateport: stringField((rule) => String(rule.privatePort)),
  algorithm: stringField((rule) => rule.algorithm),
  networkid: stringField((rule) => rule.networkId),
  cidrlist: stringField((rule) => rule.cidrList),
  ...ownerFields((rule) => rule.accountId),
  state: stringField((rule) => (rule.state === 'Revoke' ? 'Deleting' : rule.state)),
  zoneid: stringField((rule, { world }) => zoneOf(rule, world).id),
  zonename: stringField((rule, { world }) => zoneOf(rule, world).name),
  protocol: stringField((rule) => rule.protocol),
  tags: listField(tagResponse, (rule, { world }) => tagsOf(world, rule.id)),
  fordisplay: rootOnly(booleanField((rule) => rule.isDisplayed)),
};

/** LoadBalancerResponse, as one result. */
export const loadBalancerResponse = responseObject<LoadBalancerRuleRow>('loadbalancer', fields);

/** The same under the key that listLoadBalancerRules uses. */
export const loadBalancerRuleResponse = responseObject<LoadBalancerRuleRow>(
  'loadbalancerrule',
  fields,
);

function addressOf(rule: LoadBalancerRuleRow, world: World): PublicIpRow {
  return world.publicIps.require(rule.publicIpId);
}

function zoneOf(rule: LoadBalancerRuleRow, world: World): ZoneRow {
  return world.zones.require(addressOf(rule, world).zoneId);
}
