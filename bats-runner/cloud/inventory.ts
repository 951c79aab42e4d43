import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import { CloudRequestError, type CloudClient, type Parameters } from './client.js';
import { removeVm, type VmRemoval } from './remove-vm.js';

/** A kind of thing that a CPI, or somebody who tries one, makes in a cloud. */
export interface Kind {
  readonly name: string;
  readonly command: string;
  readonly rows: string;
  readonly filter?: Parameters;
  /** Whether CloudStack takes it away by itself, or made it by itself. */
  readonly isNobodys?: (row: JsonObject) => boolean;
  /** The command that deletes it, and whether that has a job. */
  readonly remove: { readonly command: string; readonly has: 'job' | 'answer' };
}

/** An account may hold volumes of VMs that are destroyed; CloudStack expunges both by itself. */
const goneStates: readonly string[] = ['Destroyed', 'Expunging', 'Destroy', 'Expunged'];

function isGone({ state, type, vmstate }: JsonObject): boolean {
  const isGoneState = (value: JsonValue | undefined): boolean => goneStates.includes(textOf(value));
  return isGoneState(state) || (type === 'ROOT' && isGoneState(vmstate));
}

/** In an order in which they can be deleted. */
const kinds: readonly Kind[] = [
  {
    name: 'load balancer rule',
    command: 'listLoadBalancerRules',
    rows: 'loadbalancerrule',
    remove: { command: 'deleteLoadBalancerRule', has: 'job' },
  },
  {
    name: 'port forwarding rule',
    command: 'listPortForwardingRules',
    rows: 'portforwardingrule',
    remove: { command: 'deletePortForwardingRule', has: 'job' },
  },
  {
    name: 'snapshot',
    command: 'listSnapshots',
    rows: 'snapshot',
    isNobodys: isGone,
    remove: { command: 'deleteSnapshot', has: 'job' },
  },
  {
    name: 'VM',
    command: 'listVirtualMachines',
    rows: 'virtualmachine',
    isNobodys: isGone,
    remove: { command: 'destroyVirtualMachine', has: 'job' },
  },
  {
    name: 'volume',
    command: 'listVolumes',
    rows: 'volume',
    isNobodys: isGone,
    remove: { command: 'deleteVolume', has: 'answer' },
  },
  {
    name: 'public address',
    command: 'listPublicIpAddresses',
    rows: 'publicipaddress',
    // The first VM in a network gives it one.
    isNobodys: ({ issourcenat }) => issourcenat === true,
    remove: { command: 'disassociateIpAddress', has: 'job' },
  },
  {
    name: 'template',
    command: 'listTemplates',
    rows: 'template',
    filter: { templatefilter: 'self' },
    remove: { command: 'deleteTemplate', has: 'job' },
  },
  {
    name: 'affinity group',
    command: 'listAffinityGroups',
    rows: 'affinitygroup',
    remove: { command: 'deleteAffinityGroup', has: 'job' },
  },
  {
    name: 'network',
    command: 'listNetworks',
    rows: 'network',
    remove: { command: 'deleteNetwork', has: 'job' },
  },
  {
    name: 'VPC',
    command: 'listVPCs',
    rows: 'vpc',
    remove: { command: 'deleteVPC', has: 'job' },
  },
  {
    name: 'SSH key pair',
    command: 'listSSHKeyPairs',
    rows: 'sshkeypair',
    remove: { command: 'deleteSSHKeyPair', has: 'answer' },
  },
];

/** Something that the account has. */
export interface Held {
  readonly kind: Kind;
  readonly row: JsonObject;
  /** What must not change while somebody else works in the account. */
  readonly description: string;
}

/** What an account holds in its cloud, by kind and id. */
export type Inventory = ReadonlyMap<string, Held>;

/**
 * Looks at everything that an account holds, apart from what CloudStack made, or is about to take
 * away, by itself.
 */
export async function takeInventory(client: CloudClient): Promise<Inventory> {
  const lists = await Promise.all(kinds.map((kind) => listKind(client, kind)));
  return new Map(lists.flat());
}

/**
 * In words: what is there that was not, what is not there that was, what is not as it was. Of the
 * first only what is ours counts: somebody else may work in the account, too.
 */
export function inventoryChanges(
  before: Inventory,
  after: Inventory,
  isOurs: (key: string) => boolean = () => true,
): string[] {
  const changes: string[] = [];
  for (const [key, { description }] of after) {
    const earlier = before.get(key)?.description;
    if (earlier === undefined && isOurs(key)) changes.push(`left over: ${description}`);
    else if (earlier === undefined) continue;
    else if (earlier !== description) changes.push(`changed: ${earlier} is now ${description}`);
  }
  for (const [key, { description }] of before) {
    if (!after.has(key)) changes.push(`missing: ${description}`);
  }
  return changes;
}

export interface Removal extends VmRemoval {
  /** Whether it is to go. */
  readonly isToGo: (key: string, held: Held) => boolean;
}

/**
 * Deletes of what an account holds whatever is to go. Answers a sentence for everything that it
 * could not delete.
 */
export async function removeHeld({ isToGo, ...removal }: Removal): Promise<string[]> {
  const problems: string[] = [];
  for (const kind of kinds) {
    for (const [key, held] of await listKind(removal.client, kind)) {
      if (!isToGo(key, held)) continue;
      try {
        await remove(removal, kind, held.row);
      } catch (failure) {
        const reason = failure instanceof Error ? failure.message : String(failure);
        problems.push(`${held.description} could not be deleted: ${reason}`);
      }
    }
  }
  return problems;
}

/** ApiErrorCode.UNSUPPORTED_ACTION_ERROR: a command that the role of the account does not allow. */
const notAvailable = 432;

async function listKind(client: CloudClient, kind: Kind): Promise<[string, Held][]> {
  const rows = await client.list(kind.command, kind.rows, kind.filter).catch((failure: unknown) => {
    // What an account may not even list it cannot have made.
    if (failure instanceof CloudRequestError && failure.status === notAvailable) return [];
    throw failure;
  });
  return rows
    .filter((row) => kind.isNobodys?.(row) !== true)
    .map((row) => [keyOf(kind, row), heldOf(kind, row)]);
}

async function remove(
  removal: VmRemoval,
  { command, remove: { command: deletion, has } }: Kind,
  row: JsonObject,
): Promise<void> {
  const { client, runJob } = removal;
  const id = textOf(row['id']);
  if (command === 'listVirtualMachines') return removeVm(removal, row);
  if (command === 'listVolumes' && row['virtualmachineid'] !== undefined) {
    await runJob('detachVolume', { id });
  }
  const which = command === 'listSSHKeyPairs' ? { name: textOf(row['name']) } : { id };
  if (has === 'job') await runJob(deletion, which);
  else await client.call(deletion, which);
}

function keyOf({ name }: Kind, row: JsonObject): string {
  // A template has a row for each zone that it is in; key pairs have names only, on old releases.
  return [name, row['id'] ?? row['name'], row['zoneid']].map(String).join(' ');
}

function heldOf(kind: Kind, row: JsonObject): Held {
  const name = textOf(row['name']) || textOf(row['ipaddress']);
  const tags = tagsIn(row['tags']);
  const what = `${kind.name} ${textOf(row['id']) || name} (${name})`;
  return { kind, row, description: tags === '' ? what : `${what} with the tags ${tags}` };
}

function tagsIn(tags: JsonValue | undefined): string {
  const list = Array.isArray(tags) ? tags.filter(isObject) : [];
  return list
    .map(({ key, value }) => `${textOf(key)}=${textOf(value)}`)
    .sort()
    .join(', ');
}
