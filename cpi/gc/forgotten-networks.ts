import type { CloudStackClient } from '../cloudstack/client.js';
import { directorIn } from '../cloudstack/director-text.js';
import { listUnlessGone } from '../cloudstack/find-by-id.js';
import { timeMs } from '../cloudstack/time.js';
import type { Network } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import { removeUnlessTaken } from '../methods/network/claim.js';
import { isUnmarked } from '../methods/network/own-network.js';
import { BoshError } from '../protocol/bosh-error.js';
import type { Finder, Forgotten } from './forgotten.js';
import { assertNetworkUnchanged, takenOver } from './unchanged.js';

/**
 * Networks that create_network made and did not come to mark: nobody was told of them. One whose
 * tags somebody has taken off looks the same while no VM is in it; one with a VLAN of its own is
 * told of and left alone.
 */
export const forgottenNetworks: Finder = async (call) => {
  const { client } = call;
  const named = await client.list('listNetworks', { keyword: 'network-' });
  const forgotten: Forgotten[] = [];
  for (const network of named.filter(isUnmarked)) {
    const directorUuid = directorIn(network.displaytext);
    // Anybody may give a network such a name.
    if (directorUuid === undefined || !(await isIdle(client, network))) continue;
    forgotten.push({
      kind: 'network',
      id: network.id,
      name: network.name,
      directorUuid,
      createdMs: timeMs(network.created),
      why: 'it has no marks, which create_network gives, and no VM is in it',
      remove: () => remove(call, network),
    });
  }
  return forgotten;
};

async function isIdle(client: CloudStackClient, { id }: Network): Promise<boolean> {
  const vms = await listUnlessGone(client, 'listVirtualMachines', { networkid: id });
  return vms?.length === 0;
}

/**
 * What a killed create_network left of a VLAN, the next one for the same takes over: it need not be
 * removed at the risk that a deployment has it.
 */
async function remove({ client, newId }: Call, network: Network): Promise<void> {
  // Whoever keeps one has more than a claim on it.
  if (network.state === 'Setup' && (network.tags ?? []).length === 0) {
    throw new BoshError(
      'CloudError',
      'it has a VLAN of its own, and is in this state also when a deployment has it that has no VM ' +
        'in it, and somebody took off its tags: if no Director knows of it, delete it (deleteNetwork)',
    );
  }
  await assertNetworkUnchanged(client, network);
  const isGone = await removeUnlessTaken(client, network.id, newId());
  if (!isGone) throw takenOver(`network ${network.id}`);
}
