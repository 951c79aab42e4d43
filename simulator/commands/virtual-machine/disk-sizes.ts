import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, ServiceOfferingRow, TemplateRow } from '../../world/entities.js';
import { templateZone } from '../../world/templates.js';
import { GIB_BYTES } from '../../world/volumes.js';
import type { World } from '../../world/world.js';

/** The size of a VM's data disk: the offering's, or within a custom offering the deployer's. */
export function dataDiskSizeGib(
  world: World,
  offering: DiskOfferingRow,
  sizeGib: number | undefined,
): number {
  if (offering.sizeGib > 0) return offering.sizeGib;
  if (sizeGib === undefined) {
    throw invalidParameter('This disk offering requires a custom size specified');
  }
  const min = world.settings.get('custom.diskoffering.size.min');
  const max = world.settings.get('custom.diskoffering.size.max');
  if (sizeGib < min || sizeGib > max) {
    throw invalidParameter(
      `Volume size: ${sizeGib} GB is out of allowed range. Min: ${min}. Max: ${max}`,
    );
  }
  assertBelowMaximum(world, sizeGib);
  return sizeGib;
}

/**
 * The size of the root disk in GiB, undefined for the template's own: the service offering's wins
 * over the deployer's (UserVmManagerImpl.configureCustomRootDiskSize).
 */
export function rootDiskSizeGib(
  world: World,
  offering: ServiceOfferingRow,
  wanted: string | undefined,
): number | undefined {
  if (offering.rootDiskSizeGib !== null) return offering.rootDiskSizeGib;
  if (wanted === undefined) return undefined;
  const sizeGib = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  if (sizeGib === 0) throw invalidParameter('Root disk size should be a positive number.');
  assertBelowMaximum(world, sizeGib);
  return sizeGib;
}

/** Throws for a root disk that the template does not fit on (UserVmManagerImpl.validateRootDiskResize). */
export function assertHoldsTemplate(
  world: World,
  template: TemplateRow,
  zoneId: string,
  sizeGib: number,
): void {
  const templateBytes = templateZone(world, template.id, zoneId)?.sizeBytes ?? 0;
  if (sizeGib * GIB_BYTES >= templateBytes) return;
  const templateGib = (templateBytes / GIB_BYTES).toFixed(2);
  throw invalidParameter(
    `Unsupported: rootdisksize override (${sizeGib} GB) is smaller than template size ` +
      `(${templateGib} GB) ${templateBytes}`,
  );
}

function assertBelowMaximum(world: World, sizeGib: number): void {
  const max = world.settings.get('storage.max.volume.size');
  if (sizeGib <= max) return;
  throw invalidParameter(
    `Requested volume size is ${sizeGib}, but the maximum size allowed is ${max} GB.`,
  );
}
