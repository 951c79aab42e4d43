import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { LoadBalancerMemberRow, LoadBalancerRuleRow, VmRow } from '../../world/entities.js';
import { isMember, membersOf } from '../../world/network/load-balancers.js';
import { hasAddress, nicsOf } from '../../world/network/nics.js';
import { isDestroyedVm } from '../../world/compute/virtual-machines.js';
import type { World } from '../../world/world.js';

/** The VMs that are to become or to cease to be members, in the two ways to name them. */
export interface MemberArguments {
  readonly id: LoadBalancerRuleRow;
  readonly virtualmachineids?: readonly VmRow[] | undefined;
  readonly vmidipmap?: readonly Readonly<Record<string, string>>[] | undefined;
}

/** A VM, and the addresses that were named with it; without any its own one is meant. */
interface NamedVm {
  readonly vm: VmRow;
  readonly ipAddresses: readonly (string | undefined)[];
}

/** The entries of `vmidipmap` by VM; throws for an id that no VM has, removed ones included. */
export function mappedVms(world: World, { vmidipmap = [] }: MemberArguments): NamedVm[] {
  const byVm = new Map<VmRow, (string | undefined)[]>();
  for (const { vmid = '', vmip } of vmidipmap) {
    const vm = world.vms.get(vmid.toLowerCase());
    if (vm === undefined || vm.removedMs !== null) {
      throw invalidParameter(`Unable to find virtual machine ID: ${vmid}`);
    }
    byVm.set(vm, [...(byVm.get(vm) ?? []), vmip]);
  }
  return [...byVm].map(([vm, ipAddresses]) => ({ vm, ipAddresses }));
}

/** All VMs that were named in either way; throws if there is none. */
export function namedVms(
  { virtualmachineids }: MemberArguments,
  mapped: readonly NamedVm[],
): NamedVm[] {
  if (virtualmachineids === undefined && mapped.length === 0) {
    throw invalidParameter("Both instanceids and vmidipmap  can't be null");
  }
  const others = (virtualmachineids ?? []).filter((vm) => mapped.every((named) => named.vm !== vm));
  return [...mapped, ...[...new Set(others)].map((vm) => ({ vm, ipAddresses: [] }))];
}

/**
 * The members to add for a VM: its address in the network of the rule, and what `vmidipmap` names
 * besides (LoadBalancingRulesManagerImpl.assignToLoadBalancer).
 */
export function membersToAdd(
  context: CommandContext,
  rule: LoadBalancerRuleRow,
  { vm, ipAddresses }: NamedVm,
  isNamedById: boolean,
): { vmId: string; ipAddress: string }[] {
  const { world } = context;
  assertMayJoin(context, rule, vm);
  const nic = nicsOf(world, vm.id).find((row) => row.networkId === rule.networkId);
  const primary = nic?.ipAddress ?? null;
  if (nic === undefined || primary === null) {
    throw invalidParameter(
      "VM with id specified cannot be added because it doesn't belong in the same network.",
      [{ uuid: vm.id, description: 'instanceId' }],
    );
  }
  const wanted = ipAddresses.length === 0 || isNamedById ? [...ipAddresses, primary] : ipAddresses;
  return [...new Set(wanted)].map((ipAddress) => {
    if (ipAddress === undefined || !hasAddress(world, nic, ipAddress)) {
      throw invalidParameter(
        `VM ip ${ipAddress ?? 'null'} specified does not belong to nic in network ${rule.networkId}`,
      );
    }
    if (!isMember(world, rule.id, { vmId: vm.id, ipAddress })) return { vmId: vm.id, ipAddress };
    throw invalidParameter(
      `VM ${vm.internalId} with ${ipAddress} is already mapped to load balancer.`,
    );
  });
}

/** The members to take out for a VM; a VM that is none leaves nothing to do. */
export function membersToRemove(
  world: World,
  rule: LoadBalancerRuleRow,
  { vm, ipAddresses }: NamedVm,
): LoadBalancerMemberRow[] {
  const own = membersOf(world, rule.id).filter((member) => member.vmId === vm.id);
  if (ipAddresses.length === 0) return own;
  return ipAddresses.map((ipAddress) => {
    const member = own.find((candidate) => candidate.ipAddress === ipAddress);
    if (member !== undefined) return member;
    throw invalidParameter(
      `The instance id: ${vm.internalId} is not configured for LB rule ${rule.internalId}`,
    );
  });
}

/** RulesManagerImpl.checkRuleAndUserVm. */
function assertMayJoin(context: CommandContext, rule: LoadBalancerRuleRow, vm: VmRow): void {
  if (vm.removedMs !== null || isDestroyedVm(vm)) {
    throw invalidParameter('Invalid instance id specified', [
      { uuid: vm.id, description: 'instanceId' },
    ]);
  }
  assertMayOperate(context, 'loadbalancerrule', rule);
  assertMayOperate(context, 'virtualmachine', vm);
  if (rule.accountId === vm.accountId) return;
  throw invalidParameter(
    `Rule id=${rule.internalId} and vm id=${vm.internalId} belong to different accounts`,
  );
}
