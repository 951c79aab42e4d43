import { createUndoably } from '../../cloudstack/create-undoably.js';
import { directorText } from '../../cloudstack/director-text.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findNetworkNamed } from '../../cloudstack/find-resources.js';
import type { Parameters } from '../../cloudstack/parameters.js';
import { marksOf } from '../../cloudstack/tags.js';
import type { Network } from '../../cloudstack/types.js';
import { tryAgain } from '../../flow/again.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { claimNetwork, isGone, removeUnlessTaken } from './claim.js';
import { findUnmarked } from './find-unmarked.js';
import { networkName } from './own-network.js';
import type { NetworkRequest } from './subnet.js';

/** Those of createNetwork but name, display text and, until it is chosen, range. */
type Wanted = Parameters & { readonly zoneid: string };

/** Others may make tiers at the same time. */
const choicesMax = 3;

/** Makes a tier; where its range was taken since it was chosen, in another one. */
export async function createInFreeRange(
  call: Call,
  saga: Saga,
  parameters: Wanted,
  choose: () => Promise<Parameters>,
): Promise<Network> {
  const claim = call.newId();
  let range = await choose();
  const network = await tryAgain(
    choicesMax,
    () => create(call, saga, claim, { ...parameters, ...range }),
    async (failure) => {
      if (!isRefusal(failure)) return false;
      const { gateway: refused } = range;
      range = await choose();
      return range.gateway !== refused;
    },
  );
  if (await keep(call, network, claim)) return network;
  throw takenOver(network);
}

/** Makes the network, or takes the one that an earlier, killed call has made for the same. */
export async function createOrTake(
  call: Call,
  saga: Saga,
  parameters: Wanted,
  choose: () => Promise<Parameters>,
  { subnet }: NetworkRequest,
): Promise<Network> {
  const claim = call.newId();
  const addresses = await choose();
  let network: Network;
  try {
    network = await create(call, saga, claim, { ...parameters, ...addresses });
  } catch (failure) {
    const isOnlyOne = parameters.vlan !== undefined || parameters.vpcid !== undefined;
    if (!isOnlyOne || !isRefusal(failure)) throw failure;
    const { gateway, ...size } = addresses;
    const asked = { ...parameters, ...size, ...(subnet !== undefined && { gateway }) };
    const found = await take(call, saga, claim, asked);
    if (found === undefined) throw failure;
    return found;
  }
  if (await keep(call, network, claim)) return network;
  throw takenOver(network);
}

/** Takes the network that is in the way, if it is nobody's; answers undefined if it is not. */
async function take(
  call: Call,
  saga: Saga,
  claim: string,
  asked: Parameters,
): Promise<Network | undefined> {
  const network = await findUnmarked(call, asked);
  if (network === undefined) return undefined;
  const { name, id } = network;
  saga.step({
    name: `take over network ${name} (${id})`,
    ifLeft,
    undo: ({ signal }) => {
      const client = call.client.withSignal(signal);
      return takeBack({ ...call, client }, network, claim);
    },
  });
  try {
    if (!(await keep(call, network, claim))) return undefined;
  } catch (failure) {
    if (!isGone(failure)) throw failure;
    return undefined;
  }
  call.log(`network ${name} (${id}) was made by an earlier call for the same`);
  return network;
}

function isRefusal(failure: unknown): boolean {
  return isCloudStackError(failure, 'invalid', 'conflict');
}

/** The name is unique, so that the network is found again when CloudStack's answer is lost. */
function create(call: Call, saga: Saga, claim: string, parameters: Wanted): Promise<Network> {
  const { client, context } = call;
  const name = networkName(claim);
  const displaytext = directorText(context.directorUuid);
  return createUndoably(client, saga, {
    name: `create network ${name}`,
    create: () => client.call('createNetwork', { ...parameters, name, displaytext }),
    find: (undoClient) => findNetworkNamed(undoClient, name, parameters.zoneid),
    remove: (undoClient, network) => takeBack({ ...call, client: undoClient }, network, claim),
    ifLeft,
  });
}

const ifLeft =
  'no Director knows it: `cloudstack-cpi gc` deletes it if it has no tags but a claim yet, otherwise ' +
  'delete it by hand';

async function takeBack({ client, log }: Call, network: Network, claim: string): Promise<void> {
  if (await removeUnlessTaken(client, network.id, claim)) return;
  log(`network ${network.name} (${network.id}) stays: another call for the same has it`);
}

/** Gives a network its marks; answers false if another call has it. */
function keep({ client, context }: Call, { id }: Network, claim: string): Promise<boolean> {
  const { directorUuid } = context;
  return claimNetwork(client, id, claim, marksOf({ directorUuid, purpose: 'network' }));
}

function takenOver({ name, id }: Network): BoshError {
  return new BoshError(
    'CloudError',
    `create_network: another call for the same has taken over network ${name} (${id}), which this ` +
      'one had just made: of a VLAN, or of a range in a VPC, there can be one network',
  );
}
