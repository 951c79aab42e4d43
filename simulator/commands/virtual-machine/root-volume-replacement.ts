import type { CommandContext } from '../../declare/context.js';
import type { VmRow } from '../../world/entities.js';
import { ROOT_DEVICE_ID } from '../../world/storage/device-ids.js';
import { PLAIN_VOLUME, rootContent } from '../../world/storage/volume-allocation.js';
import {
  destroyVolume,
  detachVolume,
  expungeVolume,
  GIB_BYTES,
} from '../../world/storage/volumes.js';
import type { Restoration } from './restoration-plan.js';
import { assertMayExpungeVolumes } from '../volume/volume-destruction.js';

/**
 * Puts a new root volume, Allocated, in the place of the old one, which is destroyed, or expunged if
 * it never existed on a pool. One that never did is left alone unless something is to be different
 * (UserVmManagerImpl.restoreVirtualMachine).
 */
export function replaceRootVolume(context: CommandContext, vm: VmRow, plan: Restoration): void {
  const { world } = context;
  const { oldRoot, template, newTemplate, diskOffering, sizeBytes } = plan;
  const neverExisted = oldRoot.state === 'Allocated';
  if (neverExisted && newTemplate === undefined && diskOffering === undefined) return;
  const expunge = neverExisted || plan.expunge;
  if (expunge) assertMayExpungeVolumes(context);
  detachVolume(world, oldRoot);
  world.volumes.insert({
    name: oldRoot.name,
    type: 'ROOT',
    state: 'Allocated',
    accountId: oldRoot.accountId,
    zoneId: oldRoot.zoneId,
    sizeBytes,
    diskOfferingId: diskOffering?.id ?? oldRoot.diskOfferingId,
    serviceOfferingId: diskOffering === undefined ? oldRoot.serviceOfferingId : null,
    snapshotId: null,
    vmId: vm.id,
    deviceId: ROOT_DEVICE_ID,
    attachedMs: world.kernel.nowMs,
    poolId: null,
    ...PLAIN_VOLUME,
    ...rootContent(template),
  });
  if (expunge) expungeVolume(world, oldRoot);
  else destroyVolume(world, oldRoot);
  world.vms.change(vm, {
    templateId: newTemplate?.id ?? vm.templateId,
    isoId: template.format === 'ISO' ? template.id : vm.isoId,
    osTypeId: newTemplate === undefined ? vm.osTypeId : template.osTypeId,
    details: detailsAfter(vm, plan),
  });
}

/** A chosen size is noted; one that the template outgrew is forgotten. */
function detailsAfter(vm: VmRow, { chosenSizeGib, sizeBytes }: Restoration): VmRow['details'] {
  if (chosenSizeGib !== undefined) return { ...vm.details, rootdisksize: String(chosenSizeGib) };
  const noted = Number(vm.details['rootdisksize'] ?? 0) * GIB_BYTES;
  if (noted === 0 || noted >= sizeBytes) return vm.details;
  return Object.fromEntries(Object.entries(vm.details).filter(([name]) => name !== 'rootdisksize'));
}
