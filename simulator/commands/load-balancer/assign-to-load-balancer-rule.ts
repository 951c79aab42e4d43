import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, entityList, records } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  serverApiError,
} from '../../world/cloud-exception.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { applyMembers } from '../../world/network/load-balancers.js';
import {
  mappedVms,
  membersToAdd,
  namedVms,
  type MemberArguments,
} from './load-balancer-member-rules.js';

/** VMs in whatever state but the last two can be members, also those that do not run. */
export const assignToLoadBalancerRule = asyncCommand({
  name: 'assignToLoadBalancerRule',
  summary: 'Puts virtual machines behind a load balancer rule.',
  roles: everyRole,
  javaClass: { user: 'user.loadbalancer.AssignToLoadBalancerRuleCmd' },
  parameters: {
    id: entity('loadbalancerrule', { required: true }),
    virtualmachineids: entityList('virtualmachine'),
    vmidipmap: records({ since: '4.4' }),
  },
  response: success,
  steps: [
    (context, args) => {
      const mapped = mappedVms(context.world, args);
      for (const { vmip, vmid } of args.vmidipmap ?? []) assertAddress(vmip, vmid);
      withOneText(() => {
        addMembers(context, args, mapped);
      });
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      applyMembers(world, rule);
      return succeeded;
    },
  ],
});

function addMembers(
  context: CommandContext,
  args: MemberArguments,
  mapped: ReturnType<typeof mappedVms>,
): void {
  const { id: rule, virtualmachineids = [] } = args;
  if (rule.state === 'Revoke') throw cloudRuntime(`Rule ${rule.internalId} is being deleted`);
  const members = namedVms(args, mapped).flatMap((named) =>
    membersToAdd(context, rule, named, virtualmachineids.includes(named.vm)),
  );
  for (const member of members) {
    context.world.loadBalancerMembers.insert({ ...member, ruleId: rule.id });
  }
}

function assertAddress(ipAddress: string | undefined, vmId: string | undefined): void {
  if (ipAddress !== undefined && parseIpv4(ipAddress) !== undefined) return;
  throw invalidParameter(
    `Invalid ip address ${ipAddress ?? 'null'} passed in vmidipmap for vmid ${vmId ?? 'null'}`,
  );
}

/** The command keeps every reason to itself (AssignToLoadBalancerRuleCmd.execute). */
function withOneText(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw serverApiError(530, 'Failed to assign load balancer rule');
  }
}
