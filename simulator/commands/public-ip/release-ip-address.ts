import { assertMayOperate } from '../../declare/access.js';
import { everyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { unreservePublicIp } from '../../world/network/public-ips.js';

/** One that nobody has is a success (NetworkServiceImpl.releaseReservedIpAddress). */
export const releaseIpAddress = syncCommand({
  name: 'releaseIpAddress',
  summary: 'Gives a public address back that was reserved.',
  since: '4.17',
  roles: everyRole,
  grantedByType: true,
  parameters: { id: entity('publicipaddress', { required: true }) },
  response: success,
  run: (context, { id: publicIp }) => {
    if (publicIp.removedMs !== null) {
      throw invalidParameter(`Unable to find IP address by ID=${publicIp.internalId}`);
    }
    if (publicIp.state === 'Allocated') {
      throw invalidParameter(
        'Unable to release a public IP in Allocated state, please use disassociateIpAddress instead',
      );
    }
    if (publicIp.accountId !== null) assertMayOperate(context, 'publicipaddress', publicIp);
    if (publicIp.state === 'Reserved') unreservePublicIp(context.world, publicIp);
    return undefined;
  },
});
