import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  responseObject,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import type { DomainRow, VlanRangeRow } from '../../world/entities.js';
import { ipv4Text, parseCidr, prefixLengthOf } from '../../world/network/ipv4.js';
import { physicalNetworkOf } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';

type Fields = Readonly<Record<string, Field<VlanRangeRow>>>;

/** The account to which it is dedicated, or whose network has it. */
const owner = ownerFieldsIn(({ dedicatedAccountId, networkId }, world) => {
  if (dedicatedAccountId !== null || networkId === null) return dedicatedAccountId;
  return world.networks.require(networkId).accountId;
});

const fields: Fields = {
  id: stringField((range) => range.id),
  forvirtualnetwork: booleanField((range) => range.networkId === null),
  zoneid: stringField((range) => range.zoneId),
  vlan: stringField((range) => range.vlan),
  ...owner,
  domainid: orDedicated(owner.domainid, ({ id }) => id),
  domain: orDedicated(owner.domain, ({ name }) => name),
  domainpath: orDedicated(owner.domainpath, ({ path }) => path),
  gateway: stringField((range) => range.gateway),
  netmask: stringField((range) => range.netmask),
  cidr: stringField((range) => cidrOf(range)),
  startip: stringField((range) => range.startIp),
  endip: stringField((range) => range.endIp),
  networkid: stringField(
    ({ networkId, zoneId }, { world }) =>
      networkId ?? physicalNetworkOf(world, zoneId).publicNetworkId,
  ),
  physicalnetworkid: stringField((range) => range.physicalNetworkId),
  forsystemvms: booleanField((range) => range.isForSystemVms),
};

/** VlanIpRangeResponse, as one result (ApiResponseHelper.createVlanIpRangeResponse). */
export const vlanResponse = responseObject<VlanRangeRow>('vlan', fields);

/** The same under the key that listVlanIpRanges uses. */
export const vlanIpRangeResponse = responseObject<VlanRangeRow>('vlaniprange', fields);

function cidrOf({ gateway, netmask }: VlanRangeRow): string {
  const length = prefixLengthOf(netmask) ?? 32;
  return `${ipv4Text(parseCidr(`${gateway}/${length}`).first)}/${length}`;
}

/** `ownerFields` of an account that only the world tells. */
function ownerFieldsIn(
  accountIdOf: (range: VlanRangeRow, world: World) => string | null,
): ReturnType<typeof ownerFields<VlanRangeRow>> {
  const plain = ownerFields<{ readonly accountId: string | null }>((row) => row.accountId);
  const entries = Object.entries(plain).map(([name, field]): [string, Field<VlanRangeRow>] => [
    name,
    {
      ...field,
      value: (range, view) => field.value({ accountId: accountIdOf(range, view.world) }, view),
    },
  ]);
  return Object.fromEntries(entries) as ReturnType<typeof ownerFields<VlanRangeRow>>;
}

/** The domain to which it is dedicated, if it is to one. */
function orDedicated(
  field: Field<VlanRangeRow>,
  of: (domain: DomainRow) => string,
): Field<VlanRangeRow> {
  return {
    ...field,
    value: (range, view: View) =>
      range.dedicatedDomainId === null
        ? field.value(range, view)
        : of(view.world.domains.require(range.dedicatedDomainId)),
  };
}
