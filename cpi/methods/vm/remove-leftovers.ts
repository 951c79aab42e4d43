import { stemIn } from '../../agent/user-data.js';
import { attemptOf, findVmsByStem, listVolumesOfVm } from '../../cloudstack/find-resources.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { discardVm } from './discard-vm.js';
import { hasMetadata } from './forgotten-vm.js';
import { expectAddressOf } from './planned-vip.js';
import { foreignDisks } from './vm-disks.js';
import type { VmPlan } from './vm-plan.js';

/** What became of the VMs that were in the way. */
interface Cleared {
  readonly isAnyRemoved: boolean;
  /** Addresses that CloudStack keeps until it expunges them. */
  readonly heldAddresses: readonly string[];
}

/**
 * Removes what an earlier, interrupted create_vm for the same agent left. One that is destroyed
 * already only keeps its name, whether this account sees it or not: the VM gets the next one.
 *
 * @throws BoshError of type CloudError if there is such a VM, but it is no leftover.
 */
export async function removeLeftovers(
  call: Call,
  { stem, diskCids, vip }: VmPlan,
): Promise<Cleared> {
  const { client, log } = call;
  const isForThisVm = ({ id, name }: Volume): boolean =>
    diskCids.includes(id) || diskCids.includes(name);
  let isAnyRemoved = false;
  const held: string[] = [];
  for (const vm of await findVmsByStem(client, stem)) {
    if (!isLiveVm(vm)) continue;
    if (hasMetadata(vm) || !isMadeAs(stem, vm)) throw nameInUseError(vm, 'is in use');
    const disks = foreignDisks(await listVolumesOfVm(client, vm.id));
    const disk = disks.find((candidate) => !isForThisVm(candidate));
    if (disk !== undefined) {
      throw nameInUseError(vm, `is in use: it carries disk ${disk.name} (${disk.id})`);
    }
    log(`removing VM ${vm.name} (${vm.id}, ${vm.state}), left by an earlier attempt`);
    const { heldAddresses } = await discardVm(call, vm);
    held.push(...heldAddresses);
    expectAddressOf(call, vm, vip);
    isAnyRemoved = true;
  }
  return { isAnyRemoved, heldAddresses: held };
}

/** Names may be anybody's; user data that tell the agent are only in VMs that we made for it. */
export function isMadeAs(stem: string, { userdata }: VirtualMachine): boolean {
  const own = stemIn(userdata);
  return own !== undefined && attemptOf(own, stem) !== undefined;
}

function nameInUseError(vm: VirtualMachine, why: string): BoshError {
  return new BoshError(
    'CloudError',
    `create_vm: VM ${vm.name} (${vm.id}) has the name of this agent's VM and ${why}; ` +
      'delete it first',
  );
}
