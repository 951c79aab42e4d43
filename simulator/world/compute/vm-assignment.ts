import { leaveAffinityGroups } from './affinity-groups.js';
import type { AccountRow, VmRow } from '../entities.js';
import { leaveInstanceGroup } from './instance-groups.js';
import { allocateNic, releaseNics } from '../network/nics.js';
import type { NicPlan } from './vm-allocation.js';
import { volumesOf } from '../storage/volumes.js';
import type { World } from '../world.js';

/**
 * Gives a stopped VM and its volumes to another account, with new NICs in the place of the old ones. The
 * groups of its old owner are not the new one's (UserVmManagerImpl.executeStepsToChangeOwnershipOfVm;
 * CloudStack forgets to take it out of affinity groups).
 */
export function assignVm(
  world: World,
  vm: VmRow,
  { id: accountId }: AccountRow,
  nics: readonly NicPlan[],
): void {
  leaveInstanceGroup(world, vm);
  leaveAffinityGroups(world, vm.id);
  releaseNics(world, vm.id);
  world.vms.change(vm, { accountId });
  for (const volume of volumesOf(world, vm.id)) world.volumes.change(volume, { accountId });
  for (const [deviceId, nic] of nics.entries()) {
    allocateNic(world, { ...nic, vmId: vm.id, isDefault: deviceId === 0, deviceId });
  }
}
