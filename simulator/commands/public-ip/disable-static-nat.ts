import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { PublicIpRow } from '../../world/entities.js';
import { disableStaticNatOf } from '../../world/network/static-nat.js';
import { assertAllocated } from './static-nat-rules.js';

/** The account keeps the address (RulesManagerImpl.disableStaticNat). */
export const disableStaticNat = asyncCommand({
  name: 'disableStaticNat',
  summary: 'Ends static NAT of a public address.',
  roles: everyRole,
  javaClass: { user: 'user.nat.DisableStaticNatCmd' },
  parameters: { ipaddressid: entity('publicipaddress', { required: true }) },
  response: success,
  steps: [
    (context, { ipaddressid: publicIp }) => {
      assertHasStaticNat(context, publicIp);
      return wait('duration.address');
    },
    ({ world }, { ipaddressid: publicIp }) => {
      if (publicIp.vmId !== null) disableStaticNatOf(world, publicIp);
      return succeeded;
    },
  ],
});

function assertHasStaticNat(context: CommandContext, publicIp: PublicIpRow): void {
  assertAllocated(context.world, publicIp);
  if (publicIp.vmId === null) {
    throw invalidParameter('Specified IP address id is not associated with any vm Id', [
      { uuid: publicIp.id, description: 'ipId' },
    ]);
  }
  assertMayOperate(context, 'publicipaddress', publicIp);
}
