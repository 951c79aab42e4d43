import type { CommandContext } from '../../declare/context.js';
import { assertMayOperate } from '../../declare/access.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, TemplateRow, VmRow, VolumeRow } from '../../world/entities.js';
import { assertMayDeployDiskOffering } from '../../world/identity/offering-access.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { assertNoVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { isBeingSnapshotted } from '../../world/storage/snapshots.js';
import { templateSizeBytes, isReady, templateZone } from '../../world/storage/templates.js';
import { GIB_BYTES, rootVolumeOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertNoExtraConfig } from './virtual-machine-details.js';
import { assertOwnerEnabled } from './virtual-machine-rules.js';

/** What restoreVirtualMachine is asked for. */
export interface RestoreArguments {
  readonly virtualmachineid: VmRow;
  readonly templateid?: TemplateRow | undefined;
  readonly diskofferingid?: DiskOfferingRow | undefined;
  readonly rootdisksize?: number | undefined;
  readonly details?: Readonly<Record<string, string>> | undefined;
  readonly expunge?: boolean | undefined;
}

/** What a restoration that passed every check will do. */
export interface Restoration {
  readonly oldRoot: VolumeRow;
  readonly template: TemplateRow;
  /** The template, where the caller named one. */
  readonly newTemplate: TemplateRow | undefined;
  readonly diskOffering: DiskOfferingRow | undefined;
  readonly sizeBytes: number;
  /** The size of the root disk that the caller chose, in GiB. */
  readonly chosenSizeGib: number | undefined;
  readonly expunge: boolean;
}

/** Checks in the order of UserVmManagerImpl.restoreVM and restoreVirtualMachine. */
export function planRestoration(context: CommandContext, args: RestoreArguments): Restoration {
  const { world } = context;
  const { virtualmachineid: vm, templateid: newTemplate, diskofferingid: diskOffering } = args;
  const size = wantedSize(args);
  assertNoExtraConfig(args.details ?? {});
  if (vm.removedMs !== null) {
    throw invalidParameter(`Cannot find VM with ID ${vm.internalId}`, [
      { uuid: String(vm.internalId), description: 'vmId' },
    ]);
  }
  const template = templateFor(world, vm, newTemplate);
  if (diskOffering !== undefined) assertDiskOffering(context, vm, diskOffering);
  assertHoldsTemplate(world, vm, template, size, diskOffering);
  const oldRoot = rootVolumeOf(world, vm.id);
  if (oldRoot !== undefined && isBeingSnapshotted(world, oldRoot)) {
    throw cloudRuntime(
      'There is/are unbacked up snapshot(s) on ROOT volume, Re-install VM is not permitted, please try again later.',
    );
  }
  assertOwnerEnabled(world, vm);
  assertRestorable(vm);
  if (oldRoot === undefined) {
    throw invalidParameter(`Can not find root volume for VM ${vm.id}`, [
      { uuid: vm.id, description: 'vmId' },
    ]);
  }
  assertNoVmSnapshots(
    world,
    vm.id,
    'Unable to restore VM, please remove VM snapshots before restoring VM',
  );
  if (newTemplate !== undefined) {
    assertMayOperate(context, 'template', newTemplate);
    assertSameKind(oldRoot, newTemplate);
  }
  if (!isReady(templateZone(world, template.id, vm.zoneId))) {
    throw invalidParameter(
      `Cannot restore the vm as the template ${template.id} isn't available in the zone`,
    );
  }
  const sizeBytes = newSizeBytes(world, vm, oldRoot, template, size, diskOffering);
  assertGrowthWithinLimits(world, vm, oldRoot, sizeBytes);
  return {
    oldRoot,
    template,
    newTemplate,
    diskOffering,
    sizeBytes,
    chosenSizeGib: size,
    expunge: args.expunge === true,
  };
}

/** The detail wins over the parameter; what is no number counts as nothing (RestoreVMCmd.getDetails). */
function wantedSize({ details = {}, rootdisksize }: RestoreArguments): number | undefined {
  const text = details['rootdisksize'] ?? (rootdisksize === undefined ? '' : String(rootdisksize));
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function templateFor(world: World, vm: VmRow, wanted: TemplateRow | undefined): TemplateRow {
  const template = wanted ?? world.templates.require(vm.templateId);
  if (template.removedMs === null) return template;
  throw invalidParameter(
    wanted === undefined
      ? 'Cannot find template linked with VM'
      : `Cannot find template with ID ${wanted.internalId}`,
  );
}

function assertDiskOffering(
  { world, caller }: CommandContext,
  vm: VmRow,
  offering: DiskOfferingRow,
): void {
  if (offering.removedMs !== null) {
    throw invalidParameter(`Cannot find disk offering with ID ${offering.internalId}`);
  }
  const zone = world.zones.require(vm.zoneId);
  assertMayDeployDiskOffering(world, caller.account, offering, zone);
}

function assertHoldsTemplate(
  world: World,
  vm: VmRow,
  template: TemplateRow,
  sizeGib: number | undefined,
  offering: DiskOfferingRow | undefined,
): void {
  const templateBytes = templateSizeBytes(world, template.id, vm.zoneId);
  if (sizeGib !== undefined) {
    if (sizeGib * GIB_BYTES >= templateBytes) return;
    throw invalidParameter(
      `Root disk size [${sizeGib}] is smaller than the template size [${templateBytes}]`,
    );
  }
  if (offering === undefined || offering.sizeGib * GIB_BYTES >= templateBytes) return;
  throw invalidParameter(
    `Disk size for selected offering [${offering.sizeGib * GIB_BYTES}] is less than the template's size [${templateBytes}]`,
  );
}

function assertRestorable(vm: VmRow): void {
  if (vm.state === 'Running' || vm.state === 'Stopped') return;
  throw cloudRuntime(
    `Vm ${vm.id} currently in ${vm.state} state, restore vm can only execute when VM in Running or Stopped`,
  );
}

/** A VM that was made from an ISO stays so, as one that was made from a template does. */
function assertSameKind({ isoId }: VolumeRow, newTemplate: TemplateRow): void {
  if ((isoId !== null) === (newTemplate.format === 'ISO')) return;
  throw invalidParameter(
    isoId === null
      ? 'Invalid template id provided to restore the VM '
      : 'VM has been created using an ISO therefore it can not be re-installed with a template',
  );
}

/** UserVmManagerImpl.getRootVolumeSizeForVmRestore. */
function newSizeBytes(
  world: World,
  vm: VmRow,
  oldRoot: VolumeRow,
  template: TemplateRow,
  sizeGib: number | undefined,
  offering: DiskOfferingRow | undefined,
): number {
  if (sizeGib !== undefined) return sizeGib * GIB_BYTES;
  if (offering !== undefined && offering.sizeGib > 0) return offering.sizeGib * GIB_BYTES;
  if (template.format === 'ISO') return oldRoot.sizeBytes;
  const noted = Number(vm.details['rootdisksize'] ?? 0) * GIB_BYTES;
  return Math.max(noted, templateSizeBytes(world, template.id, vm.zoneId));
}

function assertGrowthWithinLimits(
  world: World,
  vm: VmRow,
  oldRoot: VolumeRow,
  sizeBytes: number,
): void {
  const growth = sizeBytes - oldRoot.sizeBytes;
  if (growth <= 0) return;
  try {
    assertWithinLimits(world, world.accounts.require(vm.accountId), { primary_storage: growth });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw cloudRuntime(`Failed to restore VM ${vm.id} due to ${error.message}`);
  }
}
