import { createUndoably } from '../../cloudstack/create-undoably.js';
import { ruleText } from '../../cloudstack/director-text.js';
import { isCloudStackError, isRefusedAtOnce } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import type { LoadBalancerRule, VirtualMachine } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import { startDeadline, type Deadline } from '../../flow/deadline.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { removeUnusedRule } from './leave-load-balancers.js';
import {
  findAddressOfRule,
  findWantedRule,
  isBeingDeleted,
  newRuleOf,
  type WantedRule,
} from './load-balancer.js';
import type { VmPlan } from './vm-plan.js';

/** Calls for other VMs make and remove the same rule at the same time. */
const attemptsMax = 3;

/**
 * Puts a VM behind the load balancer rules that its plan names; those that are missing are made.
 * The VM's own removal takes it out again, so only the rules are undone here. All of it together
 * takes no longer than one job on a VM may.
 *
 * @throws BoshError or CloudStackError that names the rule.
 */
export async function joinLoadBalancers(
  call: Call,
  saga: Saga,
  { loadBalancers }: VmPlan,
  vm: VirtualMachine,
): Promise<void> {
  if (loadBalancers.length === 0) return;
  const joining = { call, saga, vm, deadline: startDeadline(call.clock, vmDeadlineMs(call)) };
  let lost = '';
  const joinAll = async (): Promise<void> => {
    const joined: LoadBalancerRule[] = [];
    lost = '';
    for (const wanted of loadBalancers) joined.push(await join(joining, wanted));
    lost = namesOf(await lostRules(call, joined, vm));
    if (lost !== '') throw lostRulesError(vm, lost);
  };
  await tryAgain(attemptsMax, joinAll, () => {
    if (lost !== '') call.log(`VM ${vm.id} is not behind ${lost} any more; joining again`);
    return lost !== '';
  });
}

interface Joining {
  call: Call;
  saga: Saga;
  vm: VirtualMachine;
  deadline: Deadline;
}

function join(joining: Joining, wanted: WantedRule): Promise<LoadBalancerRule> {
  const { call } = joining;
  let rule: LoadBalancerRule | undefined;
  const joinOnce = async (): Promise<LoadBalancerRule> => {
    rule = undefined;
    rule = await findOrCreate(joining, wanted);
    await assign(joining, rule);
    return rule;
  };
  return tryAgain(attemptsMax, joinOnce, async (failure) => {
    if (rule === undefined || !isRefusal(failure)) return false;
    const now = await findById(call.client, 'listLoadBalancerRules', rule.id);
    const isGone = now === undefined || isBeingDeleted(now);
    if (isGone) call.log(`the load balancer rule ${namesOf([rule])} was deleted meanwhile`);
    return isGone;
  });
}

/**
 * CloudStack gives no reason for a refusal (AssignToLoadBalancerRuleCmd.execute): two entries of
 * lbs may mean one rule, or somebody has deleted it.
 */
async function assign({ call, vm, deadline }: Joining, rule: LoadBalancerRule): Promise<void> {
  const what = `assignment of VM ${vm.id} to load balancer rule ${namesOf([rule])}`;
  try {
    await call.client.run(
      'assignToLoadBalancerRule',
      { id: rule.id, virtualmachineids: [vm.id] },
      { what, deadlineMs: deadline.remainingMs() },
    );
  } catch (failure) {
    if (!isRefusal(failure)) throw failure;
    if ((await lostRules(call, [rule], vm)).length > 0) throw failure;
  }
}

async function findOrCreate(joining: Joining, wanted: WantedRule): Promise<LoadBalancerRule> {
  const { call } = joining;
  const rule = await findWantedRule(call, wanted);
  if (rule !== undefined) return rule;
  try {
    return await create(joining, wanted);
  } catch (failure) {
    if (!isCloudStackError(failure, 'conflict')) throw failure;
    const other = await findWantedRule(call, wanted);
    if (other !== undefined) return other;
    throw new BoshError(
      'CloudError',
      `create_vm: the load balancer rule ${wanted.properties.name} cannot be made: ` +
        `${failure.message}. Another rule has the port: name that one in lbs, or take another ` +
        'public_port or public_ip',
      { cause: failure },
    );
  }
}

async function create(
  { call, saga, deadline }: Joining,
  wanted: WantedRule,
): Promise<LoadBalancerRule> {
  const { client, context, newId } = call;
  const rule = newRuleOf(wanted);
  const address = await findAddressOfRule(client, wanted);
  const description = ruleText(context.directorUuid, newId());
  return createUndoably(client, saga, {
    name: `create load balancer rule ${rule.name}`,
    create: () =>
      client.run(
        'createLoadBalancerRule',
        { ...rule, ...address, description },
        {
          what: `creation of load balancer rule ${rule.name}`,
          deadlineMs: deadline.remainingMs(),
        },
      ),
    find: async (undoClient) => {
      const found = await undoClient.list('listLoadBalancerRules', { name: rule.name });
      return found.find((candidate) => candidate.description === description);
    },
    remove: removeUnusedRule,
    hadNoEffect: (failure) => isRefusedAtOnce(failure, ['conflict']),
  });
}

/**
 * Whoever removes the last VM of a rule deletes the rule, and CloudStack does not ask whether
 * another VM has come in the meantime: that one is behind the rule until the deletion has ended.
 */
async function lostRules(
  call: Call,
  joined: readonly LoadBalancerRule[],
  vm: VirtualMachine,
): Promise<LoadBalancerRule[]> {
  const rules = await call.client.list('listLoadBalancerRules', { virtualmachineid: vm.id });
  const kept = new Set(rules.filter((rule) => !isBeingDeleted(rule)).map(({ id }) => id));
  return joined.filter(({ id }) => !kept.has(id));
}

function namesOf(rules: readonly LoadBalancerRule[]): string {
  return rules.map(({ name, id }) => `${name} (${id})`).join(', ');
}

function lostRulesError(vm: VirtualMachine, names: string): BoshError {
  return new BoshError(
    'VMCreationFailed',
    `create_vm: VM ${vm.name} (${vm.id}) is not behind its load balancers any more: somebody ` +
      `deletes ${names}, or takes the VM out, again and again`,
    { okToRetry: true },
  );
}

function isRefusal(failure: unknown): boolean {
  return isCloudStackError(failure, 'not-found', 'invalid', 'internal', 'internal-masked');
}
