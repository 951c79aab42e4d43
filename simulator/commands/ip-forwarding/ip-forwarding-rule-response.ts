import { integerField, longField, responseObject, stringField } from '../../declare/response.js';
import type { IpForwardingRuleRow, PublicIpRow, VmRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** The id of the address is that of the database (ApiResponseHelper.createIpForwardingRuleResponse). */
export const ipForwardingRuleResponse = responseObject<IpForwardingRuleRow>('ipforwardingrule', {
  id: stringField((rule) => rule.id),
  protocol: stringField((rule) => rule.protocol),
  virtualmachineid: stringField((rule, { world }) => vmOf(rule, world)?.id),
  virtualmachinename: stringField((rule, { world }) => vmOf(rule, world)?.name),
  virtualmachinedisplayname: stringField((rule, { world }) => vmOf(rule, world)?.displayName),
  ipaddressid: longField((rule, { world }) => addressOf(rule, world).internalId),
  ipaddress: stringField((rule, { world }) => addressOf(rule, world).ipAddress),
  startport: integerField((rule) => rule.startPort),
  endport: integerField((rule) => rule.endPort),
  state: stringField((rule) => (rule.state === 'Revoke' ? 'Deleting' : rule.state)),
});

function addressOf(rule: IpForwardingRuleRow, world: World): PublicIpRow {
  return world.publicIps.require(rule.publicIpId);
}

function vmOf(rule: IpForwardingRuleRow, world: World): VmRow | undefined {
  const { vmId } = addressOf(rule, world);
  return vmId === null ? undefined : world.vms.require(vmId);
}
