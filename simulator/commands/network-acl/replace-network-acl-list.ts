import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkAclListRow, NetworkRow } from '../../world/entities.js';
import { aclListText } from '../../world/network/network-acls.js';
import { networkText, servicesOf } from '../../world/network/networks.js';

/** Private gateways, which can have lists, too, are not simulated (NetworkACLServiceImpl.replaceNetworkACL). */
export const replaceNetworkAclList = asyncCommand({
  name: 'replaceNetworkACLList',
  summary: 'Gives a network another list of rules.',
  roles: everyRole,
  javaClass: { user: 'user.network.ReplaceNetworkACLListCmd' },
  parameters: {
    aclid: entity('networkacllist', { required: true }),
    networkid: entity('network'),
  },
  response: success,
  steps: [
    (context, { aclid: list, networkid: network }) => {
      if (network === undefined) {
        throw serverApiError(530, "Network ID and private gateway can't be null at the same time");
      }
      assertFits(context, list, network);
      context.world.networks.change(network, { aclListId: list.id });
      return wait('duration.address');
    },
    () => succeeded,
  ],
});

function assertFits(context: CommandContext, list: NetworkAclListRow, network: NetworkRow): void {
  const { world } = context;
  if (network.removedMs !== null) throw invalidParameter('Unable to find specified Network');
  if (network.vpcId === null) {
    throw invalidParameter(`Network is not part of a VPC: ${network.id}`);
  }
  if (list.vpcId !== null) {
    assertMayOperate(context, 'vpc', world.vpcs.require(list.vpcId));
    if (network.vpcId !== list.vpcId) {
      throw invalidParameter(
        `Network: ${networkText(world, network)} and ACL: ${aclListText(world, list)} do not belong ` +
          'to the same VPC',
      );
    }
  }
  if (servicesOf(world, network).includes('NetworkACL')) return;
  throw invalidParameter(
    'Cannot apply NetworkACL. Network Offering does not support NetworkACL service',
  );
}
