import type { InstanceGroupRow, VmRow } from '../entities.js';
import type { World } from '../world.js';

/** The group of an account with this name; the database compares without regard to case. */
export function instanceGroupNamed(
  world: World,
  accountId: string,
  name: string,
): InstanceGroupRow | undefined {
  return world.instanceGroups
    .where('accountId', accountId)
    .find((group) => group.name.toLowerCase() === name.toLowerCase());
}

/** Takes a VM from its group to this one, which is made for its owner if there is none. */
export function joinInstanceGroup(world: World, vm: VmRow, name: string): void {
  const { accountId } = vm;
  const group =
    instanceGroupNamed(world, accountId, name) ?? world.instanceGroups.insert({ name, accountId });
  world.vms.change(vm, { groupId: group.id });
}

/** Takes a VM out of its group; the group stays, also when it is empty. */
export function leaveInstanceGroup(world: World, vm: VmRow): void {
  world.vms.change(vm, { groupId: null });
}

/** Deletes a group; the VMs in it stay without one. */
export function deleteInstanceGroup(world: World, group: InstanceGroupRow): void {
  for (const vm of world.vms.where('groupId', group.id)) leaveInstanceGroup(world, vm);
  world.instanceGroups.remove(group);
}
