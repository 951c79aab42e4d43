import { joinAffinityGroups } from './affinity-groups.js';
import type {
  AffinityGroupRow,
  DhcpOption,
  DiskOfferingRow,
  Hypervisor,
  NetworkRow,
  ServiceOfferingRow,
  TemplateRow,
  VmRow,
  ZoneRow,
} from '../entities.js';
import { joinInstanceGroup } from './instance-groups.js';
import { allocateNic } from '../network/nics.js';
import { moveVm } from './virtual-machines.js';
import { allocateDataVolume, allocateRootVolume } from '../storage/volume-allocation.js';
import type { World } from '../world.js';

/** One NIC of a VM that is to be: the first is the default one. */
export interface NicPlan {
  readonly network: NetworkRow;
  readonly ipAddress: string | undefined;
  readonly macAddress: string | undefined;
  readonly dhcpOptions?: readonly DhcpOption[] | undefined;
}

/** What a deployment that passed every check will allocate. */
export interface VmPlan {
  /** The VM's ids are drawn before it exists, because its names contain them. */
  readonly id: string;
  readonly internalId: number;
  readonly name: string;
  readonly displayName: string;
  /** The name of the group that it joins, which is made if there is none. */
  readonly group: string | null;
  readonly isDisplayed: boolean;
  readonly accountId: string;
  readonly userId: string;
  readonly zone: ZoneRow;
  readonly template: TemplateRow;
  readonly hypervisor: Hypervisor;
  readonly serviceOffering: ServiceOfferingRow;
  readonly cpuNumber: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  readonly isDynamicallyScalable: boolean;
  readonly rootDiskSizeGib: number | undefined;
  /** The disk offering in the place of that of the service offering. */
  readonly rootOffering: DiskOfferingRow | undefined;
  readonly dataDisk: { readonly offering: DiskOfferingRow; readonly sizeGib: number } | undefined;
  readonly nics: readonly NicPlan[];
  readonly affinityGroups: readonly AffinityGroupRow[];
  readonly userData: string | null;
  readonly userDataId: string | null;
  readonly userDataDetails: string | null;
  readonly details: Readonly<Record<string, string>>;
}

/**
 * Enters a VM, Stopped, then its NICs one by one, its root volume and its data volume, and puts it
 * into its affinity groups. What fails
 * on the way stays: the VM is left in state Error with the NICs that it got so far, whose addresses
 * are taken until it is expunged (UserVmManagerImpl.commitUserVm, VirtualMachineManagerImpl.allocate).
 */
export function allocateVm(world: World, plan: VmPlan): VmRow {
  const vm = insertVm(world, plan);
  try {
    allocateNics(world, vm, plan.nics);
    allocateVolumes(world, vm, plan);
  } catch (error) {
    moveVm(world, vm, 'OperationFailedToError');
    throw error;
  }
  if (plan.group !== null) joinInstanceGroup(world, vm, plan.group);
  joinAffinityGroups(world, vm.id, plan.affinityGroups);
  return vm;
}

function insertVm(world: World, plan: VmPlan): VmRow {
  const { id, internalId, name, displayName, accountId, userId, details } = plan;
  const { userData, userDataId, userDataDetails, isDisplayed } = plan;
  const account = world.accounts.require(accountId);
  return world.vms.insert({
    id,
    internalId,
    name,
    displayName,
    instanceName: `i-${account.internalId}-${internalId}-${world.settings.get('instance.name')}`,
    groupId: null,
    state: 'Stopped',
    accountId,
    userId,
    zoneId: plan.zone.id,
    templateId: plan.template.id,
    isoId: plan.template.format === 'ISO' ? plan.template.id : null,
    serviceOfferingId: plan.serviceOffering.id,
    cpuNumber: plan.cpuNumber,
    cpuMhz: plan.cpuMhz,
    memoryMib: plan.memoryMib,
    hypervisor: plan.hypervisor,
    hostId: null,
    lastHostId: null,
    destinationHostId: null,
    osTypeId: plan.template.osTypeId,
    isDynamicallyScalable: plan.isDynamicallyScalable,
    password: null,
    awaitsPassword: true,
    userData,
    userDataId,
    userDataDetails,
    isDisplayed,
    deleteProtection: false,
    details,
    bootedMs: null,
    guestDevices: {},
    updatedMs: world.kernel.nowMs,
  });
}

function allocateNics(world: World, vm: VmRow, nics: readonly NicPlan[]): void {
  for (const [deviceId, nic] of nics.entries()) {
    allocateNic(world, { ...nic, vmId: vm.id, isDefault: deviceId === 0, deviceId });
  }
}

function allocateVolumes(world: World, vm: VmRow, plan: VmPlan): void {
  const { template, serviceOffering, rootDiskSizeGib, rootOffering, dataDisk } = plan;
  allocateRootVolume(world, {
    vm,
    template,
    serviceOffering,
    ...(rootDiskSizeGib === undefined ? {} : { rootDiskSizeGib }),
    ...(rootOffering === undefined ? {} : { diskOffering: rootOffering }),
  });
  if (dataDisk === undefined) return;
  allocateDataVolume(world, {
    name: `DATA-${vm.internalId}`,
    accountId: vm.accountId,
    zoneId: vm.zoneId,
    diskOffering: dataDisk.offering,
    sizeGib: dataDisk.sizeGib,
    vm,
  });
}
