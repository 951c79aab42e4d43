import { isAddressFree, nextFreeAddress } from './addresses.js';
import { CloudException, invalidParameter, serverApiError } from '../cloud-exception.js';
import type { DhcpOption, NetworkRow, NicRow, NicSecondaryIpRow } from '../entities.js';
import { generateMacAddress, isMacAddressFree } from './mac-addresses.js';
import { moveMembers } from './load-balancers.js';
import { networkText } from './networks.js';
import { moveForwarding } from './port-rules.js';
import { moveStaticNat } from './static-nat.js';
import type { World } from '../world.js';

export interface NicRequest {
  readonly vmId: string;
  readonly network: NetworkRow;
  readonly ipAddress?: string | undefined;
  readonly macAddress?: string | undefined;
  readonly isDefault: boolean;
  readonly deviceId: number;
  readonly dhcpOptions?: readonly DhcpOption[] | undefined;
}

/**
 * Gives a VM a NIC, which holds its address from now until the row is removed. Throws without
 * changing anything if the address or MAC address cannot be had; deployVirtualMachine checks a
 * requested MAC address earlier (NetworkModelImpl.checkRequestedIpAddresses), when nothing of the
 * VM exists yet.
 */
export function allocateNic(world: World, request: NicRequest): NicRow {
  const { vmId, network, isDefault, deviceId } = request;
  const ipAddress = guestAddress(world, network, request.ipAddress);
  return world.nics.insert({
    vmId,
    networkId: network.id,
    ipAddress,
    macAddress: guestMacAddress(world, network, request.macAddress),
    deviceId,
    isDefault,
    dhcpOptions: request.dhcpOptions ?? [],
  });
}

/** The NICs of a VM in the order of their device ids. */
export function nicsOf(world: World, vmId: string): NicRow[] {
  return world.nics.where('vmId', vmId).sort((a, b) => a.deviceId - b.deviceId);
}

/** Removes the NICs of a VM, as expunging it does: this is what frees its addresses. */
export function releaseNics(world: World, vmId: string): void {
  for (const nic of nicsOf(world, vmId)) removeNic(world, nic);
}

/** Removes a NIC, which frees all its addresses. */
export function removeNic(world: World, nic: NicRow): void {
  for (const row of secondaryIpsOf(world, nic.id)) world.nicSecondaryIps.purge(row);
  world.nics.remove(nic);
}

/** The secondary addresses of a NIC in the order in which they came. */
export function secondaryIpsOf(world: World, nicId: string): NicSecondaryIpRow[] {
  return world.nicSecondaryIps.where('nicId', nicId);
}

/** Whether an address is one of a NIC: its own, or a secondary one. */
export function hasAddress(world: World, nic: NicRow, ipAddress: string): boolean {
  if (nic.ipAddress === ipAddress) return true;
  return secondaryIpsOf(world, nic.id).some((row) => row.ipAddress === ipAddress);
}

/**
 * Gives a NIC one more address: `ipAddress`, or any free one. Undefined if it cannot be had
 * (NetworkServiceImpl.allocateSecondaryGuestIP).
 */
export function addSecondaryIp(
  world: World,
  nic: NicRow,
  ipAddress: string | undefined,
): NicSecondaryIpRow | undefined {
  const address = freeAddress(world, world.networks.require(nic.networkId), ipAddress);
  if (address === undefined) return undefined;
  return world.nicSecondaryIps.insert({
    nicId: nic.id,
    vmId: nic.vmId,
    networkId: nic.networkId,
    ipAddress: address,
  });
}

/** The first device id that no NIC of a VM has (NicDaoImpl.getFreeDeviceId). */
export function freeDeviceId(world: World, vmId: string): number {
  const taken = nicsOf(world, vmId).map((nic) => nic.deviceId);
  return taken.reduce((free, deviceId) => (deviceId === free ? free + 1 : free), 0);
}

/** Makes another NIC the default one: the two change their places (VirtualMachineManagerImpl.orchestrateUpdateDefaultNicForVM). */
export function makeDefault(world: World, nic: NicRow): void {
  const old = nicsOf(world, nic.vmId).find((row) => row.isDefault);
  const { deviceId } = nic;
  world.nics.change(nic, { isDefault: true, ...(old && { deviceId: old.deviceId }) });
  if (old !== undefined) world.nics.change(old, { isDefault: false, deviceId });
}

/** A NIC as error texts name it (NicVO.toString). */
export function nicText(world: World, nic: NicRow): string {
  const { deviceId, ipAddress: iPv4Address, internalId: id, vmId, id: uuid } = nic;
  const instanceId = world.vms.require(vmId).internalId;
  return `Nic ${JSON.stringify({ deviceId, iPv4Address, id, instanceId, uuid })}`;
}

/**
 * Gives a NIC another address: `ipAddress`, or any free one; frees the old one and has static NAT,
 * load balancers and port forwarding follow (UserVmManagerImpl.updateNicIpForVirtualMachine). Throws if the address cannot be had.
 */
export function changeNicAddress(world: World, nic: NicRow, ipAddress: string | undefined): void {
  const network = world.networks.require(nic.networkId);
  if (network.type === 'L2') {
    throw invalidParameter('UpdateVmNicIpCmd is not supported in L2 network');
  }
  const next = freeAddress(world, network, ipAddress);
  if (next === undefined) throw cannotChangeAddress(network, nic);
  if (nic.ipAddress !== null) {
    moveStaticNat(world, nic, nic.ipAddress, next);
    moveMembers(world, nic, nic.ipAddress, next);
    moveForwarding(world, nic, nic.ipAddress, next);
  }
  world.nics.change(nic, { ipAddress: next });
}

/** In a shared network the reason is logged by the management server only. */
function cannotChangeAddress(network: NetworkRow, nic: NicRow): CloudException {
  return network.type === 'Shared'
    ? serverApiError(
        530,
        'Failed to update ip address on vm NIC. Refer to server logs for details.',
      )
    : invalidParameter(`Allocating ip to guest nic ${nic.id} failed, please choose another ip`);
}

/** The address of a new NIC; null in a network that has none to give. */
function guestAddress(
  world: World,
  network: NetworkRow,
  requested: string | undefined,
): string | null {
  if (network.type === 'L2') return null;
  const address = freeAddress(world, network, requested);
  if (address !== undefined) return address;
  throw new CloudException(
    'UncheckedException',
    network.type === 'Shared'
      ? 'Insufficient address capacity'
      : `Unable to acquire Guest IP address for network ${networkText(world, network)}`,
  );
}

function freeAddress(
  world: World,
  network: NetworkRow,
  requested: string | undefined,
): string | undefined {
  if (requested === undefined) return nextFreeAddress(world, network);
  return isAddressFree(world, network, requested) ? requested : undefined;
}

function guestMacAddress(world: World, network: NetworkRow, requested: string | undefined): string {
  if (requested === undefined) return generateMacAddress(world, network);
  if (isMacAddressFree(world, network, requested)) return requested;
  throw invalidParameter(`The requested Mac address is already taken! ${requested}`);
}
