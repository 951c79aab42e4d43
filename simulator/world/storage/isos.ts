import { cloudRuntime } from '../cloud-exception.js';
import type { TemplateRow, VmRow } from '../entities.js';
import type { World } from '../world.js';
import { isReady, templateZone } from './templates.js';

/**
 * Throws `text` unless an ISO can be put into the drive of a VM: it must be one, and ready in the
 * VM's zone (TemplateManagerImpl.prepareIso).
 */
export function assertIsoMounts(world: World, iso: TemplateRow, vm: VmRow, text: string): void {
  const isThere = isReady(templateZone(world, iso.id, vm.zoneId));
  if (iso.format !== 'ISO' || !isThere) throw cloudRuntime(text);
}

/** Throws unless the ISO in the drive of a VM that starts is ready (prepareIsoForVmProfile). */
export function assertDriveReady(world: World, vm: VmRow): void {
  if (vm.isoId === null) return;
  const iso = world.templates.require(vm.isoId);
  assertIsoMounts(world, iso, vm, 'Failed to prepare ISO on secondary or cache storage');
}
