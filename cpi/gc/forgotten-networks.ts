import { directorOfNetwork } from '../methods/network/network-text.js';
import { removeNetwork } from '../methods/network/remove-network.js';
import { isNamedByUs, timeMs, type Finder } from './forgotten.js';

/** Of a network in which no VM has been; `Setup` is that of one with a VLAN of its own. */
const unusedStates: readonly (string | undefined)[] = ['Allocated', 'Setup'];

/** Networks that create_network made and did not come to mark: nobody was told of them. */
export const forgottenNetworks: Finder = async ({ client }) => {
  const named = await client.list('listNetworks', { keyword: 'network-' });
  return named
    .filter(({ name }) => isNamedByUs(name, 'network'))
    .filter(({ state, tags = [] }) => unusedStates.includes(state) && tags.length === 0)
    .map((network) => ({
      kind: 'network',
      id: network.id,
      name: network.name,
      directorUuid: directorOfNetwork(network),
      createdMs: timeMs(network.created),
      why: 'it has no mark and no VM was ever in it',
      remove: () => removeNetwork(client, network.id),
    }));
};
