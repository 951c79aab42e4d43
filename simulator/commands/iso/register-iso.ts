import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { askedOwner } from '../../declare/ownership.js';
import { entityOrEvery, flag, text } from '../../declare/parameter.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { refuseDirectDownload } from '../template/direct-download.js';
import { assertImageUrl } from '../template/image-url.js';
import { registerByUrl } from '../template/register-by-url.js';
import { isoParameters, prepareIso } from './iso-registration.js';
import { isoResponse } from './iso-response.js';

/**
 * Registers an ISO, which the secondary storage VM then downloads (TemplateManagerImpl.registerIso).
 * The zone -1 means all zones.
 */
export const registerIso = syncCommand({
  name: 'registerIso',
  summary: 'Registers an ISO by a URL, from which CloudStack downloads it.',
  roles: everyRole,
  parameters: {
    ...isoParameters,
    url: text({ required: true, maxLength: 2_048 }),
    zoneid: entityOrEvery('zone', { required: true }),
    checksum: text(),
    directdownload: flag(),
    isdynamicallyscalable: flag(),
    passwordenabled: flag(),
    arch: text({ since: '4.20' }),
  },
  response: listOf(isoResponse),
  // CloudStack takes it and does not look at it.
  ignores: ['imagestoreuuid'],
  run: (context, { zoneid: zone, ostypeid: osType, bootable, ...asked }) => {
    const owner = askedOwner(context, asked) ?? context.caller.account;
    assertMayOperate(context, 'account', owner);
    const zones = zone === 'every' ? zone : [zone];
    const isBootable = bootable ?? true;
    const columns = prepareIso(context, asked, { owner, zones, osType, isBootable });
    assertImageUrl(context.world, 'ISO', asked.url);
    if (asked.directdownload === true) refuseDirectDownload(context.world, asked, zones);
    assertWithinLimits(context.world, owner, { secondary_storage: 0 });
    return registerByUrl(context, columns, zones, asked);
  },
});
