import { assertMayOperate } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { ipAddressResponse } from './public-ip-response.js';

/** NetworkServiceImpl.updateIP. */
export const updateIpAddress = asyncCommand({
  name: 'updateIpAddress',
  summary: 'Says whether users see a public address.',
  roles: everyRole,
  javaClass: { user: 'user.address.UpdateIPAddrCmd' },
  parameters: { id: entity('publicipaddress', { required: true }), ...displayParameters },
  response: objectOf(ipAddressResponse),
  subject: ({ id }) => ({ type: 'IpAddress', id: id.id }),
  steps: [
    (context, { id: publicIp, fordisplay }) => {
      if (publicIp.removedMs !== null) throw invalidParameter('Unable to find ip address by id');
      if (publicIp.accountId !== null) assertMayOperate(context, 'publicipaddress', publicIp);
      else if (!isRootAdmin(context.caller)) {
        throw permissionDenied('Only Root admin can update non-allocated ip addresses');
      }
      if (fordisplay !== undefined) {
        context.world.publicIps.change(publicIp, { isDisplayed: fordisplay });
      }
      return done(publicIp);
    },
  ],
});
