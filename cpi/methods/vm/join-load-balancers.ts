import { createUndoably } from '../../cloudstack/create-undoably.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import type { LoadBalancerRule, VirtualMachine } from '../../cloudstack/types.js';
import { startDeadline, type Deadline } from '../../flow/deadline.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { removeUnusedRule, ruleDescription } from './leave-load-balancers.js';
import { findAddressOfRule, findWantedRule, newRuleOf, type WantedRule } from './load-balancer.js';
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
  const deadline = startDeadline(call.clock, vmDeadlineMs(call));
  for (let attempt = 1; ; attempt += 1) {
    const joined: LoadBalancerRule[] = [];
    for (const wanted of loadBalancers) {
      joined.push(await join({ call, saga, vm, deadline }, wanted));
    }
    const lost = await lostRules(call, joined, vm);
    if (lost.length === 0) return;
    const names = lost.map(({ name, id }) => `${name} (${id})`).join(', ');
    if (attempt >= attemptsMax) throw lostRulesError(vm, names);
    call.log(`VM ${vm.id} is not behind ${names} any more; joining again`);
  }
}

interface Joining {
  call: Call;
  saga: Saga;
  vm: VirtualMachine;
  deadline: Deadline;
}

async function join(joining: Joining, wanted: WantedRule): Promise<LoadBalancerRule> {
  const { call, vm, deadline } = joining;
  for (let attempt = 1; ; attempt += 1) {
    const rule = await findOrCreate(joining, wanted);
    try {
      await call.client.run(
        'assignToLoadBalancerRule',
        { id: rule.id, virtualmachineids: [vm.id] },
        {
          what: `assignment of VM ${vm.id} to load balancer rule ${rule.name} (${rule.id})`,
          deadlineMs: deadline.remainingMs(),
        },
      );
      return rule;
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
      // CloudStack gives no reason (AssignToLoadBalancerRuleCmd.execute): two entries of lbs may
      // mean one rule, or somebody has deleted it.
      if ((await rulesOfVm(call, vm)).some(({ id }) => id === rule.id)) return rule;
      const isGone = (await findById(call.client, 'listLoadBalancerRules', rule.id)) === undefined;
      if (!isGone || attempt >= attemptsMax) throw failure;
      call.log(`the load balancer rule ${rule.name} (${rule.id}) was deleted meanwhile`);
    }
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
  const description = ruleDescription(context.directorUuid, newId());
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
    hadNoEffect: (failure) => isCloudStackError(failure, 'conflict'),
  });
}

/**
 * Whoever removes the last VM of a rule deletes the rule, and CloudStack does not ask whether
 * another VM has come in the meantime.
 */
async function lostRules(
  call: Call,
  joined: readonly LoadBalancerRule[],
  vm: VirtualMachine,
): Promise<LoadBalancerRule[]> {
  const ids = new Set((await rulesOfVm(call, vm)).map(({ id }) => id));
  return joined.filter(({ id }) => !ids.has(id));
}

function lostRulesError(vm: VirtualMachine, names: string): BoshError {
  return new BoshError(
    'VMCreationFailed',
    `create_vm: VM ${vm.name} (${vm.id}) is not behind its load balancers any more: somebody ` +
      `deletes ${names}, or takes the VM out, again and again`,
    { okToRetry: true },
  );
}

function rulesOfVm({ client }: Call, { id }: VirtualMachine): Promise<LoadBalancerRule[]> {
  return client.list('listLoadBalancerRules', { virtualmachineid: id });
}

function isRefusal(failure: unknown): boolean {
  return isCloudStackError(failure, 'not-found', 'invalid', 'internal', 'internal-masked');
}
