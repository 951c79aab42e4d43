import { isCloudStackError } from '../cloudstack/errors.js';
import { findById } from '../cloudstack/find-by-id.js';
import { findPublicAddress } from '../cloudstack/find-resources.js';
import { timeMs } from '../cloudstack/time.js';
import type { Network, PublicIpAddress } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import {
  forgetLateAddresses,
  lateNotesOf,
  mayBeLate,
  networksWithLateNotes,
  removeLateNotes,
  type LateNote,
} from '../methods/vm/late-address.js';
import { giveBackAddress } from '../methods/vm/release-public-address.js';
import type { Finder, Forgotten } from './forgotten.js';
import { assertAddressUnchanged } from './unchanged.js';

/** Public addresses that were allocated when their create_vm had failed, as networks note. */
export const lateAddresses: Finder = async (call) => {
  const forgotten: Forgotten[] = [];
  for (const { network, note, address } of await listNoted(call)) {
    if (address === undefined) continue;
    forgotten.push({
      kind: 'public address',
      id: address.id,
      name: address.ipaddress,
      directorUuid: note.directorUuid,
      createdMs: timeMs(address.allocated),
      why: `it was allocated for network ${network.id} after its create_vm had failed`,
      remove: async () => {
        await assertAddressUnchanged(call.client, address);
        await giveBackAddress(call.client, address);
        await forgetLateAddresses(call.client, network.id, [note]);
      },
    });
  }
  return forgotten;
};

/** Notes of networks of which nothing came; their age counts from when nothing can. */
export const forgottenNotes: Finder = async (call) => {
  // Where they may not be looked for, the search for addresses has told so.
  const noted = await listNoted({ ...call, log: () => undefined });
  const idle = noted.filter(({ address }) => address === undefined);
  return idle.map(({ network, note }) => ({
    kind: 'note',
    id: network.id,
    name: `of ${note.ip} on network ${network.name}`,
    directorUuid: note.directorUuid,
    createdMs: note.untilMs,
    why: 'the request that it tells of can no longer get the address',
    remove: () => removeLateNotes(call.client, network.id, [note]),
  }));
};

interface Noted {
  readonly network: Network;
  readonly note: LateNote;
  /** What came of it. */
  readonly address: PublicIpAddress | undefined;
}

async function listNoted(call: Call): Promise<Noted[]> {
  const { client } = call;
  const noted: Noted[] = [];
  for (const networkId of await listNetworksAsFarAsAllowed(call)) {
    const network = await findById(client, 'listNetworks', networkId);
    if (network === undefined) continue;
    for (const note of lateNotesOf(network)) {
      const held = await findPublicAddress(client, note.ip, network.zoneid ?? '');
      const hasCome = held !== undefined && mayBeLate(note, network, held);
      noted.push({ network, note, address: hasCome ? held : undefined });
    }
  }
  return noted;
}

async function listNetworksAsFarAsAllowed({ client, log }: Call): Promise<string[]> {
  try {
    return await networksWithLateNotes(client);
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api')) throw failure;
    log(`warning: public addresses that came late are not looked for: ${failure.message}`);
    return [];
  }
}
