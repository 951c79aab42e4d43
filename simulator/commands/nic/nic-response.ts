import {
  booleanField,
  emptyListField,
  responseObject,
  rootOnly,
  stringField,
} from '../../declare/response.js';
import type { NicRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** NicResponse: the NICs of a VM, in listNics and inside listVirtualMachines. */
export const nicResponse = responseObject<NicRow>('nic', {
  id: stringField((nic) => nic.id),
  networkid: stringField((nic) => nic.networkId),
  networkname: stringField((nic, { world }) => world.networks.require(nic.networkId).name),
  netmask: stringField((nic, { world }) => world.networks.require(nic.networkId).netmask),
  gateway: stringField((nic, { world }) => world.networks.require(nic.networkId).gateway),
  ipaddress: stringField((nic) => nic.ipAddress),
  isolationuri: rootOnly(stringField((nic, { world }) => vlanUri(nic, world))),
  broadcasturi: rootOnly(stringField((nic, { world }) => vlanUri(nic, world))),
  traffictype: stringField(() => 'Guest'),
  type: stringField((nic, { world }) => world.networks.require(nic.networkId).type),
  isdefault: booleanField((nic) => nic.isDefault),
  macaddress: stringField((nic) => nic.macAddress),
  secondaryip: emptyListField(),
  extradhcpoption: emptyListField(),
  deviceid: stringField((nic) => String(nic.deviceId)),
  virtualmachineid: stringField((nic) => nic.vmId),
});

/** A NIC has its VLAN only while the VM runs. */
function vlanUri(nic: NicRow, world: World): string | null {
  const isStarted = ['Starting', 'Running'].includes(world.vms.require(nic.vmId).state);
  return isStarted ? `vlan://${world.networks.require(nic.networkId).vlan}` : null;
}
