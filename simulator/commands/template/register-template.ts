import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner } from '../../declare/ownership.js';
import { entityList, entityOrEvery, text, type Parameter } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow, TemplateRow, TemplateZoneRow, ZoneRow } from '../../world/entities.js';
import { zoneText } from '../../world/network/networks.js';
import { accountSetting } from '../../world/settings/configurations.js';
import { EMPTY_DISK } from '../../world/storage/disk-content.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { beginningOfDownload } from '../../world/storage/image-downloads.js';
import type { TemplateInZone } from '../../world/storage/templates.js';
import { assertImageUrl } from './image-url.js';
import {
  readFormat,
  readHypervisor,
  registrationParameters,
  templateValues,
} from './template-registration.js';
import { templateResponse } from './template-response.js';

/** Some zones, or all of them for -1, which must then stand alone. */
type AskedZones = readonly ZoneRow[] | 'every' | 'every and others';

/**
 * Registers a template whose image the secondary storage VM of each zone then downloads: how that
 * goes, listTemplates tells (TemplateManagerImpl.registerTemplate, HypervisorTemplateAdapter.create).
 */
export const registerTemplate = syncCommand({
  name: 'registerTemplate',
  summary: 'Registers a template by a URL, from which CloudStack downloads its image.',
  roles: everyRole,
  parameters: {
    ...registrationParameters,
    url: text({ required: true, maxLength: 2_048 }),
    zoneid: entityOrEvery('zone'),
    zoneids: zonesOrEvery(),
  },
  response: listOf(templateResponse),
  run: (context, args): readonly TemplateInZone[] => {
    const { world } = context;
    const zones = askedZones(args);
    if (args.ostypeid === undefined) throw serverApiError(431, 'Please provide a guest OS type');
    const owner = askedOwner(context, args) ?? context.caller.account;
    assertMayOperate(context, 'account', owner);
    const hypervisor = readHypervisor(args.hypervisor);
    assertMayRegister(context, owner, zones, args);
    const format = readFormat(args.format);
    assertWithinLimits(world, owner, { template: 1 });
    assertZones(context, zones);
    assertImageUrl(world, format, args.url);
    assertWithinLimits(world, owner, { secondary_storage: 0 });
    const template = world.templates.insert({
      ...templateValues(context, owner, args, { hypervisor, format }),
      state: 'Active',
      url: args.url,
      sourceTemplateId: null,
      ...EMPTY_DISK,
    });
    return (zones === 'every' ? world.zones.all() : zones).map((zone) => ({
      template,
      inZone: beginDownload(context, template, zone, args.checksum),
    }));
  },
});

function askedZones({
  zoneid: one,
  zoneids: several = [],
}: {
  readonly zoneid?: ZoneRow | 'every' | undefined;
  readonly zoneids?: AskedZones | undefined;
}): readonly ZoneRow[] | 'every' {
  if (one !== undefined && several.length > 0) {
    throw serverApiError(431, 'Both zoneid and zoneids cannot be specified at the same time');
  }
  if (several === 'every and others') {
    throw serverApiError(
      431,
      'Parameter zoneids cannot combine all zones (-1) option with other zones',
    );
  }
  if (one === undefined && several.length === 0) {
    throw serverApiError(431, 'Either zoneid or zoneids is required. Both cannot be null.');
  }
  if (one === undefined) return several;
  return one === 'every' ? one : [one];
}

/** What only root admins may (TemplateAdapterBase.prepare). */
function assertMayRegister(
  { world }: CommandContext,
  owner: AccountRow,
  zones: readonly ZoneRow[] | 'every',
  { url, ispublic }: { readonly url: string; readonly ispublic?: boolean | undefined },
): void {
  if (owner.type !== 'Admin' && zones === 'every') {
    throw invalidParameter(
      "Template registered for 'All zones' can only be owned a Root Admin account. Please select specific zone(s).",
    );
  }
  if (url.toLowerCase().includes('file://')) {
    throw invalidParameter('File:// type urls are currently unsupported');
  }
  const mayBePublic =
    owner.type === 'Admin' || accountSetting(world, owner, 'allow.public.user.templates');
  if (ispublic === true && !mayBePublic) {
    throw invalidParameter('Only private templates/ISO can be created.');
  }
}

function assertZones({ caller }: CommandContext, zones: readonly ZoneRow[] | 'every'): void {
  for (const zone of zones === 'every' ? [] : zones) {
    if (zone.removedMs !== null) throw invalidParameter('Please specify a valid zone.');
    if (zone.allocationState === 'Disabled' && !isRootAdmin(caller)) {
      throw permissionDenied(
        `Cannot perform this operation, Zone ${zoneText(zone)} is currently disabled`,
      );
    }
  }
}

/** Without a secondary storage VM nothing is downloaded, and nothing tells why. */
function beginDownload(
  { world }: CommandContext,
  template: TemplateRow,
  zone: ZoneRow,
  checksum: string | undefined,
): TemplateZoneRow {
  const isOrdered = zone.secondaryStorageVmUp && zone.allocationState === 'Enabled';
  return world.templateZones.insert({
    templateId: template.id,
    zoneId: zone.id,
    ready: false,
    downloadState: 'NOT_DOWNLOADED',
    percent: 0,
    errorText: isOrdered ? '' : null,
    sizeBytes: 0,
    physicalSizeBytes: 0,
    checksum: checksum ?? null,
    upload: null,
    download: isOrdered ? beginningOfDownload(world) : null,
  });
}

function zonesOrEvery(): Parameter<AskedZones, false> {
  const zones = entityList('zone');
  return {
    ...zones,
    parse: (raw, name, context) => {
      const items = typeof raw === 'string' ? raw.split(',').filter((item) => item !== '') : [];
      if (!items.includes('-1')) return zones.parse(raw, name, context);
      return items.length === 1 ? 'every' : 'every and others';
    },
  };
}
