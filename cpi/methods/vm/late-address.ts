import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { validForMs } from '../../cloudstack/signing.js';
import { applyTags, marks, removeTags, tagsByKey } from '../../cloudstack/tags.js';
import type { Network, PublicIpAddress, Tag } from '../../cloudstack/types.js';

/**
 * A public address that CloudStack may still allocate for a network when the create_vm that asked
 * for it has undone everything: its answer was lost, and nothing had come of the request.
 * CloudStack takes no mark of ordinary users together with an allocation (AssociateIPAddrCmd), but
 * refuses requests whose signature has expired: what it hands out for the network until then, and
 * nobody has put to any use, is that address. A tag of the network keeps this, the last such one.
 */
export interface LateAddress {
  readonly ip: string;
  readonly directorUuid: string;
  /** When the signature of the request has expired, in ms. */
  readonly untilMs: number;
}

/**
 * Notes on a network that an address may still be allocated for it by a request that was sent
 * before now. A role or network that takes no tag is no reason to keep anything else.
 */
export async function noteLateAddress(
  client: CloudStackClient,
  networkId: string,
  { ip, directorUuid }: Pick<LateAddress, 'ip' | 'directorUuid'>,
): Promise<void> {
  const until = new Date(client.clock.nowMs() + validForMs).toISOString();
  const note = { [marks.late]: `${ip} ${until} ${directorUuid}` };
  try {
    await applyTags(client, { type: 'Network', id: networkId }, note, {});
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api', 'permission', 'not-found')) throw failure;
    client.log(
      `warning: CloudStack may still allocate public address ${ip} for network ${networkId}, which ` +
        `cannot be noted there; release the address if it does: ${failure.message}`,
    );
  }
}

/** What the tags of a network note. */
export function lateAddressOf({ tags }: Pick<Network, 'tags'>): LateAddress | undefined {
  const note = /^(\S+) (\S+) (.+)$/.exec(tagsByKey(tags)[marks.late] ?? '');
  const [, ip = '', until = '', directorUuid = ''] = note ?? [];
  return note === null ? undefined : { ip, directorUuid, untilMs: Date.parse(until) };
}

/**
 * Whether an address is the one that was noted for a network. An operator who gets the same one for
 * the same network in these minutes, and neither tags nor uses it, is not told apart.
 */
export function isLate(
  { ip, untilMs }: LateAddress,
  network: Pick<Network, 'id' | 'vpcid'>,
  address: PublicIpAddress,
): boolean {
  const { ipaddress, allocated = '' } = address;
  return ipaddress === ip && Date.parse(allocated) <= untilMs && isIdleIn(network, address);
}

/** Whether an address is allocated for a network, and nobody has tagged it or put it to any use. */
export function isIdleIn(
  { id: networkId, vpcid: vpcId }: { readonly id: string; readonly vpcid?: string | undefined },
  address: PublicIpAddress,
): boolean {
  const { issourcenat, isstaticnat, hasrules: hasRules, tags = [] } = address;
  if (issourcenat === true || isstaticnat === true || hasRules !== false) return false;
  const { associatednetworkid: ofNetwork, vpcid: ofVpc } = address;
  return tags.length === 0 && (ofNetwork === undefined ? ofVpc === vpcId : ofNetwork === networkId);
}

/** Takes the note off again; gc does it, too, where that fails. */
export async function forgetLateAddress(
  client: CloudStackClient,
  network: Pick<Network, 'id' | 'tags'>,
): Promise<void> {
  try {
    await removeLateNote(client, network);
  } catch (failure) {
    if (!isCloudStackError(failure)) throw failure;
    client.log(`the note of a late address stays on network ${network.id}: ${failure.message}`);
  }
}

/** @throws CloudStackError. */
export async function removeLateNote(
  client: CloudStackClient,
  { id, tags }: Pick<Network, 'id' | 'tags'>,
): Promise<void> {
  const { [marks.late]: note } = tagsByKey(tags);
  if (note === undefined) return;
  await removeTags(client, { type: 'Network', id }, { [marks.late]: note });
}

/** The tags by which networks note such an address. */
export function listLateNotes(client: CloudStackClient): Promise<Tag[]> {
  return client.list('listTags', { resourcetype: 'Network', key: marks.late });
}
