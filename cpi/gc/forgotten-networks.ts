import { removeNetwork } from '../methods/network/remove-network.js';
import { isNamedByUs, timeMs, type Finder } from './forgotten.js';

/** Networks that create_network made and did not come to mark: nobody was told of them. */
export const forgottenNetworks: Finder = async ({ client }) => {
  const named = await client.list('listNetworks', { keyword: 'network-' });
  return named
    .filter(({ name }) => isNamedByUs(name, 'network'))
    .filter(({ state, tags = [] }) => state === 'Allocated' && tags.length === 0)
    .map(({ id, name, created }) => ({
      kind: 'network',
      id,
      name,
      directorUuid: undefined,
      createdMs: timeMs(created),
      why: 'it has no mark and no VM was ever in it',
      remove: () => removeNetwork(client, id),
    }));
};
