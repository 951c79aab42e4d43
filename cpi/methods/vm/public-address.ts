import { createUndoably } from '../../cloudstack/create-undoably.js';
import { CloudStackError, isCloudStackError } from '../../cloudstack/errors.js';
import { findPublicAddress, findVm } from '../../cloudstack/find-resources.js';
import { marks, marksOf, tagNew, tagsByKey } from '../../cloudstack/tags.js';
import type { Network, PublicIpAddress, VirtualMachine } from '../../cloudstack/types.js';
import { lookAgain, tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import {
  forgetLateAddress,
  isIdleIn,
  isLate,
  lateAddressOf,
  noteLateAddress,
} from './late-address.js';
import { disconnect, giveBackAddress, isOurs, isUnmarkedFor } from './release-public-address.js';

/** A public address for a NIC in a network. */
interface WantedAddress {
  readonly ip: string;
  readonly networkId: string;
  /** That of the network, if it is a tier: the address is then the VPC's. */
  readonly vpcId: string | undefined;
  readonly zoneId: string;
}

/** Another call for the same agent may give the address back at the same time. */
const attemptsMax = 3;

/** A public address for a VM, and whether the VM carries its mark. */
type AddressOfVm = WantedAddress & {
  readonly agentId: string;
  readonly isOurs: boolean;
  /** Its id, if the account held it when the VM was planned. */
  readonly heldId: string | undefined;
  /** The network, where it notes that a request of an earlier call may still get the address. */
  readonly notedOn: Network | undefined;
};

/**
 * Points a public address to a VM by static NAT, which the removal of the VM takes back. An address
 * that the account does not hold yet is allocated for the network and marked, so that only such a
 * one is ever given back.
 */
export async function connectPublicAddress(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  request: AddressOfVm,
): Promise<void> {
  const { ip, zoneId } = request;
  const connectOnce = (): Promise<void> => connect(call, saga, vm, request);
  try {
    await tryAgain(attemptsMax, connectOnce, async (failure) => {
      if (isMarkedMeanwhile(failure)) return true;
      if (!isCloudStackError(failure, 'invalid', 'not-found', 'permission')) return false;
      const isGone = (await findPublicAddress(call.client, ip, zoneId)) === undefined;
      if (isGone) call.log(`public address ${ip} was given back meanwhile`);
      return isGone;
    });
  } catch (failure) {
    throw (await lostRaceError(call, vm, request, failure)) ?? failure;
  }
}

/**
 * Where CloudStack has refused the address, and another VM has it now although nobody had it when
 * the VM was planned: whether that other one keeps it another try tells.
 */
async function lostRaceError(
  { client }: Call,
  vm: VirtualMachine,
  { ip, zoneId }: AddressOfVm,
  failure: unknown,
): Promise<BoshError | undefined> {
  const cause = failure instanceof BoshError ? failure.cause : failure;
  if (!isCloudStackError(cause, 'conflict', 'capacity', 'invalid')) return undefined;
  const holderId = (await findPublicAddress(client, ip, zoneId))?.virtualmachineid;
  if (holderId === undefined || holderId === vm.id) return undefined;
  return new BoshError(
    'VMCreationFailed',
    `create_vm: VM ${holderId} got the vip ${ip} while VM ${vm.id} was being made for it`,
    { okToRetry: true, cause: failure },
  );
}

/**
 * Another call had allocated the address before, and puts its marks on it only now: it is treated
 * as one that was held.
 */
function isMarkedMeanwhile(failure: unknown): boolean {
  return isCloudStackError(failure, 'conflict') && failure.command === 'createTags';
}

async function connect(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  request: AddressOfVm,
): Promise<void> {
  const { client } = call;
  const { ip, networkId } = request;
  const known = await findSettled(call, vm, request);
  if (known !== undefined) await freeFromFormerVm(call, known, vm);
  const isFoundLate = known !== undefined && hasComeLate(request, known);
  const isToGoWithVm = known === undefined || isOurs(known) || isFoundLate;
  if (isToGoWithVm && !request.isOurs) {
    await tagNew(client, { type: 'UserVm', id: vm.id }, { [marks.address]: ip });
  }
  if (isFoundLate) await markAddress(call, vm, known, request);
  const address = known ?? (await allocate(call, saga, vm, request));
  if (request.notedOn !== undefined) await forgetLateAddress(client, request.notedOn);
  if (known?.virtualmachineid === vm.id) return;
  await client.call('enableStaticNat', {
    ipaddressid: address.id,
    virtualmachineid: vm.id,
    networkid: networkId,
  });
  if (known !== undefined && isAnothers(known, vm)) await assertKept(call, vm, request);
}

/** Whether an address is what came of a request of an earlier call, which had no answer. */
function hasComeLate({ notedOn }: AddressOfVm, address: PublicIpAddress): boolean {
  if (notedOn === undefined) return false;
  const late = lateAddressOf(notedOn);
  return late !== undefined && isLate(late, notedOn, address);
}

/**
 * The call that had an address allocated for another VM, which is gone, may just be giving it back:
 * it looked at it before it was taken over, and its request is on its way.
 *
 * @throws CloudStackError of kind `not-found` if it is gone.
 */
async function assertKept(
  { client, log }: Call,
  vm: VirtualMachine,
  { ip, zoneId }: AddressOfVm,
): Promise<void> {
  log(`public address ${ip} was allocated for another VM; seeing that nobody gives it back`);
  const isLost = (seen?: PublicIpAddress): boolean => seen?.virtualmachineid !== vm.id;
  const find = (): Promise<PublicIpAddress | undefined> => findPublicAddress(client, ip, zoneId);
  const last = await lookAgain(client, { looksMax, poll: client.poll.late }, find, isLost);
  if (!isLost(last)) return;
  const text = `another call has given ${ip} back, which VM ${vm.id} had just got`;
  throw new CloudStackError({ kind: 'not-found', command: 'enableStaticNat', text });
}

/** Whether an address was allocated by us for another VM. */
function isAnothers(address: PublicIpAddress, vm: VirtualMachine): boolean {
  const { [marks.vm]: madeFor } = tagsByKey(address.tags);
  return isOurs(address) && madeFor !== undefined && madeFor !== vm.id;
}

/** About six seconds: what is given back is gone in one or two. */
const looksMax = 11;

/**
 * The address as the account holds it. One that another call has just allocated, for the same agent
 * or for another VM, is about to be connected or to be given back, and not to be taken before: only
 * if that call was killed it stays as it is.
 */
function findSettled(
  { client }: Call,
  vm: VirtualMachine,
  { ip, zoneId, heldId }: AddressOfVm,
): Promise<PublicIpAddress | undefined> {
  return lookAgain(
    client,
    { looksMax, poll: client.poll.late },
    () => findPublicAddress(client, ip, zoneId),
    (known) => {
      if (known === undefined || known.virtualmachineid !== undefined) return true;
      const { [marks.vm]: madeFor } = tagsByKey(known.tags);
      const isNew = heldId === undefined && madeFor !== vm.id;
      return !isNew && !isAnothers(known, vm);
    },
  );
}

/** Allocates an address, and marks it as made for the VM. */
async function allocate(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  request: AddressOfVm,
): Promise<PublicIpAddress> {
  const { client } = call;
  const { directorUuid } = call.context;
  const { ip, networkId, vpcId, zoneId } = request;
  let allocated: string | undefined;
  const target = vpcId === undefined ? { networkid: networkId } : { vpcid: vpcId };
  const what = `allocation of public address ${ip}`;
  try {
    const address = await createUndoably(client, saga, {
      name: `allocate public address ${ip}`,
      create: () => client.run('associateIpAddress', { ...target, ipaddress: ip }, { what }),
      find: async (undoClient) => {
        const found = await findPublicAddress(undoClient, ip, zoneId);
        if (found === undefined) return undefined;
        const undoing = { ...call, client: undoClient };
        return (await isStillFor(undoing, vm, found, allocated)) ? found : undefined;
      },
      remove: giveBackAddress,
      noteLate: async (undoClient) => {
        const isHeld = (await findPublicAddress(undoClient, ip, zoneId)) !== undefined;
        if (!isHeld) await noteLateAddress(undoClient, networkId, { ip, directorUuid });
      },
      // Then somebody else of this account may have got it; a job allocates before it can fail.
      hadNoEffect: (failure) => isRefusal(failure) && failure.jobId === undefined,
    });
    allocated = address.allocated;
    await markAddress(call, vm, address, request);
    return address;
  } catch (cause) {
    if (!isRefusal(cause) || cause.command !== 'associateIpAddress') throw cause;
    // What a job had allocated before it failed is given back by the step above.
    if (cause.jobId === undefined) noteIfAllocated(call, saga, request);
    throw new BoshError(
      'CloudError',
      `The vip ${ip} is not allocated to this account and cannot be: CloudStack says "${cause.text}". ` +
        'Allocate it to the account, or use an address that is free',
      { cause },
    );
  }
}

/**
 * A request that something on the way sends twice is refused the second time, and the address is
 * there. As it looks like one that another call has just got, it is not given back but noted: the
 * next create_vm adopts it, or gc gives it back, if it still serves nobody then.
 */
function noteIfAllocated(call: Call, saga: Saga, request: AddressOfVm): void {
  const { directorUuid } = call.context;
  const { ip, networkId, vpcId, zoneId } = request;
  saga.step({
    name: `look for public address ${ip}`,
    undo: async ({ signal }) => {
      const client = call.client.withSignal(signal);
      const held = await findPublicAddress(client, ip, zoneId);
      if (held === undefined || !isIdleIn({ id: networkId, vpcid: vpcId }, held)) return;
      await noteLateAddress(client, networkId, { ip, directorUuid });
    },
  });
}

/** Marks an address as made for a VM. */
async function markAddress(
  { client, context: { directorUuid } }: Call,
  { id: vmId }: VirtualMachine,
  { id }: PublicIpAddress,
  { agentId }: AddressOfVm,
): Promise<void> {
  const marked = marksOf({ directorUuid, agentId, vmId, purpose: 'public-address' });
  await tagNew(client, { type: 'PublicIpAddress', id }, marked);
}

/**
 * Whether nobody else has got an address since it was allocated for a VM. Only the answer to that
 * tells the time of its allocation; if it is lost, others may have got it just before, or later.
 */
async function isStillFor(
  call: Call,
  vm: VirtualMachine,
  address: PublicIpAddress,
  allocatedForVm: string | undefined,
): Promise<boolean> {
  const { allocated, tags, virtualmachineid } = address;
  if (virtualmachineid !== undefined && virtualmachineid !== vm.id) return false;
  const { [marks.vm]: madeFor } = tagsByKey(tags);
  if (madeFor !== undefined && madeFor !== vm.id) return false;
  if (allocatedForVm !== undefined) return allocated === allocatedForVm;
  return madeFor === vm.id || isUnmarkedFor(call, vm, address);
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
