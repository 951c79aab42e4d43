import { attemptOf } from '../../cloudstack/find-resources.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { discardVm } from './discard-vm.js';
import { removeLeftovers } from './remove-leftovers.js';
import { findHolders, heldAddressError, isStatic, type AddressHolder } from './taken-address.js';
import type { VmPlan } from './vm-plan.js';

/**
 * CloudStack gives NICs their addresses in turn. Should one after the first be taken, it would keep
 * the others in a VM in state Error, from which an account that may not expunge does not get them
 * back for a day: so these are freed, or found to be held, before anything is deployed.
 *
 * @throws BoshError that names what holds one.
 */
export async function freeFurtherAddresses(call: Call, plan: VmPlan): Promise<void> {
  const [, ...further] = plan.nics.filter(isStatic);
  const holders = await findHolders(call, further);
  const isLeftover = ({ vm }: AddressHolder): boolean =>
    isLiveVm(vm) && attemptOf(vm.name, plan.stem) !== undefined;
  const leftovers = holders.filter(isLeftover);
  const others = holders.filter((holder) => !isLeftover(holder));
  const kept: AddressHolder[] = [];
  if (leftovers.length > 0) {
    const { heldAddresses } = await removeLeftovers(call, plan);
    kept.push(...leftovers.filter(({ ip }) => heldAddresses.includes(ip)).map(whenDestroyed));
  }
  if (!areForgotten(others)) throw heldAddressError([...kept, ...others]);
  kept.push(...(await discardHolders(call, others)));
  if (kept.length > 0) throw heldAddressError(kept);
}

/** Whether nobody needs the VMs that hold the addresses. */
export function areForgotten(holders: readonly AddressHolder[]): boolean {
  return holders.every(({ standing }) => standing.is === 'forgotten');
}

/**
 * Discards the VMs that hold the addresses; answers those that keep theirs nevertheless, until
 * CloudStack expunges them. That of the first address goes last: should this call end before that,
 * the next deployment is refused for its first address, and not with that one in a VM in state
 * Error, from which an account that may not expunge does not get it back for a day.
 */
export async function discardHolders(
  call: Call,
  holders: readonly AddressHolder[],
): Promise<AddressHolder[]> {
  const kept: AddressHolder[] = [];
  const vms = new Map([...holders].reverse().map(({ vm }) => [vm.id, vm]));
  for (const vm of vms.values()) {
    const its = holders.filter((holder) => holder.vm.id === vm.id);
    const ips = its.map(({ ip }) => ip).join(' and ');
    call.log(
      `removing VM ${vm.name} (${vm.id}), forgotten by an earlier create_vm: it holds ${ips}`,
    );
    const { heldAddresses } = await discardVm(call, vm);
    kept.push(...its.filter(({ ip }) => heldAddresses.includes(ip)).map(whenDestroyed));
  }
  return kept;
}

/** As it is when it has been destroyed, and its address is not free. */
function whenDestroyed(holder: AddressHolder): AddressHolder {
  return { ...holder, vm: { ...holder.vm, state: 'Destroyed' } };
}
