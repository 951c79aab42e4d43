import { ownerFields } from '../../declare/owner-fields.js';
import { booleanField, responseObject, stringField } from '../../declare/response.js';
import type { VlanRangeRow } from '../../world/entities.js';
import { ipv4Text, parseCidr, parseIpv4 } from '../../world/network/ipv4.js';

/** A range, and whose network has it. */
export interface ListedVlanRange extends VlanRangeRow {
  readonly accountId: string | null;
}

/** VlanIpRangeResponse (ApiResponseHelper.createVlanIpRangeResponse). */
export const vlanIpRangeResponse = responseObject<ListedVlanRange>('vlaniprange', {
  id: stringField((range) => range.id),
  forvirtualnetwork: booleanField((range) => range.networkId === null),
  zoneid: stringField((range) => range.zoneId),
  vlan: stringField((range) => range.vlan),
  ...ownerFields<ListedVlanRange>((range) => range.accountId),
  gateway: stringField((range) => range.gateway),
  netmask: stringField((range) => range.netmask),
  cidr: stringField((range) => cidrOf(range)),
  startip: stringField((range) => range.startIp),
  endip: stringField((range) => range.endIp),
  networkid: stringField((range) => range.networkId),
  physicalnetworkid: stringField((range) => range.physicalNetworkId),
  forsystemvms: booleanField(() => false),
});

function cidrOf({ gateway, netmask }: VlanRangeRow): string {
  const length = 32 - Math.log2(2 ** 32 - (parseIpv4(netmask) ?? 0));
  return `${ipv4Text(parseCidr(`${gateway}/${length}`).first)}/${length}`;
}
