import { isCloudStackError } from '../../cloudstack/errors.js';
import { findVm, findVmsByStem } from '../../cloudstack/find-resources.js';
import type { VirtualMachine } from '../../cloudstack/types.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { vmDeadlineMs, type Call } from './call.js';
import { isLiveVm } from './live-resources.js';
import { removeVm } from './remove-vm.js';
import {
  findHolders,
  hasMetadata,
  isForgotten,
  mayBeTakenAddress,
  takenAddressError,
} from './taken-address.js';
import type { VmPlan } from './vm-plan.js';

/** Each earlier attempt may have left a VM that keeps its name until CloudStack expunges it. */
const namesMax = 20;

/** Removes what an earlier, interrupted create_vm for the same agent left. */
export async function removeLeftovers({ client, log }: Call, stem: string): Promise<void> {
  for (const vm of await findVmsByStem(client, stem)) {
    if (!isLiveVm(vm)) continue;
    if (hasMetadata(vm)) {
      throw new BoshError(
        'CloudError',
        `create_vm: VM ${vm.name} (${vm.id}) of this agent exists already and is in use; delete ` +
          'it first',
      );
    }
    log(`removing VM ${vm.name} (${vm.id}, ${vm.state}), left by an earlier attempt`);
    await removeVm(client, vm);
  }
}

/**
 * Deploys the VM without starting it. An address that a forgotten VM of ours holds is freed first.
 *
 * @throws CloudStackError, or BoshError that names what holds a static address.
 */
export async function deployVm(call: Call, saga: Saga, plan: VmPlan): Promise<VirtualMachine> {
  try {
    return await deployUnderFreeName(call, saga, plan);
  } catch (failure) {
    if (!mayBeTakenAddress(failure, plan.nics)) throw failure;
    const holders = await findHolders(call, plan.nics);
    const forgotten = holders.filter(({ vm }) => isForgotten(vm, call.context.directorUuid));
    if (forgotten.length === 0 || forgotten.length < holders.length) {
      throw takenAddressError(failure, plan.nics, holders);
    }
    for (const { vm, ip } of forgotten) {
      call.log(
        `removing VM ${vm.name} (${vm.id}), forgotten by an earlier create_vm: it holds ${ip}`,
      );
      await removeVm(call.client, vm);
    }
    return deployUnderFreeName(call, saga, plan);
  }
}

async function deployUnderFreeName(call: Call, saga: Saga, plan: VmPlan): Promise<VirtualMachine> {
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? plan.stem : `${plan.stem}-${attempt}`;
    const creation = { vmId: undefined as string | undefined };
    const step = saga.step({
      name: `deploy VM ${name}`,
      undo: ({ signal }) => undoDeployment(call, signal, name, creation.vmId),
    });
    try {
      return await call.client.run(
        'deployVirtualMachine',
        { ...plan.deployment, name },
        {
          what: `deployment of VM ${name}`,
          deadlineMs: vmDeadlineMs(call),
          onSubmitted: ({ id }) => (creation.vmId = id),
        },
      );
    } catch (failure) {
      if (!isTakenName(failure) || attempt >= namesMax) throw failure;
      step.forget();
      call.log(`the name ${name} is still kept for a VM that CloudStack has not cleared away yet`);
    }
  }
}

/** UserVmManagerImpl: names are unique in a network, VMs that are not expunged yet included. */
function isTakenName(failure: unknown): boolean {
  return (
    isCloudStackError(failure, 'conflict') &&
    failure.jobId === undefined &&
    /hostName .* already exists/i.test(failure.text)
  );
}

/** The answer may be lost, or there was none: a refused allocation leaves a VM in state Error. */
async function undoDeployment(
  call: Call,
  signal: AbortSignal,
  name: string,
  vmId: string | undefined,
): Promise<void> {
  const client = call.client.withSignal(signal);
  const created =
    vmId === undefined
      ? (await findVmsByStem(client, name)).find((vm) => vm.name === name && isLiveVm(vm))
      : await findVm(client, vmId);
  if (created === undefined) return;
  const { heldAddresses } = await removeVm(client, created);
  if (heldAddresses.length > 0) {
    call.log(`warning: ${heldAddresses.join(', ')} stay held until CloudStack expunges VM ${name}`);
  }
}
