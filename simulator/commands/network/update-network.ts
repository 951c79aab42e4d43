import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { networkResponse } from './network-response.js';

/** Only what names a network; offering and addresses stay (NetworkServiceImpl.updateGuestNetwork). */
export const updateNetwork = asyncCommand({
  name: 'updateNetwork',
  summary: 'Gives a network another name or text.',
  roles: everyRole,
  javaClass: {
    user: 'user.network.UpdateNetworkCmd',
    rootAdmin: 'admin.network.UpdateNetworkCmdByAdmin',
  },
  parameters: {
    id: entity('network', { required: true, access: 'operate' }),
    name: text(),
    displaytext: text(),
  },
  response: objectOf(networkResponse),
  check: (_, { id: network }) => {
    if (network.removedMs === null) return;
    throw invalidParameter(`Network ID=${network.internalId} doesn't exist`);
  },
  subject: ({ id }) => ({ type: 'Network', id: id.id }),
  steps: [
    ({ world }, { id: network, name, displaytext }) => {
      if (network.removedMs !== null) {
        throw invalidParameter("Specified network id doesn't exist in the system");
      }
      world.networks.change(network, {
        ...(name !== undefined && { name }),
        ...(displaytext !== undefined && { displayText: displaytext }),
      });
      return done(network);
    },
  ],
});
