import { affinityGroupsOf, membersOf } from './affinity-groups.js';
import type { AffinityGroupRow, AffinityType, HostRow, VmRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * Whether the strict affinity groups of a VM let it run on a host: apart from all other members
 * (HostAntiAffinityProcessor), or where any of them is, unless none is anywhere
 * (HostAffinityProcessor). A VM that starts counts as being on its host, one that
 * migrates as being on both.
 */
export function mayShareHosts(world: World, vm: VmRow, host: HostRow): boolean {
  return affinityGroupsOf(world, vm.id).every((group) => {
    const hostIds = hostsOfOthers(world, group, vm);
    if (group.type === 'host anti-affinity') return !hostIds.includes(host.id);
    if (group.type === 'host affinity') return hostIds.length === 0 || hostIds.includes(host.id);
    return true;
  });
}

/**
 * How much the non-strict groups of a VM want it on a host: one up for each other member there in a
 * group that keeps together, one down in a group that keeps apart
 * (NonStrictHostAffinityProcessor, NonStrictHostAntiAffinityProcessor).
 */
export function priorityOf(world: World, vm: VmRow, host: HostRow): number {
  return affinityGroupsOf(world, vm.id).reduce((priority, group) => {
    const weight = weights[group.type] ?? 0;
    const there = hostsOfOthers(world, group, vm).filter((hostId) => hostId === host.id);
    return priority + weight * there.length;
  }, 0);
}

const weights: Readonly<Partial<Record<AffinityType, number>>> = {
  'non-strict host affinity': 1,
  'non-strict host anti-affinity': -1,
};

function hostsOfOthers(world: World, group: AffinityGroupRow, vm: VmRow): string[] {
  return membersOf(world, group.id)
    .filter((member) => member.id !== vm.id)
    .flatMap(({ hostId, destinationHostId }) => [hostId ?? [], destinationHostId ?? []].flat());
}
