import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { pagingParameters } from '../../declare/list-parameters.js';
import { entity, flag } from '../../declare/parameter.js';
import { objectField, render, responseObject, type Field } from '../../declare/response.js';
import type { VmRow } from '../../world/entities.js';
import { membersOf } from '../../world/network/load-balancers.js';
import { virtualMachineResponse } from '../virtual-machine/virtual-machine-response.js';

/** A VM behind a rule; its addresses there only if they were asked for. */
interface RuleInstance {
  readonly vm: VmRow;
  readonly ipAddresses: readonly string[] | null;
}

/** The VM's own fields, or else LoadBalancerRuleVmMapResponse, which holds the VM. */
const ruleInstanceResponse = responseObject<RuleInstance>('loadbalancerruleinstance', {
  ...Object.fromEntries(
    Object.entries(virtualMachineResponse.fields).map(([name, field]) => [name, ownField(field)]),
  ),
  loadbalancerruleinstance: objectField(({ vm, ipAddresses }, view) =>
    ipAddresses === null ? null : render(virtualMachineResponse, vm, view),
  ),
  lbvmipaddresses: { type: 'list', value: ({ ipAddresses }) => ipAddresses ?? undefined },
});

/** VMs that are destroyed or failed stay members until they are expunged, but are not shown. */
export const listLoadBalancerRuleInstances = syncCommand({
  name: 'listLoadBalancerRuleInstances',
  summary: 'Lists the virtual machines behind a load balancer rule.',
  roles: everyRole,
  parameters: {
    applied: flag(),
    id: entity('loadbalancerrule', { required: true }),
    lbvmips: flag(),
    ...pagingParameters,
  },
  response: listOf(ruleInstanceResponse, {
    keyOf: ([first]) =>
      first === undefined || first.ipAddresses === null
        ? 'loadbalancerruleinstance'
        : 'lbrulevmidip',
  }),
  run: (context, { applied = true, id: rule, lbvmips = false }) => {
    assertMayOperate(context, 'loadbalancerrule', rule);
    const { world } = context;
    const members = membersOf(world, rule.id);
    // Every member is applied as soon as it is one.
    if (!applied) return [];
    return [...new Set(members.map((member) => member.vmId))]
      .map((vmId) => world.vms.require(vmId))
      .filter((vm) => !HIDDEN.has(vm.state))
      .map((vm) => ({
        vm,
        ipAddresses: lbvmips
          ? members.filter(({ vmId }) => vmId === vm.id).map(({ ipAddress }) => ipAddress)
          : null,
      }));
  },
});

const HIDDEN: ReadonlySet<string> = new Set(['Destroyed', 'Expunging', 'Error']);

function ownField(field: Field<VmRow>): Field<RuleInstance> {
  return {
    ...field,
    value: ({ vm, ipAddresses }, view) =>
      ipAddresses === null ? field.value(vm, view) : undefined,
  };
}
