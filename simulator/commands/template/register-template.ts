import { assertMayOperate } from '../../declare/access.js';
import { isAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner } from '../../declare/ownership.js';
import { entityList, entityOrEvery, flag, text, type Parameter } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { AccountRow, TemplateType, ZoneRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { TemplateInZone } from '../../world/storage/templates.js';
import { assertMayBeFetched, refuseDirectDownload } from './direct-download.js';
import { assertImageUrl } from './image-url.js';
import { registerByUrl } from './register-by-url.js';
import {
  assertNotAsIs,
  assertRootOnly,
  isUsersType,
  readHypervisor,
  readTemplateType,
  type AskedType,
} from './template-names.js';
import {
  prepareRegistration,
  registrationParameters,
  type RegisteredColumns,
} from './template-registration.js';
import { templateResponse } from './template-response.js';

/** Some zones, or all of them for -1, which must then stand alone. */
type AskedZones = readonly ZoneRow[] | 'every' | 'every and others';

const parameters = {
  ...registrationParameters,
  url: text({ required: true, maxLength: 2_048 }),
  zoneid: entityOrEvery('zone'),
  zoneids: zonesOrEvery(),
  directdownload: flag(),
  deployasis: flag({ since: '4.15.1' }),
  templatetype: text({ since: '4.19.0' }),
} as const;

/**
 * Registers a template whose image the secondary storage VM of each zone then downloads: how that
 * goes, listTemplates tells (TemplateManagerImpl.registerTemplate, HypervisorTemplateAdapter.create).
 */
export const registerTemplate = syncCommand({
  name: 'registerTemplate',
  summary: 'Registers a template by a URL, from which CloudStack downloads its image.',
  roles: everyRole,
  parameters,
  response: listOf(templateResponse),
  asksForSize: (context, args) => {
    prepared(context, args);
    return args.url;
  },
  run: (context, args): readonly TemplateInZone[] => {
    const { world, imageBytes } = context;
    const { owner, zones, columns } = prepared(context, args);
    assertWithinLimits(world, owner, { secondary_storage: imageBytes });
    return registerByUrl(context, columns, zones, args);
  },
});

/** All that is looked at before the image's server is asked. */
function prepared(
  context: CommandContext,
  args: Arguments<typeof parameters>,
): {
  readonly owner: AccountRow;
  readonly zones: readonly ZoneRow[] | 'every';
  readonly columns: RegisteredColumns;
} {
  const { world } = context;
  const zones = askedZones(args);
  if (args.directdownload === true) assertMayBeFetched(args.hypervisor);
  if (args.ostypeid === undefined) throw serverApiError(431, 'Please provide a guest OS type');
  assertRootOnly(context, 'templatetag', args.templatetag);
  assertRootOnly(context, 'isrouting', args.isrouting);
  const owner = askedOwner(context, args) ?? context.caller.account;
  assertMayOperate(context, 'account', owner);
  const columns = prepareRegistration(context, args, {
    owner,
    zones,
    hypervisor: readHypervisor(args.hypervisor),
    osTypeId: args.ostypeid.id,
    type: typeOfNew(context, args, zones === 'every'),
    isBootable: true,
  });
  assertNotAsIs(columns.hypervisor, args.deployasis);
  assertImageUrl(world, columns.format, args.url);
  if (args.directdownload === true) refuseDirectDownload(world, args, zones);
  return { owner, zones, columns };
}

/** Ordinary users have no templates but for their own VMs. */
function typeOfNew(
  { caller }: CommandContext,
  asked: AskedType,
  isCrossZones: boolean,
): TemplateType {
  const type =
    readTemplateType(asked, isCrossZones) ?? (asked.isrouting === true ? 'ROUTING' : 'USER');
  if (isAdmin(caller) || isUsersType(type)) return type;
  throw invalidParameter(`Users can not register template with template type ${type}.`);
}

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
