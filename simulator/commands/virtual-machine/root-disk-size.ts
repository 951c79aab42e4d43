import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, ServiceOfferingRow, TemplateRow } from '../../world/entities.js';
import { readableSize } from '../../world/readable-size.js';
import { templateSizeBytes } from '../../world/storage/templates.js';
import { GIB_BYTES } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { assertBelowMaximum } from '../volume/volume-rules.js';

/**
 * The size of the root disk in GiB, undefined for the template's own: that of the service offering,
 * or of the disk offering in its place, wins over the deployer's (UserVmManagerImpl.configureCustomRootDiskSize).
 */
export function rootDiskSizeGib(
  world: World,
  offering: ServiceOfferingRow | DiskOfferingRow,
  wanted: string | undefined,
): number | undefined {
  const fixed = 'sizeGib' in offering ? offering.sizeGib : (offering.rootDiskSizeGib ?? 0);
  if (fixed > 0) return fixed;
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
  const templateBytes = templateSizeBytes(world, template.id, zoneId);
  if (sizeGib * GIB_BYTES >= templateBytes) return;
  throw invalidParameter(
    `Unsupported: rootdisksize override (${sizeGib} GB) is smaller than template size ` +
      readableSize(templateBytes),
  );
}
