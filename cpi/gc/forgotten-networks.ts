import type { CloudStackClient } from '../cloudstack/client.js';
import type { Network } from '../cloudstack/types.js';
import { directorOfNetwork, isUnmarked } from '../methods/network/network-text.js';
import { removeNetwork } from '../methods/network/remove-network.js';
import { BoshError } from '../protocol/bosh-error.js';
import { timeMs, type Finder, type Forgotten } from './forgotten.js';
import { assertNetworkUnchanged } from './unchanged.js';

/**
 * Networks that create_network made and did not come to mark: nobody was told of them. One whose
 * tags somebody has taken off looks the same while no VM is in it; one with a VLAN of its own is
 * told of and left alone.
 */
export const forgottenNetworks: Finder = async ({ client }) => {
  const named = await client.list('listNetworks', { keyword: 'network-' });
  const forgotten: Forgotten[] = [];
  for (const network of named.filter(isUnmarked)) {
    if (await isInUse(client, network)) continue;
    forgotten.push({
      kind: 'network',
      id: network.id,
      name: network.name,
      directorUuid: directorOfNetwork(network),
      createdMs: timeMs(network.created),
      why: 'it has no tags, which create_network gives, and no VM is in it',
      remove: () => remove(client, network),
    });
  }
  return forgotten;
};

async function isInUse(client: CloudStackClient, { id }: Network): Promise<boolean> {
  return (await client.list('listVirtualMachines', { networkid: id })).length > 0;
}

/**
 * What a killed create_network left of a VLAN, the next one for the same takes over: it need not be
 * removed at the risk that a deployment has it.
 */
async function remove(client: CloudStackClient, network: Network): Promise<void> {
  if (network.state === 'Setup') {
    throw new BoshError(
      'CloudError',
      'it has a VLAN of its own, and is in this state also when a deployment has it that has no VM ' +
        'in it, and somebody took off its tags: if no Director knows of it, delete it (deleteNetwork)',
    );
  }
  await assertNetworkUnchanged(client, network);
  await removeNetwork(client, network.id);
}
