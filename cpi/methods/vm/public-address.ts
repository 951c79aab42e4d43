import { CloudStackError, isCloudStackError } from '../../cloudstack/errors.js';
import { findPublicAddress, findVm } from '../../cloudstack/find-resources.js';
import { marks, tagNew, tagsByKey } from '../../cloudstack/tags.js';
import type { PublicIpAddress, VirtualMachine } from '../../cloudstack/types.js';
import { lookAgain, tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { allocateAddress, markAddress, type AddressOfVm } from './allocate-address.js';
import { forgetLateAddresses, isLate } from './late-address.js';
import { disconnect, isOurs } from './release-public-address.js';

/** Another call for the same agent may give the address back at the same time. */
const attemptsMax = 3;

/** What a request for an address meets that somebody else has given back. */
const signsOfLoss = ['invalid', 'not-found', 'permission', 'internal'] as const;

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
      if (isExpectedNow(failure, request)) return true;
      if (!isCloudStackError(failure, ...signsOfLoss)) return false;
      const isGone = (await findPublicAddress(call.client, ip, zoneId)) === undefined;
      if (isGone) call.log(`public address ${ip} was given back meanwhile`);
      return isGone;
    });
  } catch (failure) {
    throw (await lostRaceError(call, vm, request, failure)) ?? failure;
  }
}

/** The call whose VM was removed for this one has just got the address: this one is to have it. */
function isExpectedNow(failure: unknown, { expected }: AddressOfVm): boolean {
  return expected.length > 0 && failure instanceof BoshError && failure.okToRetry;
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
  const { ip, networkId, notes } = request;
  const known = await findSettled(call, vm, request);
  if (known !== undefined) await freeFromFormerVm(call, known, vm);
  const isFoundLate = known !== undefined && hasComeLate(request, known);
  const isToGoWithVm = known === undefined || isOurs(known) || isFoundLate;
  if (isToGoWithVm && !request.isOurs) {
    await tagNew(client, { type: 'UserVm', id: vm.id }, { [marks.address]: ip });
  }
  if (isFoundLate) await markAddress(call, vm, known, request);
  const address = known ?? (await allocateAddress(call, saga, vm, request));
  if (notes.length > 0) await forgetLateAddresses(client, networkId, notes);
  if (known?.virtualmachineid === vm.id) return;
  await client.call('enableStaticNat', {
    ipaddressid: address.id,
    virtualmachineid: vm.id,
    networkid: networkId,
  });
  if (isFoundLate || (known !== undefined && isAnothers(known, vm))) {
    await assertKept(call, vm, request);
  }
}

/** Whether an address is what came of a request of an earlier call, which had no answer. */
function hasComeLate(
  { networkId, vpcId, notes, expected }: AddressOfVm,
  address: PublicIpAddress,
): boolean {
  const place = { id: networkId, vpcid: vpcId };
  return [...notes, ...expected].some((late) => isLate(late, place, address));
}

/**
 * The call that had an address allocated for another VM, which is gone, or `gc`, may just be giving
 * it back: it looked at it before it was taken over, and its request is on its way.
 *
 * @throws CloudStackError of kind `not-found` if it is gone.
 */
async function assertKept(
  { client, log }: Call,
  vm: VirtualMachine,
  { ip, zoneId }: AddressOfVm,
): Promise<void> {
  log(`public address ${ip} was allocated by another call; seeing that nobody gives it back`);
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
