import type { CloudStackClient } from '../cloudstack/client.js';
import { findById } from '../cloudstack/find-by-id.js';
import { tagsByKey } from '../cloudstack/tags.js';
import type { Network, PublicIpAddress } from '../cloudstack/types.js';
import { BoshError } from '../protocol/bosh-error.js';

// What gc has found may take minutes to come to its turn, and a call may take it over meanwhile.

/** @throws BoshError if somebody has got, tagged or used a public address since it was found. */
export async function assertAddressUnchanged(
  client: CloudStackClient,
  found: PublicIpAddress,
): Promise<void> {
  const now = await findById(client, 'listPublicIpAddresses', found.id);
  if (now === undefined || useOf(now) === useOf(found)) return;
  throw takenOver(`public address ${found.ipaddress}`);
}

/** @throws BoshError if somebody has tagged a network since it was found. */
export async function assertNetworkUnchanged(
  client: CloudStackClient,
  found: Network,
): Promise<void> {
  const now = await findById(client, 'listNetworks', found.id);
  if (now === undefined || tagTextOf(now) === tagTextOf(found)) return;
  throw takenOver(`network ${found.id}`);
}

function useOf(address: PublicIpAddress): string {
  const { allocated, virtualmachineid, isstaticnat, hasrules } = address;
  return JSON.stringify([allocated, virtualmachineid, isstaticnat, hasrules, tagTextOf(address)]);
}

function tagTextOf({ tags }: Pick<Network, 'tags'>): string {
  return JSON.stringify(Object.entries(tagsByKey(tags)).sort());
}

/** Somebody has it now. */
export function takenOver(what: string): BoshError {
  return new BoshError('CloudError', `${what} has been taken over since it was found, and stays`);
}
