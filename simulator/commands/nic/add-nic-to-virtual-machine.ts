import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, records, text } from '../../declare/parameter.js';
import { CloudException, cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DhcpOption, NetworkRow, NicRow, VmRow } from '../../world/entities.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { isMacAddressFree } from '../../world/network/mac-addresses.js';
import { assertMayUseNetwork } from '../../world/network/network-access.js';
import { implementNetwork, networkText, zoneText } from '../../world/network/networks.js';
import { allocateNic, freeDeviceId, nicsOf, removeNic } from '../../world/network/nics.js';
import { vmQueue, vmText } from '../../world/compute/virtual-machines.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import type { World } from '../../world/world.js';
import { vmSubject } from '../virtual-machine/virtual-machine-rules.js';
import { listedVmResponse } from '../virtual-machine/listed-vm-response.js';
import { dhcpOptions } from './dhcp-options.js';
import { standardMacAddress } from './mac-address-rules.js';
import { assertVmExists, withNics } from './nic-rules.js';

interface NicWish {
  readonly vm: VmRow;
  readonly network: NetworkRow;
  readonly ipAddress: string | undefined;
  readonly macAddress: string | undefined;
  readonly dhcpOptions: readonly DhcpOption[];
}

/** A running VM gets the NIC at once, and its network is brought to life for that. */
export const addNicToVirtualMachine = asyncCommand({
  name: 'addNicToVirtualMachine',
  summary: 'Gives a virtual machine one more NIC, in a network in which it has none.',
  roles: everyRole,
  javaClass: { user: 'user.vm.AddNicToVMCmd', rootAdmin: 'admin.vm.AddNicToVMCmdByAdmin' },
  parameters: {
    virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }),
    networkid: entity('network', { required: true }),
    ipaddress: text(),
    macaddress: text(),
    dhcpoptions: records(),
  },
  response: objectOf(listedVmResponse),
  subject: ({ virtualmachineid }) => vmSubject(virtualmachineid),
  queue: (_, { virtualmachineid }) => vmQueue(virtualmachineid.id),
  steps: [
    (context, { virtualmachineid: vm, networkid: network, ipaddress, macaddress, ...args }) => {
      assertVmExists(vm, 'unable to find a virtual machine with id');
      assertNoVmSnapshots(context.world, vm.id, 'NIC cannot be added to VM with VM Snapshots');
      const macAddress = macaddress === undefined ? undefined : standardMacAddress(macaddress);
      const options = dhcpOptions(args.dhcpoptions);
      const wish = { vm, network, ipAddress: ipaddress, macAddress, dhcpOptions: options };
      assertPossible(context, wish);
      plug(context.world, wish);
      return vm.state === 'Running' ? wait('duration.address') : done(withNics(vm));
    },
    (_, { virtualmachineid: vm }) => done(withNics(vm)),
  ],
});

/** In the order of UserVmManagerImpl.addNicToVirtualMachine; the dispatcher has asked who may. */
function assertPossible({ world }: CommandContext, wish: NicWish): void {
  const { vm, network, ipAddress, macAddress } = wish;
  if (network.removedMs !== null) {
    throw invalidParameter(`unable to find a network with id ${network.internalId}`);
  }
  assertMayUseNetwork(world, world.accounts.require(vm.accountId), network);
  if (nicsOf(world, vm.id).some((nic) => nic.networkId === network.id)) {
    throw cloudRuntime(`A NIC already exists for VM:${vm.instanceName} in network: ${network.id}`);
  }
  if (macAddress !== undefined && !isMacAddressFree(world, network, macAddress)) {
    throw cloudRuntime(`A NIC with this MAC address exists for network: ${network.id}`);
  }
  if (ipAddress !== undefined && parseIpv4(ipAddress) === undefined) {
    throw invalidParameter(`Invalid format for IP address parameter: ${ipAddress}`);
  }
  assertSameZone(world, vm, network);
  assertNameFree(world, vm, network);
}

function assertSameZone(world: World, vm: VmRow, network: NetworkRow): void {
  if (network.zoneId === vm.zoneId) return;
  const [ours, theirs] = [vm.zoneId, network.zoneId].map((id) => world.zones.require(id));
  if (ours === undefined || theirs === undefined) return;
  throw cloudRuntime(
    `${vmText(vm)} is in zone: ${zoneText(ours)} but ${networkText(world, network)} is in zone: ` +
      zoneText(theirs),
  );
}

function assertNameFree(world: World, vm: VmRow, network: NetworkRow): void {
  const isTaken = world.nics
    .where('networkId', network.id)
    .some((nic) => world.vms.require(nic.vmId).name === vm.name);
  if (!isTaken) return;
  throw cloudRuntime(`Network ${network.name} already has a vm with host name: ${vm.name}`);
}

/** VirtualMachineManagerImpl.orchestrateAddVmToNetwork; a NIC that cannot be plugged goes again. */
function plug(world: World, wish: NicWish): void {
  const { vm, network } = wish;
  if (vm.state !== 'Running' && vm.state !== 'Stopped') {
    throw cloudRuntime(
      `Unable to add NIC to ${vmText(vm)}: ${PACKAGE}.ResourceUnavailableException: Resource ` +
        `[DataCenter:${zoneNumber(world, vm)}] is unreachable: Unable to add vm ${vmText(vm)} to ` +
        'network, is not in the right state',
    );
  }
  const nics = nicsOf(world, vm.id);
  const nic = allocate(world, wish, {
    isDefault: !nics.some((other) => other.isDefault),
    deviceId: freeDeviceId(world, vm.id),
  });
  if (vm.state !== 'Running') return;
  try {
    implementNetwork(world, network);
  } catch (error) {
    removeNic(world, nic);
    throw error;
  }
}

const PACKAGE = 'com.cloud.exception';

/** The exception of the address's search becomes part of the text, with all that it says of itself. */
function allocate(
  world: World,
  { vm, ...wish }: NicWish,
  place: { readonly isDefault: boolean; readonly deviceId: number },
): NicRow {
  try {
    return allocateNic(world, { vmId: vm.id, ...wish, ...place });
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    const name =
      wish.network.type === 'Shared'
        ? 'InsufficientAddressCapacityException'
        : 'InsufficientVirtualNetworkCapacityException';
    throw cloudRuntime(
      `Insufficient capacity when adding NIC to ${vmText(vm)}: ${PACKAGE}.${name}: ` +
        `${error.message}Scope=interface com.cloud.dc.DataCenter; id=${zoneNumber(world, vm)}`,
    );
  }
}

function zoneNumber(world: World, { zoneId }: VmRow): number {
  return world.zones.require(zoneId).internalId;
}
