import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { applyTags, marks, removeTags } from '../../cloudstack/tags.js';
import type { Network, PublicIpAddress, Tag } from '../../cloudstack/types.js';

/**
 * A public address that a request of a call which is over has got, or may still get. CloudStack
 * takes no mark of ordinary users together with an allocation (AssociateIPAddrCmd), but it tells
 * when that was: what it hands out for the network in this time, and nobody has put to any use, is
 * that address. Both times are of the cloud's clock, by which it also refuses expired requests.
 */
export interface LateAddress {
  readonly ip: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * What a network notes of one that may come when its create_vm has undone everything: the answer to
 * the request was lost, and nothing had come of it. Each create_vm has a tag of its own for that.
 */
export interface LateNote extends LateAddress {
  readonly directorUuid: string;
  /** The tag that notes it. */
  readonly key: string;
  readonly value: string;
}

/** A network in which an address is looked for. */
interface Place {
  readonly id: string;
  readonly vpcid?: string | undefined;
}

/**
 * Notes on a network that an address may still be allocated for it, or was, by the create_vm of a
 * VM. A role or network that takes no tag is no reason to keep anything else.
 */
export async function noteLateAddress(
  client: CloudStackClient,
  { networkId, vmId }: { readonly networkId: string; readonly vmId: string },
  { ip, fromMs, untilMs }: LateAddress,
  directorUuid: string,
): Promise<void> {
  const [from, until] = [fromMs, untilMs].map((ms) => new Date(ms).toISOString());
  const note = { [`${marks.late}-${vmId}`]: `${ip} ${from}/${until} ${directorUuid}` };
  try {
    await applyTags(client, { type: 'Network', id: networkId }, note, {});
  } catch (failure) {
    const lasting = ['forbidden-api', 'permission', 'not-found', 'invalid'] as const;
    if (!isCloudStackError(failure, ...lasting)) throw failure;
    client.log(
      `warning: CloudStack may still allocate public address ${ip} for network ${networkId}, which ` +
        `cannot be noted there; release the address if it does: ${failure.message}`,
    );
  }
}

/** What the tags of a network note. */
export function lateNotesOf({ tags = [] }: Pick<Network, 'tags'>): LateNote[] {
  return tags.filter(isLateNote).flatMap(({ key, value }) => {
    const [, ip = '', from = '', until = '', directorUuid = ''] =
      /^(\S+) ([^\s/]+)\/(\S+) (.+)$/.exec(value) ?? [];
    const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
    return Number.isNaN(fromMs + untilMs)
      ? []
      : [{ ip, fromMs, untilMs, directorUuid, key, value }];
  });
}

function isLateNote({ key }: Tag): boolean {
  return key.startsWith(`${marks.late}-`);
}

/**
 * Whether an address is the one that was to come for a network. An operator who gets the same one
 * for the same network in that time, and neither tags nor uses it, is not told apart.
 */
export function isLate(late: LateAddress, place: Place, address: PublicIpAddress): boolean {
  return isInTime(late, address) && isIdle(address) && isFor(place, address);
}

/**
 * The same of one whose allocation may not have come to its end, or never does, as when CloudStack
 * loses the job: it is for no network at all, and no VM can have it.
 */
export function mayBeLate(late: LateAddress, place: Place, address: PublicIpAddress): boolean {
  return isInTime(late, address) && isComingTo(place, address);
}

function isInTime({ ip, fromMs, untilMs }: LateAddress, address: PublicIpAddress): boolean {
  const allocatedMs = Date.parse(address.allocated ?? '');
  return address.ipaddress === ip && allocatedMs >= fromMs && allocatedMs <= untilMs;
}

/** Whether an address is allocated for a network, or may be soon, and nobody has put it to use. */
export function isComingTo(place: Place, address: PublicIpAddress): boolean {
  const isForNone = address.associatednetworkid === undefined && address.vpcid === undefined;
  return isIdle(address) && (isForNone || isFor(place, address));
}

function isIdle(address: PublicIpAddress): boolean {
  const { issourcenat, isstaticnat, hasrules: hasRules, tags = [] } = address;
  return issourcenat !== true && isstaticnat !== true && hasRules === false && tags.length === 0;
}

/** One of a VPC leads to none of its tiers until it has a use. */
function isFor({ id, vpcid }: Place, address: PublicIpAddress): boolean {
  const { associatednetworkid: ofNetwork, vpcid: ofVpc } = address;
  if (ofNetwork !== undefined) return ofNetwork === id;
  return ofVpc !== undefined && ofVpc === vpcid;
}

/** Takes notes off a network again; gc does it, too, where that fails. */
export async function forgetLateAddresses(
  client: CloudStackClient,
  networkId: string,
  notes: readonly LateNote[],
): Promise<void> {
  try {
    await removeLateNotes(client, networkId, notes);
  } catch (failure) {
    if (!isCloudStackError(failure)) throw failure;
    client.log(`the note of a late address stays on network ${networkId}: ${failure.message}`);
  }
}

/** @throws CloudStackError. */
export function removeLateNotes(
  client: CloudStackClient,
  networkId: string,
  notes: readonly LateNote[],
): Promise<void> {
  const tags = Object.fromEntries(notes.map(({ key, value }) => [key, value]));
  return removeTags(client, { type: 'Network', id: networkId }, tags);
}

/** The networks that note such an address. */
export async function networksWithLateNotes(client: CloudStackClient): Promise<string[]> {
  const tags = await client.list('listTags', { resourcetype: 'Network' });
  return [...new Set(tags.filter(isLateNote).flatMap(({ resourceid }) => resourceid ?? []))];
}
