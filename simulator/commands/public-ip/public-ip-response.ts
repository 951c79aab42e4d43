import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  listField,
  responseObject,
  rootOnly,
  stringField,
  type Field,
} from '../../declare/response.js';
import type { NetworkRow, PublicIpRow, VmRow } from '../../world/entities.js';
import { hasAnyRule } from '../../world/network/port-rules.js';
import { tagsOf } from '../../world/tags.js';
import { physicalNetworkOf } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';
import { tagResponse } from '../tag/tag-response.js';
import { vpcFields } from '../vpc/vpc-fields.js';

const fields: Readonly<Record<string, Field<PublicIpRow>>> = {
  id: stringField((publicIp) => publicIp.id),
  ipaddress: stringField((publicIp) => publicIp.ipAddress),
  allocated: dateField((publicIp) => publicIp.allocatedMs),
  zoneid: stringField((publicIp) => publicIp.zoneId),
  zonename: stringField((publicIp, { world }) => world.zones.require(publicIp.zoneId).name),
  issourcenat: booleanField((publicIp) => publicIp.isSourceNat),
  ...ownerFields<PublicIpRow>((publicIp) => publicIp.accountId),
  forvirtualnetwork: booleanField(() => true),
  vlanid: rootOnly(stringField((publicIp) => publicIp.vlanRangeId)),
  vlanname: rootOnly(stringField((publicIp) => publicIp.vlan)),
  isstaticnat: booleanField((publicIp) => publicIp.vmId !== null),
  issystem: booleanField(() => false),
  virtualmachineid: stringField((publicIp) => publicIp.vmId),
  virtualmachinetype: stringField((publicIp) => (publicIp.vmId === null ? null : 'User')),
  vmipaddress: stringField((publicIp) => publicIp.vmIpAddress),
  virtualmachinename: stringField((publicIp, { world }) => vmOf(publicIp, world)?.name),
  virtualmachinedisplayname: stringField(
    (publicIp, { world }) => vmOf(publicIp, world)?.displayName,
  ),
  associatednetworkid: stringField((publicIp) => publicIp.networkId),
  associatednetworkname: stringField((publicIp, { world }) => networkOf(publicIp, world)?.name),
  ...vpcFields<PublicIpRow>((publicIp) => publicIp.vpcId),
  networkid: stringField(
    (publicIp, { world }) => physicalNetworkOf(world, publicIp.zoneId).publicNetworkId,
  ),
  state: stringField((publicIp) => publicIp.state),
  physicalnetworkid: stringField(
    (publicIp, { world }) => physicalNetworkOf(world, publicIp.zoneId).id,
  ),
  tags: listField(tagResponse, (publicIp, { world }) => tagsOf(world, publicIp.id)),
  isportable: booleanField(() => false),
  fordisplay: rootOnly(booleanField((publicIp) => publicIp.isDisplayed)),
  forsystemvms: booleanField(
    (publicIp, { world }) => world.vlanRanges.require(publicIp.vlanRangeId).isForSystemVms,
  ),
  hasrules: booleanField((publicIp, { world }) => hasAnyRule(world, publicIp)),
};

/** IPAddressResponse, as one result (ApiResponseHelper.createIPAddressResponse). */
export const ipAddressResponse = responseObject<PublicIpRow>('ipaddress', fields);

/** The same under the key that listPublicIpAddresses uses. */
export const publicIpResponse = responseObject<PublicIpRow>('publicipaddress', fields);

function networkOf(publicIp: PublicIpRow, world: World): NetworkRow | undefined {
  return publicIp.networkId === null ? undefined : world.networks.require(publicIp.networkId);
}

function vmOf(publicIp: PublicIpRow, world: World): VmRow | undefined {
  return publicIp.vmId === null ? undefined : world.vms.require(publicIp.vmId);
}
