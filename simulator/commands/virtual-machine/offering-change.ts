import { invalidParameter } from '../../world/cloud-exception.js';
import { canBeScaled } from '../../world/compute/dynamic-scaling.js';
import type { ServiceOfferingRow, VmRow } from '../../world/entities.js';
import { assertMayUseServiceOffering } from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { rootVolumeOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { computeSize, isCustomOffering, type ComputeSize } from './compute-size.js';

// What changeServiceForVirtualMachine and scaleVirtualMachine have in common.

export type Details = Readonly<Record<string, string>>;

/** Parameters of both that CloudStack puts among the details (ScaleVMCmd.getDetails). */
export interface OfferingArguments {
  readonly details?: Details | undefined;
  readonly miniops?: number | undefined;
  readonly maxiops?: number | undefined;
  readonly automigrate?: boolean | undefined;
  readonly shrinkok?: boolean | undefined;
}

export function requestedDetails(args: OfferingArguments): Details {
  const { details = {}, miniops, maxiops, automigrate, shrinkok } = args;
  return {
    ...details,
    ...(shrinkok === undefined ? {} : { shrinkok: String(shrinkok) }),
    ...(automigrate === undefined ? {} : { automigrate: String(automigrate) }),
    ...(miniops === undefined ? {} : { miniops: String(miniops) }),
    ...(maxiops === undefined ? {} : { maxiops: String(maxiops) }),
  };
}

/**
 * Gives a stopped VM another offering. Its root volume keeps the one that it was made with:
 * `allow.diskoffering.change.during.scale.vm` is off (UserVmManagerImpl.upgradeStoppedVirtualMachine).
 */
export function changeOfferingOfStopped(
  world: World,
  vm: VmRow,
  offering: ServiceOfferingRow,
  details: Details,
): void {
  if (!offering.active) {
    throw invalidParameter(
      `Unable to upgrade virtual machine ${vm.id} with an inactive service offering ${offering.id}`,
    );
  }
  const size = computeSize(world, offering, details);
  assertGrowthWithinLimits(world, vm, size);
  assertOfferingFits(world, vm, offering);
  const owner = world.accounts.require(vm.accountId);
  assertMayUseServiceOffering(world, owner, offering, world.zones.require(vm.zoneId));
  applyOffering(world, vm, offering, size);
}

/** Only what a VM gets more of is looked at (checkVmResourceLimitsForServiceOfferingChange). */
export function assertGrowthWithinLimits(world: World, vm: VmRow, size: ComputeSize): void {
  const cpu = size.cpuNumber - vm.cpuNumber;
  const memory = size.memoryMib - vm.memoryMib;
  assertWithinLimits(world, world.accounts.require(vm.accountId), {
    ...(cpu > 0 ? { cpu } : {}),
    ...(memory > 0 ? { memory } : {}),
  });
}

/** VirtualMachineManagerImpl.checkIfCanUpgrade. */
export function assertOfferingFits(world: World, vm: VmRow, offering: ServiceOfferingRow): void {
  assertRootDiskStays(world.serviceOfferings.require(vm.serviceOfferingId), offering);
  if (!offering.active) {
    throw invalidParameter(`New service offering is inactive: [${offering.id}].`);
  }
  if (vm.state !== 'Stopped' && vm.state !== 'Running') {
    throw invalidParameter(
      `Unable to upgrade virtual machine ${vmText(vm)}  in state ${vm.state}; ` +
        'make sure the virtual machine is stopped/running',
    );
  }
  if (!isCustomOffering(offering) && vm.serviceOfferingId === offering.id) {
    throw invalidParameter(
      `Not upgrading vm ${vmText(vm)} since it already has the requested service offering ` +
        `(${offering.name})`,
    );
  }
  assertStorageFits(world, vm, offering);
}

/** UserVmManagerImpl.validateDiskOfferingChecks. */
function assertRootDiskStays(current: ServiceOfferingRow, wanted: ServiceOfferingRow): void {
  if (current.diskOfferingStrictness !== wanted.diskOfferingStrictness) {
    throw invalidParameter(
      'Unable to Scale VM, since disk offering strictness flag is not same for new service offering and old service offering',
    );
  }
  if (current.diskOfferingStrictness && rootOfferingId(current) !== rootOfferingId(wanted)) {
    throw invalidParameter(
      'Unable to Scale VM, since disk offering id associated with the old service offering is not same for new service offering',
    );
  }
  if (current.encrypts === wanted.encrypts) return;
  throw invalidParameter(
    'Cannot change the encryption type of a volume, please check the selected offering',
  );
}

/** An offering without a linked one has one of its own. */
function rootOfferingId({ id, diskOfferingId }: ServiceOfferingRow): string {
  return diskOfferingId ?? id;
}

function assertStorageFits(world: World, vm: VmRow, { storageType }: ServiceOfferingRow): void {
  const poolId = rootVolumeOf(world, vm.id)?.poolId ?? null;
  const isLocal = poolId !== null && world.storagePools.require(poolId).scope === 'HOST';
  if ((storageType === 'local') === isLocal) return;
  const [wanted, present] = isLocal ? ['shared', 'local'] : ['local', 'shared'];
  throw invalidParameter(
    `Unable to upgrade virtual machine ${vmText(vm)}, target offering use ${wanted} storage but ` +
      `the storage pool where the volume is allocated is a ${present} storage.`,
  );
}

/**
 * Notes the offering and the size of a VM; what was chosen within a custom offering is a detail, too
 * (VirtualMachineManagerImpl.upgradeVmDb).
 */
export function applyOffering(
  world: World,
  vm: VmRow,
  offering: ServiceOfferingRow,
  size: ComputeSize,
): void {
  const kept = Object.entries(vm.details).filter(([name]) => !SIZE_DETAILS.includes(name));
  const details = isCustomOffering(offering)
    ? {
        cpuNumber: String(size.cpuNumber),
        cpuSpeed: String(size.cpuMhz),
        memory: String(size.memoryMib),
      }
    : {};
  const wasCustom = isCustomOffering(world.serviceOfferings.require(vm.serviceOfferingId));
  const template = world.templates.require(vm.templateId);
  world.vms.change(vm, {
    serviceOfferingId: offering.id,
    cpuNumber: size.cpuNumber,
    cpuMhz: size.cpuMhz,
    memoryMib: size.memoryMib,
    isDynamicallyScalable: vm.isDynamicallyScalable && canBeScaled(world, vm, offering, template),
    details:
      wasCustom || isCustomOffering(offering)
        ? { ...Object.fromEntries(kept), ...details }
        : vm.details,
  });
}

const SIZE_DETAILS: readonly string[] = ['cpuNumber', 'cpuSpeed', 'memory'];
