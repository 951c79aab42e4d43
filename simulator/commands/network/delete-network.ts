import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import { isRootAdmin } from '../../declare/caller.js';
import { entity, flag } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow } from '../../world/entities.js';
import {
  beginShutdown,
  finishShutdown,
  isInUse,
  removeNetwork,
} from '../../world/network/network-deletion.js';

/**
 * Refused as long as a VM has a NIC in the network, expunged ones alone do not count
 * (NetworkServiceImpl.deleteNetwork, NetworkOrchestrator.destroyNetwork).
 */
export const deleteNetwork = asyncCommand({
  name: 'deleteNetwork',
  summary: 'Deletes a network with its rules and public addresses.',
  roles: everyRole,
  javaClass: {
    user: 'user.network.DeleteNetworkCmd',
    rootAdmin: 'admin.network.DeleteNetworkCmdByAdmin',
  },
  parameters: {
    id: entity('network', { required: true, access: 'operate' }),
    forced: flag(),
  },
  response: success,
  check: (_, { id: network }) => {
    if (network.removedMs === null) return;
    throw invalidParameter(`Network ID=${network.internalId} doesn't exist`);
  },
  subject: ({ id }) => ({ type: 'Network', id: id.id }),
  steps: [
    ({ world, caller }, { id: network, forced }) => {
      assertThere(network);
      if (forced === true && !isRootAdmin(caller)) {
        throw invalidParameter(
          "Delete network with 'forced' option can only be called by root admins",
        );
      }
      if (isInUse(world, network)) throw failed();
      beginShutdown(world, network);
      return wait('duration.network');
    },
    ({ world }, { id: network }) => {
      // Another deletion may have come first.
      if (network.removedMs !== null) throw failed();
      finishShutdown(world, network);
      if (isInUse(world, network)) throw failed();
      removeNetwork(world, network);
      return succeeded;
    },
  ],
});

function assertThere(network: NetworkRow): void {
  if (network.removedMs === null) return;
  throw invalidParameter('Unable to find a network with the specified ID.');
}

function failed(): Error {
  return serverApiError(530, 'Failed to delete network');
}
