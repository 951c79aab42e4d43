import { assertMayOperate } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, ServiceOfferingRow, StorageType, VmRow } from '../../world/entities.js';
import { volumesOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { isCustomOffering } from '../virtual-machine/compute-size.js';

/**
 * To which offerings a VM could be scaled: its disks stay where they are, its host and pool keep
 * their tags, and while it runs nothing of it becomes less
 * (QueryManagerImpl.searchForServiceOfferingIdsAndCount).
 *
 * @throws 431 for a VM that is gone, 531 for one that is not the owner's.
 */
export function scalingTargets(
  context: CommandContext,
  owner: AccountRow,
  vm: VmRow,
): (offering: ServiceOfferingRow) => boolean {
  const { world } = context;
  if (vm.removedMs !== null) {
    throw invalidParameter('unable to find a virtual machine with specified id', [
      { uuid: String(vm.internalId), description: 'vmId' },
    ]);
  }
  if (vm.accountId !== owner.id) assertMayOperate(context, 'virtualmachine', vm);
  const current = world.serviceOfferings.require(vm.serviceOfferingId);
  const storageType = storageTypeOf(world, vm, current);
  return (offering) =>
    (isCustomOffering(current) || offering.id !== current.id) &&
    offering.storageType === storageType &&
    hasAll(offering.storageTags, current.storageTags) &&
    (offering.hostTags.length === 0 || hasAll(offering.hostTags, current.hostTags)) &&
    (vm.state !== 'Running' || isNoLess(offering, vm, current));
}

/** Where the root disk is, whatever the offering says. */
function storageTypeOf(world: World, vm: VmRow, current: ServiceOfferingRow): StorageType {
  const root = volumesOf(world, vm.id).find((volume) => volume.type === 'ROOT');
  const poolId = root?.poolId ?? null;
  if (poolId === null) return current.storageType;
  return world.storagePools.require(poolId).scope === 'HOST' ? 'local' : 'shared';
}

function hasAll(tags: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((tag) => tags.includes(tag));
}

function isNoLess(offering: ServiceOfferingRow, vm: VmRow, current: ServiceOfferingRow): boolean {
  const { cpuNumber, cpuMhz, memoryMib, constraints, dynamicScaling } = offering;
  return (
    dynamicScaling === current.dynamicScaling &&
    (cpuNumber ?? constraints?.maxCpuNumber ?? Infinity) >= vm.cpuNumber &&
    (cpuMhz ?? Infinity) >= vm.cpuMhz &&
    (memoryMib ?? constraints?.maxMemoryMib ?? Infinity) >= vm.memoryMib
  );
}
