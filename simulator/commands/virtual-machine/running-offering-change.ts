import type { Json } from '../../kernel/json.js';
import { isScalingEnabled } from '../../world/compute/dynamic-scaling.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { HostRow, ServiceOfferingRow, VmRow } from '../../world/entities.js';
import { hasRoomFor } from '../../world/compute/placement.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { hostToMoveTo } from '../../world/compute/vm-migration.js';
import type { World } from '../../world/world.js';
import { computeSize, isCustomOffering, type ComputeSize } from './compute-size.js';
import {
  applyOffering,
  assertGrowthWithinLimits,
  assertOfferingFits,
  type Details,
} from './offering-change.js';

/**
 * The size that a VM, which is not Stopped, is to get; throws for whatever speaks against it
 * (UserVmManagerImpl.upgradeRunningVirtualMachine).
 */
export function sizeOfRunning(
  world: World,
  vm: VmRow,
  offering: ServiceOfferingRow,
  details: Details,
): ComputeSize {
  if (vm.state === 'Running') assertHostTags(world, vm, offering);
  const size = isCustomOffering(offering)
    ? computeSize(world, offering, details)
    : fixedSize(offering);
  assertOfferingFits(world, vm, offering);
  if (offering.dynamicScaling !== offeringOf(world, vm).dynamicScaling) {
    throw invalidParameter(
      'Unable to Scale VM: since dynamic scaling enabled flag is not same for new service offering and old service offering',
    );
  }
  assertLarger(vm, size);
  if (vm.hypervisor === 'KVM' && !isCustomOffering(offeringOf(world, vm))) {
    throw invalidParameter(
      'Unable to live scale VM on KVM when current service offering is a "Fixed Offering". KVM ' +
        'needs the tag "maxMemory" to live scale and it is only configured when VM is deployed ' +
        'with a custom service offering and "Dynamic Scalable" is enabled.',
    );
  }
  assertGrowthWithinLimits(world, vm, size);
  if (!isScalingEnabled(world, vm)) {
    throw permissionDenied(
      'Dynamically scaling virtual machines is disabled for this zone, please contact your admin.',
    );
  }
  if (!vm.isDynamicallyScalable) {
    throw cloudRuntime(
      `Unable to scale ${vmText(vm)} as it does not have tools to support dynamic scaling.`,
    );
  }
  return size;
}

/** The host of the VM if it has room for the new size, else another one that has. */
export function hostForSize(world: World, vm: VmRow, size: ComputeSize): HostRow | undefined {
  const own = vm.hostId === null ? undefined : world.hosts.require(vm.hostId);
  if (own !== undefined && hasRoomFor(world, vm, own, size)) return own;
  return hostToMoveTo(world, vm, (host) => hasRoomFor(world, vm, host, size));
}

/**
 * Gives a running VM its new offering, and answers what it had before. Others may have taken the room
 * meanwhile.
 */
export function applyToRunning(
  world: World,
  vm: VmRow,
  offering: ServiceOfferingRow,
  details: Details,
): { [column: string]: Json } {
  const size = isCustomOffering(offering)
    ? computeSize(world, offering, details)
    : fixedSize(offering);
  const host = vm.hostId === null ? undefined : world.hosts.require(vm.hostId);
  if (host === undefined || !hasRoomFor(world, vm, host, size)) {
    throw cloudRuntime('Failed to scale the VM');
  }
  const { serviceOfferingId, cpuNumber, cpuMhz, memoryMib } = vm;
  const before = { serviceOfferingId, cpuNumber, cpuMhz, memoryMib, details: { ...vm.details } };
  applyOffering(world, vm, offering, size);
  return before;
}

/** Takes back what `applyToRunning` did, when the host could not do it. */
export function revert(world: World, vm: VmRow, before: Json | undefined): void {
  if (before === undefined || vm.removedMs !== null) return;
  world.vms.change(vm, before as Partial<VmRow>);
}

function offeringOf(world: World, vm: VmRow): ServiceOfferingRow {
  return world.serviceOfferings.require(vm.serviceOfferingId);
}

function fixedSize(offering: ServiceOfferingRow): ComputeSize {
  const { cpuNumber, cpuMhz, memoryMib } = offering;
  return { cpuNumber: cpuNumber ?? 0, cpuMhz: cpuMhz ?? 0, memoryMib: memoryMib ?? 0 };
}

/** The management server logs which tags are missing, and tells nobody. */
function assertHostTags(world: World, vm: VmRow, { hostTags }: ServiceOfferingRow): void {
  const tags = vm.hostId === null ? [] : world.hosts.require(vm.hostId).tags;
  if (hostTags.every((tag) => tags.includes(tag))) return;
  throw cloudRuntime('Failed to scale the VM');
}

function assertLarger(vm: VmRow, size: ComputeSize): void {
  const isSmaller =
    size.cpuMhz < vm.cpuMhz || size.memoryMib < vm.memoryMib || size.cpuNumber < vm.cpuNumber;
  const isSame =
    size.cpuMhz === vm.cpuMhz && size.memoryMib === vm.memoryMib && size.cpuNumber === vm.cpuNumber;
  if (!isSmaller && !isSame) return;
  throw invalidParameter(
    'While the VM is running, only scaling up it is supported. New service offering ' +
      `{"memory": ${size.memoryMib}, "speed": ${size.cpuMhz}, "cpu": ${size.cpuNumber}} should ` +
      'have at least one value (ram, speed or cpu) greater than the current values ' +
      `{"memory": ${vm.memoryMib}, "speed": ${vm.cpuMhz}, "cpu": ${vm.cpuNumber}}.`,
  );
}
