import { createUndoably } from '../../cloudstack/create-undoably.js';
import { directorText } from '../../cloudstack/director-text.js';
import { isCloudStackError, isRefusedAtOnce } from '../../cloudstack/errors.js';
import { findAffinityGroup } from '../../cloudstack/find-resources.js';
import type { AffinityGroup, VirtualMachine } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { findWantedGroup, type WantedGroup } from './affinity-group.js';
import { deployVm } from './deploy-vm.js';
import { removeUnusedGroup } from './remove-affinity-group.js';
import type { VmPlan } from './vm-plan.js';

/** Calls for other VMs make and remove the same group at the same time. */
const attemptsMax = 3;

/**
 * Deploys a VM, without starting it, into its affinity group; the group is made if there is none,
 * and made again if somebody removes it before the VM is in it.
 *
 * @throws what `deployVm` throws; CloudStackError.
 */
export async function deployInItsGroup(
  call: Call,
  saga: Saga,
  plan: VmPlan,
): Promise<VirtualMachine> {
  const { affinityGroup: wanted } = plan;
  if (wanted === undefined) return deployVm(call, saga, plan);
  const deployOnce = async (attempt: number): Promise<VirtualMachine> => {
    const known = attempt === 1 ? wanted.found : await findWantedGroup(call, wanted);
    const { id } = known ?? (await createUnlessThere(call, saga, wanted));
    const deployment = { ...plan.deployment, affinitygroupids: [id] };
    return deployVm(call, saga, { ...plan, deployment });
  };
  return tryAgain(attemptsMax, deployOnce, (failure) => {
    if (!isGoneGroup(failure)) return false;
    call.log(`the affinity group ${wanted.name} was deleted meanwhile`);
    return true;
  });
}

/** The VM has started, but in no group any more: made anew, it gets one. */
export class GroupLost extends BoshError {}

/**
 * CloudStack deletes groups with VMs in them, which then run anywhere: a start that followed no
 * group any more is no success.
 *
 * @throws GroupLost, of type VMCreationFailed with ok_to_retry.
 */
export function assertInItsGroup({ affinityGroup }: VmPlan, vm: VirtualMachine): void {
  if (affinityGroup === undefined) return;
  const { name } = affinityGroup;
  if (vm.affinitygroup?.some((group) => group.name === name) === true) return;
  throw new GroupLost(
    'VMCreationFailed',
    `create_vm: VM ${vm.name} (${vm.id}) is not in its affinity group ${name} any more: somebody ` +
      'deleted the group, or took the VM out of it, before the VM had started',
    { okToRetry: true },
  );
}

async function createUnlessThere(
  call: Call,
  saga: Saga,
  wanted: WantedGroup,
): Promise<AffinityGroup> {
  try {
    return await create(call, saga, wanted);
  } catch (failure) {
    if (!isCloudStackError(failure, 'conflict')) throw failure;
    const other = await findWantedGroup(call, wanted);
    if (other !== undefined) return other;
    throw new BoshError(
      'CloudError',
      `create_vm: there is an affinity group of the name ${wanted.name} in other letter case, ` +
        'which CloudStack takes for the same name; correct affinity_group in cloud_properties',
      { cause: failure },
    );
  }
}

function create(
  call: Call,
  saga: Saga,
  { name, newType: type }: WantedGroup,
): Promise<AffinityGroup> {
  const description = directorText(call.context.directorUuid);
  return createUndoably(call.client, saga, {
    name: `create affinity group ${name}`,
    create: () =>
      call.client.run(
        'createAffinityGroup',
        { name, type, description },
        { what: `creation of affinity group ${name}`, deadlineMs: vmDeadlineMs(call) },
      ),
    find: (client) => findAffinityGroup(client, name),
    remove: (client, group) => removeUnusedGroup(client, call.context.directorUuid, group),
    hadNoEffect: (failure) => isRefusedAtOnce(failure, ['conflict']),
  });
}

/** Told by the parameter, or by what CloudStack says of the group. */
function isGoneGroup(failure: unknown): boolean {
  return (
    isCloudStackError(failure, 'not-found') && /affinitygroupids|affinity group/i.test(failure.text)
  );
}
