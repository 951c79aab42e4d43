import { adviceOnLength } from '../../agent/user-data.js';
import type { CloudStackClient } from '../../cloudstack/client.js';
import { createUndoably } from '../../cloudstack/create-undoably.js';
import { isCloudStackError, isRefusedAtOnce } from '../../cloudstack/errors.js';
import { findVm, findVmsByStem } from '../../cloudstack/find-resources.js';
import type { VirtualMachine } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { areForgotten, discardHolders, freeFurtherAddresses } from './discard-holders.js';
import { isUnknownKeyPair, withKeyPair } from './key-pair.js';
import { isMadeAs, removeLeftovers } from './remove-leftovers.js';
import { removeLeftoversOfVm, removeVm } from './remove-vm.js';
import {
  findHolders,
  mayBeTakenAddress,
  takenAddressError,
  type AddressHolder,
} from './taken-address.js';
import type { VmPlan } from './vm-plan.js';

/** Each earlier attempt may have left a VM that keeps its name until CloudStack expunges it. */
const namesMax = 20;

/** Once more where something that may have held a static address has been removed. */
const deploymentsMax = 2;

/**
 * Deploys the VM without starting it. An address that a forgotten VM of ours holds is freed first.
 *
 * @throws CloudStackError, or BoshError that names what holds a static address.
 */
export async function deployVm(call: Call, saga: Saga, plan: VmPlan): Promise<VirtualMachine> {
  await freeFurtherAddresses(call, plan);
  const deploy = (): Promise<VirtualMachine> =>
    withKeyPair(call, saga, plan.keyPair, () => deployUnderFreeName(call, saga, plan));
  let holders: AddressHolder[] = [];
  try {
    return await tryAgain(deploymentsMax, deploy, async (failure) => {
      if (!mayBeTakenAddress(failure, plan.nics)) return false;
      // Of several addresses the refused attempt itself may hold the first ones.
      const { isAnyRemoved } = await removeLeftovers(call, plan);
      holders = await findHolders(call, plan.nics);
      if (holders.length === 0) return isAnyRemoved;
      if (!areForgotten(holders)) return false;
      // Another call for the agent may have freed what these were seen to hold: the next try tells.
      await discardHolders(call, holders);
      return true;
    });
  } catch (failure) {
    if (!mayBeTakenAddress(failure, plan.nics)) throw failure;
    throw takenAddressError(failure, plan.nics, holders);
  }
}

/**
 * Names are unique in a network, so the name itself tells of what an earlier attempt left: nobody
 * has to look for it before each deployment, and of two calls for one agent only one gets it.
 */
async function deployUnderFreeName(call: Call, saga: Saga, plan: VmPlan): Promise<VirtualMachine> {
  let names = 1;
  let isLookedFor = false;
  const nameNow = (): string => (names === 1 ? plan.stem : `${plan.stem}-${names}`);
  const deploy = (): Promise<VirtualMachine> => deployNamed(call, saga, plan, nameNow());
  return tryAgain(namesMax, deploy, async (failure) => {
    if (!isTakenName(failure)) return false;
    const isFreed = !isLookedFor && (await removeLeftovers(call, plan)).isAnyRemoved;
    isLookedFor = true;
    if (isFreed) return true;
    call.log(
      `the name ${nameNow()} is still kept for a VM that CloudStack has not cleared away yet`,
    );
    names += 1;
    // Another call for the agent may have taken the next one since.
    isLookedFor = false;
    return true;
  });
}

/** A refused deployment may leave a VM in state Error: an answer with an error is no "nothing". */
function deployNamed(
  call: Call,
  saga: Saga,
  { stem, deployment }: VmPlan,
  name: string,
): Promise<VirtualMachine> {
  let vmId: string | undefined;
  let isRefused = false;
  return createUndoably(call.client, saga, {
    get name() {
      return `deploy VM ${name}${vmId === undefined ? '' : ` (${vmId})`}`;
    },
    create: async () => {
      try {
        return await call.client.run(
          'deployVirtualMachine',
          { ...deployment, name },
          {
            what: `deployment of VM ${name}`,
            deadlineMs: vmDeadlineMs(call),
            onSubmitted: ({ id }) => (vmId = id),
          },
        );
      } catch (failure) {
        isRefused = isCloudStackError(failure) && failure.kind !== 'outcome-unknown';
        throw withLengthAdvice(failure, deployment);
      }
    },
    find: async (client) => {
      if (vmId !== undefined) return { id: vmId, vm: await findVm(client, vmId) };
      const vm = await findAttempt(client, name, stem);
      // One in another state is that of another call for the agent, which was not refused.
      const isAnothers = isRefused && vm?.state !== 'Error';
      return vm === undefined || isAnothers ? undefined : { id: vm.id, vm };
    },
    remove: async (client, { id, vm }) => {
      // Somebody may have removed the VM meanwhile, which leaves its ephemeral disk.
      const remover = { ...call, client, releasesOnlyMarked: true } as const;
      const removed = vm && (await removeVm(remover, vm));
      await removeLeftoversOfVm(client, id);
      const { heldAddresses = [] } = removed ?? {};
      if (heldAddresses.length === 0) return;
      const addresses = heldAddresses.join(', ');
      call.log(`warning: ${addresses} stay held until CloudStack expunges VM ${name}`);
    },
    hadNoEffect: (failure) => isTakenName(failure) || isUnknownKeyPair(failure),
  });
}

/**
 * UserVmManagerImpl: names are unique in a network, VMs that are not expunged yet included; in a
 * whole zone where VMware shows them (vm.instancename.flag).
 */
function isTakenName(failure: unknown): boolean {
  return (
    isRefusedAtOnce(failure, ['conflict']) &&
    /hostName .* already exists|already exists a VM by the name/i.test(failure.text)
  );
}

/** Ordinary users are told by this refusal alone how long user data may be. */
function withLengthAdvice(failure: unknown, { userdata }: VmPlan['deployment']): unknown {
  const isTooLong =
    isCloudStackError(failure, 'invalid') && /user data has exceeded/i.test(failure.text);
  if (!isTooLong || typeof userdata !== 'string') return failure;
  return failure.advising(adviceOnLength(userdata));
}

async function findAttempt(
  client: CloudStackClient,
  name: string,
  stem: string,
): Promise<VirtualMachine | undefined> {
  const vms = await findVmsByStem(client, name);
  return vms.find((vm) => vm.name === name && isLiveVm(vm) && isMadeAs(stem, vm));
}
