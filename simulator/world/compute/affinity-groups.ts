import type { AffinityGroupRow, AffinityType, VmRow } from '../entities.js';
import type { World } from '../world.js';

/** The types in the order in which CloudStack lists them; `ExplicitDedication` is for root admins. */
export const affinityTypes: readonly AffinityType[] = [
  'host anti-affinity',
  'host affinity',
  'non-strict host affinity',
  'non-strict host anti-affinity',
];

/** The groups of a VM, in the order in which it joined them. */
export function affinityGroupsOf(world: World, vmId: string): AffinityGroupRow[] {
  return world.affinityMembers
    .where('vmId', vmId)
    .map(({ groupId }) => world.affinityGroups.require(groupId));
}

/** The VMs of a group, Destroyed ones included: they could be recovered. */
export function membersOf(world: World, groupId: string): VmRow[] {
  return world.affinityMembers.where('groupId', groupId).map(({ vmId }) => world.vms.require(vmId));
}

/** Puts a VM into groups; each counts once. */
export function joinAffinityGroups(
  world: World,
  vmId: string,
  groups: readonly AffinityGroupRow[],
): void {
  for (const group of new Set(groups)) {
    world.affinityMembers.insert({ groupId: group.id, vmId });
  }
}

/** Takes a VM out of all its groups. */
export function leaveAffinityGroups(world: World, vmId: string): void {
  for (const member of world.affinityMembers.where('vmId', vmId)) {
    world.affinityMembers.purge(member);
  }
}

/**
 * Deletes a group for good, its members stay without it: CloudStack keeps no row of it
 * (AffinityGroupServiceImpl.deleteAffinityGroup).
 */
export function deleteAffinityGroup(world: World, group: AffinityGroupRow): void {
  for (const member of world.affinityMembers.where('groupId', group.id)) {
    world.affinityMembers.purge(member);
  }
  world.affinityGroups.purge(group);
}

/** A group as error texts name it (AffinityGroupVO.toString). */
export function affinityGroupText({ internalId: id, name, id: uuid }: AffinityGroupRow): string {
  return `AffinityGroup ${JSON.stringify({ id, name, uuid })}`;
}
