import { findById } from '../cloudstack/find-by-id.js';
import { marks, tagsByKey } from '../cloudstack/tags.js';
import { isUuid } from '../cloudstack/uuid.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { removeNetwork } from './network/remove-network.js';

export const deleteNetwork = defineMethod({
  name: 'delete_network',
  summary: 'Deletes a network that create_network made; one that is gone already is a success.',
  arguments: [text('network_cid')],
  rules: ['A network without the mark of create_network is an error, and stays.'],
  run: async ({ client, log }, [networkCid]) => {
    const network = isUuid(networkCid)
      ? await findById(client, 'listNetworks', networkCid)
      : undefined;
    if (network === undefined) {
      log(`network ${networkCid} is gone already`);
      return null;
    }
    if (tagsByKey(network.tags)[marks.purpose] !== 'network') {
      throw new BoshError(
        'CloudError',
        `delete_network: network ${network.name} (${network.id}) does not carry the mark of a ` +
          `network that create_network made (tag ${marks.purpose}), so it stays; delete it in ` +
          'CloudStack if it is not needed',
      );
    }
    await removeNetwork(client, network.id);
    return null;
  },
});
