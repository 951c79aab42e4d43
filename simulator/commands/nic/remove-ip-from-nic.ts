import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { hasRulesTo } from '../../world/network/forwarding.js';

/** The command keeps every reason but a missing right to itself (RemoveIpFromVmNicCmd.execute). */
export const removeIpFromNic = asyncCommand({
  name: 'removeIpFromNic',
  summary: 'Takes a secondary address away from a NIC.',
  roles: everyRole,
  javaClass: { user: 'user.vm.RemoveIpFromVmNicCmd' },
  parameters: { id: entity('nicsecondaryip', { required: true }) },
  response: success,
  steps: [
    (context, { id: secondaryIp }) => {
      const { world } = context;
      assertMayOperate(context, 'virtualmachine', world.vms.require(secondaryIp.vmId));
      if (hasRulesTo(world, secondaryIp)) {
        throw invalidParameter('Removing guest ip from nic failed');
      }
      world.nicSecondaryIps.purge(secondaryIp);
      return succeeded;
    },
  ],
});
