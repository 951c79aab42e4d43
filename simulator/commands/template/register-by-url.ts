import type { CommandContext } from '../../declare/context.js';
import type { TemplateRow, TemplateZoneRow, ZoneRow } from '../../world/entities.js';
import { EMPTY_DISK } from '../../world/storage/disk-content.js';
import { followOrder, orderDownload } from '../../world/storage/image-downloads.js';
import { takesMore } from '../../world/storage/image-store-space.js';
import { NO_IMAGE } from '../../world/storage/stored-images.js';
import type { TemplateInZone } from '../../world/storage/templates.js';
import type { RegisteredColumns } from './template-registration.js';

/**
 * Enters a template, or an ISO, in each zone, and has the secondary storage VM there download it
 * (HypervisorTemplateAdapter.create).
 */
export function registerByUrl(
  context: CommandContext,
  columns: RegisteredColumns,
  zones: readonly ZoneRow[] | 'every',
  { url, checksum }: { readonly url: string; readonly checksum?: string | undefined },
): readonly TemplateInZone[] {
  const { world } = context;
  const template = world.templates.insert({
    ...columns,
    state: 'Active',
    url,
    sourceTemplateId: null,
    ...EMPTY_DISK,
  });
  return (zones === 'every' ? world.zones.all() : zones).map((zone) => ({
    template,
    inZone: beginDownload(context, template, zone, checksum),
  }));
}

/**
 * Nothing is downloaded into a zone that is disabled, whose secondary storage is full, or that has no
 * secondary storage VM, and nothing tells why (TemplateAdapterBase.isZoneAndImageStoreAvailable).
 */
function beginDownload(
  { world }: CommandContext,
  template: TemplateRow,
  zone: ZoneRow,
  checksum: string | undefined,
): TemplateZoneRow {
  const isOrdered =
    zone.allocationState === 'Enabled' && takesMore(world, zone) && zone.secondaryStorageVmUp;
  const inZone = world.templateZones.insert({
    ...NO_IMAGE,
    templateId: template.id,
    zoneId: zone.id,
    state: 'Allocated',
    errorText: isOrdered ? '' : null,
    checksum: checksum ?? null,
  });
  if (!isOrdered) return inZone;
  const order = orderDownload(world, inZone.checksum);
  world.templateZones.move(inZone, 'CreateOnlyRequested', order);
  followOrder(world, inZone);
  return inZone;
}
