import type { CloudStackClient } from '../cloudstack/client.js';
import type { Network } from '../cloudstack/types.js';
import { directorOfNetwork } from '../methods/network/network-text.js';
import { removeNetwork } from '../methods/network/remove-network.js';
import { isNamedByUs, timeMs, type Finder, type Forgotten } from './forgotten.js';

/**
 * Of a network that nothing runs in: a plain one is Allocated before its first VM, and again when
 * the last one has gone (settings network.gc.wait and network.gc.interval); one with a VLAN of its
 * own is `Setup` always.
 */
const idleStates: readonly (string | undefined)[] = ['Allocated', 'Setup'];

/**
 * Networks that create_network made and did not come to mark: nobody was told of them. One whose
 * tags somebody has taken off looks the same while no VM is in it.
 */
export const forgottenNetworks: Finder = async ({ client }) => {
  const named = await client.list('listNetworks', { keyword: 'network-' });
  const unmarked = named
    .filter(({ name }) => isNamedByUs(name, 'network'))
    .filter(({ state, tags = [] }) => idleStates.includes(state) && tags.length === 0);
  const forgotten: Forgotten[] = [];
  for (const network of unmarked) {
    if (await isInUse(client, network)) continue;
    forgotten.push({
      kind: 'network',
      id: network.id,
      name: network.name,
      directorUuid: directorOfNetwork(network),
      createdMs: timeMs(network.created),
      why: 'it has no tags, which create_network gives, and no VM is in it',
      remove: () => removeNetwork(client, network.id),
    });
  }
  return forgotten;
};

/** VMs, also stopped ones, may be in any idle network. */
async function isInUse(client: CloudStackClient, { id }: Network): Promise<boolean> {
  return (await client.list('listVirtualMachines', { networkid: id })).length > 0;
}
