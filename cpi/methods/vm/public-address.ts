import type { CloudStackClient } from '../../cloudstack/client.js';
import { createUndoably } from '../../cloudstack/create-undoably.js';
import { isCloudStackError, type CloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import { findPublicAddress, findVm } from '../../cloudstack/find-resources.js';
import { applyTags, marks, marksOf, tagsByKey } from '../../cloudstack/tags.js';
import type { PublicIpAddress, VirtualMachine } from '../../cloudstack/types.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';

/**
 * Points a public address to a VM by static NAT. An address that the account does not hold yet is
 * allocated for the network and marked, so that only such a one is ever given back.
 */
export async function connectPublicAddress(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  request: { ip: string; networkId: string; zoneId: string; agentId: string },
): Promise<void> {
  const { client, context } = call;
  const { ip, networkId, zoneId, agentId } = request;
  const known = await findPublicAddress(client, ip, zoneId);
  if (known !== undefined) await freeFromFormerVm(call, known, vm);
  const address = known ?? (await allocate(call, saga, request));
  if (known === undefined) {
    await applyTags(
      client,
      { type: 'PublicIpAddress', id: address.id },
      marksOf({
        directorUuid: context.directorUuid,
        agentId,
        vmId: vm.id,
        purpose: 'public-address',
      }),
    );
  }
  if (known?.virtualmachineid === vm.id) return;
  saga.step({
    name: `static NAT of ${ip} to VM ${vm.id}`,
    undo: ({ signal }) => disconnect(client.withSignal(signal), address.id),
  });
  await client.call('enableStaticNat', {
    ipaddressid: address.id,
    virtualmachineid: vm.id,
    networkid: networkId,
  });
}

/**
 * Takes the public address off a VM that is about to go, and gives it back if we allocated it. A
 * role that may not do that is no reason to keep the VM.
 */
export async function releasePublicAddress(
  client: CloudStackClient,
  { id, publicipid: addressId }: VirtualMachine,
): Promise<void> {
  if (addressId === undefined) return;
  await asFarAsAllowed(client, `public address ${addressId} of VM ${id}`, async () => {
    const address = await findById(client, 'listPublicIpAddresses', addressId);
    if (address === undefined) return;
    if (isOurs(address)) await giveBack(client, address);
    else await disconnect(client, address.id);
  });
}

/** Gives back addresses that were allocated for a VM that is gone. */
export async function releaseAddressesOfGoneVm(
  client: CloudStackClient,
  vmId: string,
): Promise<void> {
  await asFarAsAllowed(client, `a public address of VM ${vmId}`, () =>
    giveBackAddressesMarkedFor(client, vmId),
  );
}

async function giveBackAddressesMarkedFor(client: CloudStackClient, vmId: string): Promise<void> {
  const addresses = await client.list('listPublicIpAddresses', {
    tags: [{ key: marks.vm, value: vmId }],
  });
  for (const address of addresses) {
    if (isOurs(address) && tagsByKey(address.tags)[marks.vm] === vmId) {
      await giveBack(client, address);
    }
  }
}

async function allocate(
  { client }: Call,
  saga: Saga,
  { ip, networkId, zoneId }: { ip: string; networkId: string; zoneId: string },
): Promise<PublicIpAddress> {
  try {
    return await createUndoably(client, saga, {
      name: `allocate public address ${ip}`,
      create: () =>
        client.run(
          'associateIpAddress',
          { networkid: networkId, ipaddress: ip },
          { what: `allocation of public address ${ip}` },
        ),
      find: (undoClient) => findPublicAddress(undoClient, ip, zoneId),
      remove: giveBack,
      // Then somebody else of this account may have got it in the meantime.
      hadNoEffect: isRefusal,
    });
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw new BoshError(
      'CloudError',
      `The vip ${ip} is not allocated to this account and cannot be: ${cause.message}. Allocate ` +
        'it to the account, or use an address that is free',
      { cause },
    );
  }
}

function isRefusal(failure: unknown): failure is CloudStackError {
  return isCloudStackError(failure, 'invalid', 'capacity', 'internal', 'internal-masked');
}

/** Static NAT outlives a destroyed VM until it is expunged, but never serves two living ones. */
async function freeFromFormerVm(
  { client }: Call,
  address: PublicIpAddress,
  vm: VirtualMachine,
): Promise<void> {
  if (address.isstaticnat !== true || address.virtualmachineid === vm.id) return;
  const former =
    address.virtualmachineid === undefined
      ? undefined
      : await findVm(client, address.virtualmachineid);
  if (isLiveVm(former)) {
    throw new BoshError(
      'CloudError',
      `The vip ${address.ipaddress} belongs to VM ${former.name} (${former.id}); delete that VM or ` +
        'take the address off it first',
    );
  }
  await disconnect(client, address.id);
}

async function disconnect(client: CloudStackClient, addressId: string): Promise<void> {
  const what = `removal of static NAT from address ${addressId}`;
  await unlessDone(client.run('disableStaticNat', { ipaddressid: addressId }, { what }));
}

async function giveBack(
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
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api', 'permission')) throw failure;
    client.log(`warning: ${what} may stay: ${failure.message}`);
  }
}

function isOurs({ tags }: PublicIpAddress): boolean {
  return tagsByKey(tags)[marks.purpose] === 'public-address';
}
