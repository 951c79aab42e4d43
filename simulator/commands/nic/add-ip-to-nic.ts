import { assertMayOperate } from '../../declare/access.js';
import { asyncCreateCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NicRow } from '../../world/entities.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { addSecondaryIp, secondaryIpsOf } from '../../world/network/nics.js';
import { nicSecondaryIpResponse } from './nic-secondary-ip-response.js';

/** The address is taken inside the request; the job has nothing left to do (AddIpToVmNicCmd). */
export const addIpToNic = asyncCreateCommand({
  name: 'addIpToNic',
  summary: 'Gives a NIC one more address, which its guest has to set up by itself.',
  roles: everyRole,
  javaClass: { user: 'user.vm.AddIpToVmNicCmd' },
  wrapper: 'addiptovmnicresponse',
  parameters: {
    nicid: entity('nic', { required: true }),
    ipaddress: text(),
  },
  response: objectOf(nicSecondaryIpResponse),
  subjectType: 'IpAddress',
  create: (context, { nicid: nic, ipaddress }) => {
    const { world } = context;
    assertMayHaveMore(context, nic);
    if (ipaddress !== undefined && parseIpv4(ipaddress) === undefined) {
      throw serverApiError(
        432,
        `The simulator does not simulate the address ${ipaddress}: IPv4 only`,
      );
    }
    const added = addSecondaryIp(world, nic, ipaddress);
    if (added !== undefined) return added;
    throw serverApiError(530, 'Failed to assign secondary ip to nic');
  },
  steps: [
    () => wait('duration.address'),
    ({ world }, _, { createdId }) => {
      const added = world.nicSecondaryIps.get(createdId);
      if (added !== undefined) return done(added);
      throw serverApiError(530, 'Failed to assign secondary ip to nic');
    },
  ],
});

function assertMayHaveMore(context: CommandContext, nic: NicRow): void {
  const { world } = context;
  if (nic.removedMs !== null) throw invalidParameter("Can't find nic for id specified");
  assertMayOperate(context, 'virtualmachine', world.vms.require(nic.vmId));
  const limit = world.settings.get('vm.network.nic.max.secondary.ipaddresses');
  if (secondaryIpsOf(world, nic.id).length < limit) return;
  throw invalidParameter(
    'Allocating guest ip for nic failed : Maximum Number of Ips per Nic has been crossed.',
  );
}
