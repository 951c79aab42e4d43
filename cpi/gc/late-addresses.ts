import { isCloudStackError } from '../cloudstack/errors.js';
import { findById } from '../cloudstack/find-by-id.js';
import { findPublicAddress } from '../cloudstack/find-resources.js';
import type { Network, PublicIpAddress, Tag } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import {
  forgetLateAddress,
  isLate,
  lateAddressOf,
  listLateNotes,
  removeLateNote,
  type LateAddress,
} from '../methods/vm/late-address.js';
import { giveBackAddress } from '../methods/vm/release-public-address.js';
import { timeMs, type Finder, type Forgotten } from './forgotten.js';
import { assertAddressUnchanged } from './unchanged.js';

/** Public addresses that were allocated when their create_vm had failed, as networks note. */
export const lateAddresses: Finder = async (call) => {
  const forgotten: Forgotten[] = [];
  for (const { network, late, address } of await listNoted(call)) {
    if (address === undefined) continue;
    forgotten.push({
      kind: 'public address',
      id: address.id,
      name: address.ipaddress,
      directorUuid: late.directorUuid,
      createdMs: timeMs(address.allocated),
      why: `it was allocated for network ${network.id} after its create_vm had failed`,
      remove: async () => {
        await assertAddressUnchanged(call.client, address);
        await giveBackAddress(call.client, address);
        await forgetLateAddress(call.client, network);
      },
    });
  }
  return forgotten;
};

/** Notes of networks of which nothing came; their age counts from when nothing can. */
export const forgottenNotes: Finder = async (call) => {
  const noted = await listNoted(call);
  const idle = noted.filter(({ address }) => address === undefined);
  return idle.map(({ network, late }) => ({
    kind: 'note',
    id: network.id,
    name: network.name,
    directorUuid: late.directorUuid,
    createdMs: late.untilMs,
    why: `public address ${late.ip} can no longer be allocated by the request that is noted there`,
    remove: () => removeLateNote(call.client, network),
  }));
};

interface Noted {
  readonly network: Network;
  readonly late: LateAddress;
  /** What came of it. */
  readonly address: PublicIpAddress | undefined;
}

async function listNoted(call: Call): Promise<Noted[]> {
  const { client } = call;
  const noted: Noted[] = [];
  for (const { resourceid: networkId = '' } of await listNotesAsFarAsAllowed(call)) {
    const network = await findById(client, 'listNetworks', networkId);
    if (network === undefined) continue;
    const late = lateAddressOf(network);
    if (late === undefined) continue;
    const held = await findPublicAddress(client, late.ip, network.zoneid ?? '');
    const address = held !== undefined && isLate(late, network, held) ? held : undefined;
    noted.push({ network, late, address });
  }
  return noted;
}

async function listNotesAsFarAsAllowed({ client, log }: Call): Promise<Tag[]> {
  try {
    return await listLateNotes(client);
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api')) throw failure;
    log(`warning: public addresses that came late are not looked for: ${failure.message}`);
    return [];
  }
}
