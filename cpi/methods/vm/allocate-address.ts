import type { CloudStackClient } from '../../cloudstack/client.js';
import { createUndoably } from '../../cloudstack/create-undoably.js';
import {
  isCloudStackError,
  isRefusedAtOnce,
  type CloudStackError,
} from '../../cloudstack/errors.js';
import { findPublicAddress } from '../../cloudstack/find-resources.js';
import { validForMs } from '../../cloudstack/signing.js';
import { marks, marksOf, tagNew, tagsByKey } from '../../cloudstack/tags.js';
import { timeMs } from '../../cloudstack/time.js';
import type { PublicIpAddress, VirtualMachine } from '../../cloudstack/types.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isComingTo, noteLateAddress, type LateAddress, type LateNote } from './late-address.js';
import { giveBackAddress, isUnmarkedFor } from './release-public-address.js';

/** A public address for a NIC in a network. */
interface WantedAddress {
  readonly ip: string;
  readonly networkId: string;
  /** That of the network, if it is a tier: the address is then the VPC's. */
  readonly vpcId: string | undefined;
  readonly zoneId: string;
}

/** A public address for a VM, and whether the VM carries its mark. */
export type AddressOfVm = WantedAddress & {
  readonly agentId: string;
  readonly isOurs: boolean;
  /** Its id, if the account held it when the VM was planned. */
  readonly heldId: string | undefined;
  /** What the network notes of requests of earlier calls that may still get the address. */
  readonly notes: readonly LateNote[];
  /** The same of a call whose VM has been removed for this one. */
  readonly expected: readonly LateAddress[];
};

/** Allocates an address, and marks it as made for the VM. */
export async function allocateAddress(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  request: AddressOfVm,
): Promise<PublicIpAddress> {
  const { client } = call;
  const { ip, networkId, zoneId } = request;
  let allocated: string | undefined;
  let untilMs = 0;
  try {
    const address = await createUndoably(client, saga, {
      name: `allocate public address ${ip}`,
      ifLeft:
        `if the account holds it for network ${networkId}, and it leads nowhere, release it by ` +
        'disassociateIpAddress',
      create: () => associate(client, request, (validUntilMs) => (untilMs = validUntilMs)),
      find: async (undoClient) => {
        const found = await findPublicAddress(undoClient, ip, zoneId);
        if (found === undefined) return undefined;
        const undoing = { ...call, client: undoClient };
        return (await isStillFor(undoing, vm, found, allocated)) ? found : undefined;
      },
      remove: giveBackAddress,
      noteLate: async (undoClient) => {
        const isHeld = (await findPublicAddress(undoClient, ip, zoneId)) !== undefined;
        const fromMs = timeMs(vm.created) ?? 0;
        if (!isHeld) await note({ ...call, client: undoClient }, vm, request, { fromMs, untilMs });
      },
      // Then somebody else of this account may have got it; a job allocates before it can fail.
      hadNoEffect: (failure) => isRefusedAtOnce(failure, refusals),
    });
    allocated = address.allocated;
    await markAddress(call, vm, address, request);
    return address;
  } catch (cause) {
    if (!isCloudStackError(cause, ...refusals)) throw cause;
    if (cause.command !== 'associateIpAddress') throw cause;
    throw await refusedError(call, saga, vm, request, cause);
  }
}

/** The sooner a request is void, the less can come of it when nobody waits any more. */
const allocatableForMs = 120_000;

/** `onSigned` is told, before it is sent, until when CloudStack may take the request. */
async function associate(
  client: CloudStackClient,
  { ip, networkId, vpcId }: AddressOfVm,
  onSigned: (validUntilMs: number) => void,
): Promise<PublicIpAddress> {
  const target = vpcId === undefined ? { networkid: networkId } : { vpcid: vpcId };
  const what = `allocation of public address ${ip}`;
  const send = (forMs: number): Promise<PublicIpAddress> => {
    const validUntilMs = client.clock.nowMs() + forMs;
    onSigned(validUntilMs);
    return client.run('associateIpAddress', { ...target, ipaddress: ip }, { what, validUntilMs });
  };
  try {
    return await send(allocatableForMs);
  } catch (failure) {
    // The clock of this machine may be some minutes behind that of CloudStack.
    if (!isCloudStackError(failure, 'auth')) throw failure;
    return send(validForMs);
  }
}

/** Leaves word on the network of an address that may come for a VM, or that came. */
function note(
  { client, context: { directorUuid } }: Pick<Call, 'client' | 'context'>,
  { id: vmId }: VirtualMachine,
  { ip, networkId }: AddressOfVm,
  when: Omit<LateAddress, 'ip'>,
): Promise<void> {
  return noteLateAddress(client, { networkId, vmId }, { ip, ...when }, directorUuid);
}

/**
 * What a job had allocated before it failed is given back by its step. Of a request that was
 * refused at once, another one may have got the address: that of another call, or the same one,
 * which something on the way has sent twice. The next try tells, and may have it.
 */
async function refusedError(
  call: Call,
  saga: Saga,
  vm: VirtualMachine,
  request: AddressOfVm,
  cause: CloudStackError,
): Promise<BoshError> {
  const { ip, zoneId } = request;
  if (cause.jobId === undefined) {
    noteIfAllocated(call, saga, vm, request);
    if ((await findPublicAddress(call.client, ip, zoneId)) !== undefined) {
      return new BoshError(
        'VMCreationFailed',
        `The vip ${ip} was free, and is held now by this account: CloudStack says "${cause.text}"`,
        { okToRetry: true, cause },
      );
    }
  }
  if (cause.kind === 'internal' || cause.kind === 'internal-masked') {
    return new BoshError(
      'VMCreationFailed',
      `The vip ${ip} is not allocated to this account: CloudStack says "${cause.text}", which may ` +
        'pass. If it does not, allocate it to the account, or use an address that is free',
      { okToRetry: true, cause },
    );
  }
  return new BoshError(
    'CloudError',
    `The vip ${ip} is not allocated to this account and cannot be: CloudStack says "${cause.text}". ` +
      'Allocate it to the account, or use an address that is free',
    { cause },
  );
}

/**
 * A request that something on the way sends twice is refused the second time, and the address is
 * there. As it looks like one that another call has just got, it is not given back but noted: the
 * next create_vm adopts it, or gc gives it back, if it still serves nobody then.
 */
function noteIfAllocated(call: Call, saga: Saga, vm: VirtualMachine, request: AddressOfVm): void {
  const { ip, networkId, vpcId, zoneId } = request;
  saga.step({
    name: `look for public address ${ip}`,
    ifLeft: `if it leads nowhere in network ${networkId}, release it by disassociateIpAddress`,
    undo: async ({ signal }) => {
      const client = call.client.withSignal(signal);
      const held = await findPublicAddress(client, ip, zoneId);
      if (held === undefined || !isComingTo({ id: networkId, vpcid: vpcId }, held)) return;
      const allocatedMs = timeMs(held.allocated);
      if (allocatedMs === undefined) return;
      const when = { fromMs: allocatedMs, untilMs: allocatedMs };
      await note({ ...call, client }, vm, request, when);
    },
  });
}

/** Marks an address as made for a VM. */
export async function markAddress(
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

/** How CloudStack refuses an address, at once or by a job. */
const refusals = ['invalid', 'capacity', 'internal', 'internal-masked'] as const;
