import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { entity, entityList, records } from '../../declare/parameter.js';
import { CloudException, serverApiError } from '../../world/cloud-exception.js';
import type { LoadBalancerMemberRow } from '../../world/entities.js';
import { removeMember } from '../../world/network/load-balancers.js';
import type { World } from '../../world/world.js';
import {
  mappedVms,
  membersToRemove,
  namedVms,
  type MemberArguments,
} from './load-balancer-member-rules.js';

/** Taking out a VM that is no member succeeds (LoadBalancingRulesManagerImpl.removeFromLoadBalancer). */
export const removeFromLoadBalancerRule = asyncCommand({
  name: 'removeFromLoadBalancerRule',
  summary: 'Takes virtual machines out of a load balancer rule, which stays.',
  roles: everyRole,
  javaClass: { user: 'user.loadbalancer.RemoveFromLoadBalancerRuleCmd' },
  parameters: {
    id: entity('loadbalancerrule', { required: true }),
    virtualmachineids: entityList('virtualmachine'),
    vmidipmap: records({ since: '4.4' }),
  },
  response: success,
  steps: [
    (context, args) => {
      const mapped = mappedVms(context.world, args);
      assertMayOperate(context, 'loadbalancerrule', args.id);
      withOneText(() => membersNamed(context.world, args, mapped));
      return wait('duration.address');
    },
    ({ world }, args) => {
      // Somebody else may have taken some out in the meantime.
      for (const { vm } of namedVms(args, mappedVms(world, args))) {
        const named = membersToRemove(world, args.id, { vm, ipAddresses: [] });
        const wanted = new Set(addressesOf(args, vm.id));
        for (const member of named) {
          if (wanted.size === 0 || wanted.has(member.ipAddress)) removeMember(world, member);
        }
      }
      return succeeded;
    },
  ],
});

function membersNamed(
  world: World,
  args: MemberArguments,
  mapped: ReturnType<typeof mappedVms>,
): LoadBalancerMemberRow[] {
  return namedVms(args, mapped).flatMap((named) => membersToRemove(world, args.id, named));
}

function addressesOf({ vmidipmap = [] }: MemberArguments, vmId: string): string[] {
  return vmidipmap
    .filter(({ vmid = '' }) => vmid.toLowerCase() === vmId)
    .flatMap(({ vmip }) => vmip ?? []);
}

/** The command keeps what is wrong with its parameters to itself (RemoveFromLoadBalancerRuleCmd.execute). */
function withOneText<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw serverApiError(431, 'Failed to remove instance from load balancer rule');
  }
}
