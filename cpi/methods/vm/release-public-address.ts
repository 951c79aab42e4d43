import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError, type CloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import { findPublicAddress } from '../../cloudstack/find-resources.js';
import { marks, tagsByKey } from '../../cloudstack/tags.js';
import type { PublicIpAddress, VirtualMachine } from '../../cloudstack/types.js';
import { longestCreateVmMs, type Call } from '../call/call.js';
import { hasMetadata } from './forgotten-vm.js';

/** Which addresses without marks are taken for ones of a VM. */
export interface Releasing extends Pick<Call, 'client' | 'configuration'> {
  /** None: the call that allocated the address is still at work, and takes it back by itself. */
  readonly releasesOnlyMarked?: true;
}

/**
 * Gives back the public address that was allocated for a VM that is about to go. Whatever speaks
 * for another use of the address keeps it. A role that may not do that is no reason to keep the VM.
 */
export async function releaseAllocatedAddress(
  remover: Releasing,
  vm: VirtualMachine,
  ip: string,
): Promise<void> {
  const { client, releasesOnlyMarked = false } = remover;
  await asFarAsAllowed(client, `${ip} of VM ${vm.id}`, async () => {
    const address = await findPublicAddress(client, ip, vm.zoneid ?? '');
    if (address === undefined) return;
    const isToGo = isOurs(address)
      ? isMarkedFor(vm, address)
      : !releasesOnlyMarked && (await isUnmarkedFor(remover, vm, address));
    if (isToGo) await giveBackAddress(client, address);
  });
}

/**
 * Takes its public address off a VM that is about to go; the same holds for roles. CloudStack is
 * told the address alone, which others may have given to another VM since this one was seen: `now`
 * is the VM as CloudStack has just answered it; without that the address is looked at first.
 */
export async function disconnectPublicAddress(
  client: CloudStackClient,
  vm: VirtualMachine,
  now: VirtualMachine | undefined,
): Promise<void> {
  const { id: vmId, publicip = '', publicipid: id } = now ?? vm;
  if (id === undefined) return;
  await asFarAsAllowed(client, `${publicip} (${id}) of VM ${vmId}`, async () => {
    if (now === undefined) {
      const address = await findById(client, 'listPublicIpAddresses', id);
      if (address?.virtualmachineid !== vmId) return;
    }
    await disconnect(client, id);
  });
}

function isMarkedFor(vm: VirtualMachine, address: PublicIpAddress): boolean {
  const { issourcenat, tags, virtualmachineid } = address;
  if (issourcenat === true) return false;
  if (virtualmachineid !== undefined) return virtualmachineid === vm.id;
  return tagsByKey(tags)[marks.vm] === vm.id;
}

/**
 * Whether an address without marks is one that an interrupted create_vm allocated for a VM, which
 * it had marked before: allocated for a network of the VM while that call can have been at work,
 * and of no use to anybody since. An operator may get the same address later, or put rules on it.
 * CloudStack takes no mark of ordinary users together with an allocation (AssociateIPAddrCmd), so
 * that what an operator allocates in that time is only told apart by its tags.
 */
export async function isUnmarkedFor(
  call: Pick<Call, 'client' | 'configuration'>,
  vm: VirtualMachine,
  address: PublicIpAddress,
): Promise<boolean> {
  const { allocated = '', issourcenat, isstaticnat, hasrules: hasRules, tags = [] } = address;
  if (issourcenat === true || isstaticnat === true || hasRules !== false) return false;
  if (tags.length > 0 || hasMetadata(vm)) return false;
  const afterMs = Date.parse(allocated) - Date.parse(vm.created ?? '');
  if (!(afterMs >= 0 && afterMs < longestCreateVmMs(call))) return false;
  return mayLeadTo(call.client, vm, address);
}

/** An address of a VPC is for none of its tiers yet, but for any that the VM is in. */
async function mayLeadTo(
  client: CloudStackClient,
  { nic: nics = [] }: VirtualMachine,
  { associatednetworkid: networkId, vpcid: vpcId }: PublicIpAddress,
): Promise<boolean> {
  const isInOneOf = (ids: readonly string[]): boolean =>
    nics.some(({ networkid }) => ids.includes(networkid));
  if (networkId !== undefined) return isInOneOf([networkId]);
  if (vpcId === undefined) return true;
  const tiers = await client.list('listNetworks', { vpcid: vpcId });
  return isInOneOf(tiers.map(({ id }) => id));
}

/**
 * Gives back addresses that were allocated for a VM that is gone, unless another VM has got them
 * since. A role that may not even list addresses has none: connectPublicAddress looks for an
 * address before it allocates it, and one that is still on a VM has been told by
 * disconnectPublicAddress.
 */
export async function releaseAddressesOfGoneVm(
  client: CloudStackClient,
  vmId: string,
): Promise<void> {
  for (const address of await listAddressesMarkedFor(client, vmId)) {
    const { id, ipaddress } = address;
    await asFarAsAllowed(client, `${ipaddress} (${id}) of VM ${vmId}`, () =>
      giveBackAddress(client, address),
    );
  }
}

async function listAddressesMarkedFor(
  client: CloudStackClient,
  vmId: string,
): Promise<PublicIpAddress[]> {
  try {
    const addresses = await client.list('listPublicIpAddresses', {
      tags: [{ key: marks.vm, value: vmId }],
    });
    return addresses.filter(
      (address) =>
        isOurs(address) &&
        tagsByKey(address.tags)[marks.vm] === vmId &&
        [undefined, vmId].includes(address.virtualmachineid),
    );
  } catch (failure) {
    if (isNotAllowed(failure)) return [];
    throw failure;
  }
}

export async function disconnect(client: CloudStackClient, addressId: string): Promise<void> {
  const what = `removal of static NAT from address ${addressId}`;
  await unlessDone(client.run('disableStaticNat', { ipaddressid: addressId }, { what }));
}

/** Gives an address back to the zone; one that is free already is a success. */
export async function giveBackAddress(
  client: CloudStackClient,
  { id, ipaddress }: PublicIpAddress,
): Promise<void> {
  const what = `release of public address ${ipaddress}`;
  await unlessDone(client.run('disassociateIpAddress', { id }, { what }));
}

/** "Not found" and "is not enabled for static NAT" mean that there is nothing left to do. */
async function unlessDone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found', 'invalid')) throw failure;
  }
}

async function asFarAsAllowed(
  client: CloudStackClient,
  address: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (failure) {
    if (!isNotAllowed(failure)) throw failure;
    client.log(`warning: public address ${address} is not released: ${failure.message}`);
  }
}

function isNotAllowed(failure: unknown): failure is CloudStackError {
  return isCloudStackError(failure, 'forbidden-api', 'permission');
}

/** Whether an address was allocated for a VM by us. */
export function isOurs({ tags }: PublicIpAddress): boolean {
  return tagsByKey(tags)[marks.purpose] === 'public-address';
}
