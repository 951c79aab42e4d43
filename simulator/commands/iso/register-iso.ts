import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner } from '../../declare/ownership.js';
import { entityOrEvery, flag, text } from '../../declare/parameter.js';
import type { AccountRow, ZoneRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { refuseDirectDownload } from '../template/direct-download.js';
import { assertImageUrl } from '../template/image-url.js';
import { registerByUrl } from '../template/register-by-url.js';
import type { RegisteredColumns } from '../template/template-registration.js';
import { isoParameters, prepareIso } from './iso-registration.js';
import { isoResponse } from './iso-response.js';

const parameters = {
  ...isoParameters,
  url: text({ required: true, maxLength: 2_048 }),
  zoneid: entityOrEvery('zone', { required: true }),
  checksum: text(),
  directdownload: flag(),
  isdynamicallyscalable: flag(),
  passwordenabled: flag(),
  arch: text({ since: '4.20' }),
} as const;

/**
 * Registers an ISO, which the secondary storage VM then downloads (TemplateManagerImpl.registerIso).
 * The zone -1 means all zones.
 */
export const registerIso = syncCommand({
  name: 'registerIso',
  summary: 'Registers an ISO by a URL, from which CloudStack downloads it.',
  roles: everyRole,
  parameters,
  response: listOf(isoResponse),
  // CloudStack takes it and does not look at it.
  ignores: ['imagestoreuuid'],
  asksForSize: (context, args) => {
    prepared(context, args);
    return args.url;
  },
  run: (context, args) => {
    const { owner, zones, columns } = prepared(context, args);
    assertWithinLimits(context.world, owner, { secondary_storage: context.imageBytes });
    return registerByUrl(context, columns, zones, args);
  },
});

/** All that is looked at before the image's server is asked. */
function prepared(
  context: CommandContext,
  { zoneid: zone, ostypeid: osType, bootable, ...asked }: Arguments<typeof parameters>,
): {
  readonly owner: AccountRow;
  readonly zones: readonly ZoneRow[] | 'every';
  readonly columns: RegisteredColumns;
} {
  const owner = askedOwner(context, asked) ?? context.caller.account;
  assertMayOperate(context, 'account', owner);
  const zones = zone === 'every' ? zone : [zone];
  const isBootable = bootable ?? true;
  const columns = prepareIso(context, asked, { owner, zones, osType, isBootable });
  assertImageUrl(context.world, 'ISO', asked.url);
  if (asked.directdownload === true) refuseDirectDownload(context.world, asked, zones);
  return { owner, zones, columns };
}
