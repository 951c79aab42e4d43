import {
  booleanField,
  listField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { NetworkRow, NicRow, NicSecondaryIpRow } from '../../world/entities.js';
import { eui64Address } from '../../world/network/ipv6.js';
import { secondaryIpsOf } from '../../world/network/nics.js';
import type { World } from '../../world/world.js';
import { dhcpOptionResponse } from './dhcp-options.js';
import { vpcFields } from '../vpc/vpc-fields.js';

/** NicSecondaryIpResponse as it stands inside a NIC. */
const secondaryIpOfNicResponse = responseObject<NicSecondaryIpRow>('secondaryip', {
  id: stringField((row) => row.id),
  ipaddress: stringField((row) => row.ipAddress),
});

/** NicResponse as it stands inside a VM. */
export const nicResponse = responseObject<NicRow>('nic', {
  id: stringField((nic) => nic.id),
  networkid: stringField((nic) => nic.networkId),
  networkname: stringField((nic, { world }) => networkOf(nic, world).name),
  netmask: stringField((nic, { world }) => networkOf(nic, world).netmask),
  gateway: stringField((nic, { world }) => networkOf(nic, world).gateway),
  ipaddress: stringField((nic) => nic.ipAddress),
  isolationuri: rootOnly(stringField((nic, { world }) => vlanUri(nic, world))),
  broadcasturi: rootOnly(stringField((nic, { world }) => vlanUri(nic, world))),
  traffictype: stringField(() => 'Guest'),
  type: stringField((nic, { world }) => networkOf(nic, world).type),
  isdefault: booleanField((nic) => nic.isDefault),
  macaddress: stringField((nic) => nic.macAddress),
  ip6gateway: stringField((nic, { world }) => networkOf(nic, world).ipv6?.gateway),
  ip6cidr: stringField((nic, { world }) => networkOf(nic, world).ipv6?.cidr),
  ip6address: stringField((nic, { world }) => ip6AddressOf(nic, networkOf(nic, world))),
  secondaryip: listField(secondaryIpOfNicResponse, (nic, { world }) =>
    secondaryIpsOf(world, nic.id),
  ),
  extradhcpoption: listField(dhcpOptionResponse, (nic) => nic.dhcpOptions),
  ...vpcFields<NicRow>((nic, { world }) => networkOf(nic, world).vpcId),
});

/** NicResponse as listNics sends it, with two more fields. */
export const listedNicResponse = responseObject<NicRow>('nic', {
  ...nicResponse.fields,
  deviceid: stringField((nic) => String(nic.deviceId)),
  virtualmachineid: stringField((nic) => nic.vmId),
});

/** Made of its MAC address, whatever was asked for (Ipv6AddressManagerImpl.setNicIp6Address). */
function ip6AddressOf({ macAddress }: NicRow, { ipv6 }: NetworkRow): string | null {
  return ipv6 === null ? null : eui64Address(ipv6.cidr, macAddress);
}

/** A NIC has its VLAN only while its VM is up. */
function vlanUri(nic: NicRow, world: World): string | null {
  const isUp = ['Starting', 'Running', 'Stopping'].includes(world.vms.require(nic.vmId).state);
  return isUp ? `vlan://${networkOf(nic, world).vlan}` : null;
}

function networkOf(nic: NicRow, world: World): NetworkRow {
  return world.networks.require(nic.networkId);
}
