import { tryAgain } from '../flow/again.js';
import type { CloudStackClient } from './client.js';
import { isCloudStackError } from './errors.js';
import { keyValueMap, type MapParameter } from './parameters.js';
import type { Tag } from './types.js';

/** What can carry tags; CloudStack's names (ResourceTag.ResourceObjectType). */
export type TaggedType =
  'UserVm' | 'Volume' | 'Snapshot' | 'Template' | 'Network' | 'PublicIpAddress';

export interface TaggedResource {
  readonly type: TaggedType;
  readonly id: string;
}

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

const markPrefix = 'bosh-cpi-';

/** The keys of the marks that every resource we create carries. */
export const marks = {
  director: `${markPrefix}director`,
  agent: `${markPrefix}agent`,
  purpose: `${markPrefix}purpose`,
  /** The VM that a disk or address was made for: it finds what a VM left that is gone. */
  vm: `${markPrefix}vm`,
  /** Of a VM: the public address that goes with it, put on before it is allocated. */
  address: `${markPrefix}address`,
  /** Of a network: the call that has it, of all that may have found it without marks. */
  claim: `${markPrefix}claim`,
  /**
   * Of a network, with the id of a VM after it: a public address that may still be allocated for it
   * by a request of the create_vm of that VM, although nobody waits.
   */
  late: `${markPrefix}late-address`,
  /** Of a VM: the keys of the tags that it has had from its environment, before any metadata. */
  environment: `${markPrefix}environment`,
  /** Of a VM: the public address whose ports lead to it, put on before they do. */
  forwarded: `${markPrefix}forwarded`,
  /** Of a VM, with the id of a network after it: where in that network it may be parked. */
  parking: `${markPrefix}parking`,
  /** Of a VM: it is put behind load balancer rules, of which some may have been made for it. */
  balanced: `${markPrefix}balanced`,
  /** Of a VM: its settings are in the registry, alone or as well, put on before they are. */
  registry: `${markPrefix}registry`,
  /** Of a template: what tells the same stemcell again. */
  content: `${markPrefix}content`,
  /** Of a template: whether, among those of the same content, it is the stemcell. */
  chosen: `${markPrefix}chosen`,
  /** Of a snapshot: taken off when the call that takes it is about to answer. */
  unfinished: `${markPrefix}unfinished`,
} as const;

/** The key of the mark that says where VMs may be parked in a network. */
export function parkingMark(networkId: string): string {
  return `${marks.parking}-${networkId}`;
}

/** Whether a key is one of ours; CloudStack compares keys without case. */
export function isMark(key: string): boolean {
  return key.toLowerCase().startsWith(markPrefix);
}

/** Why we created a resource. */
export type Purpose =
  | 'vm'
  | 'root-disk'
  | 'ephemeral-disk'
  | 'persistent-disk'
  | 'snapshot'
  | 'stemcell'
  | 'stemcell-work'
  | 'public-address'
  | 'network';

/** Who a resource belongs to, as tags. */
export function marksOf(owner: {
  readonly directorUuid: string;
  readonly agentId?: string | undefined;
  readonly vmId?: string | undefined;
  readonly address?: string | undefined;
  readonly isBalanced?: boolean;
  readonly purpose: Purpose;
}): Tags {
  return {
    [marks.director]: owner.directorUuid,
    ...(owner.agentId !== undefined && { [marks.agent]: owner.agentId }),
    ...(owner.vmId !== undefined && { [marks.vm]: owner.vmId }),
    ...(owner.address !== undefined && { [marks.address]: owner.address }),
    ...(owner.isBalanced === true && { [marks.balanced]: 'true' }),
    [marks.purpose]: owner.purpose,
  };
}

/** Tags in a response, by key. */
export function tagsByKey(tags: readonly Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/** The tags that a resource has now. */
export async function readTags(client: CloudStackClient, resource: TaggedResource): Promise<Tags> {
  const tags = await client.list('listTags', {
    resourcetype: resource.type,
    resourceid: resource.id,
  });
  return tagsByKey(tags);
}

/** Others may tag the same resource at the same time; after this many rounds we give up. */
const roundsMax = 5;

/**
 * What a change meets that somebody else was faster with: a tag that is there already is a
 * conflict, one that is gone an internal error (DeleteTagsCmd: "Failed to delete tags").
 */
const signsOfOthers = ['conflict', 'internal', 'outcome-unknown', 'job-lost'] as const;

/**
 * Gives a resource the `desired` tags with at most one deletion and one creation; tags with other
 * keys stay. An empty value removes the tag, because CloudStack refuses empty ones. Keys and values
 * are made such as CloudStack can keep them (`acceptable`). It cannot change a tag and compares
 * keys without case, so a changed one is deleted and made anew.
 *
 * `known` is what the resource has as far as the caller has just seen; without it, it is looked up.
 */
export async function applyTags(
  client: CloudStackClient,
  resource: TaggedResource,
  desired: Tags,
  known?: Tags,
): Promise<void> {
  if (Object.keys(desired).length === 0) return;
  await tryAgain(
    roundsMax,
    async (round) => {
      const seen = round === 1 ? known : undefined;
      const { remove, create } = differences(seen ?? (await readTags(client, resource)), desired);
      await changeTags(client, 'deleteTags', resource, remove);
      await changeTags(client, 'createTags', resource, create);
    },
    (failure) => isCloudStackError(failure, ...signsOfOthers),
  );
}

/**
 * Gives the `desired` tags to what was created a moment ago; none is taken away: where somebody
 * else has put on one of them, it has become theirs meanwhile.
 *
 * @throws CloudStackError of kind `conflict` if it has such a tag with another value.
 */
export async function tagNew(
  client: CloudStackClient,
  resource: TaggedResource,
  desired: Tags,
): Promise<void> {
  let missing: Tags = differences({}, desired).create;
  await tryAgain(
    roundsMax,
    () => addTags(client, resource, missing),
    async (failure) => {
      if (!isCloudStackError(failure, ...signsOfOthers)) return false;
      const { remove, create } = differences(await readTags(client, resource), desired);
      missing = create;
      return Object.keys(remove).length === 0;
    },
  );
}

/** Tags as a command takes them that creates something with its tags; see `applyTags`. */
export function initialTags(tags: Tags): MapParameter {
  return keyValueMap(differences({}, tags).create);
}

/** What to delete and what to create, so that `current` becomes `desired`. */
export function differences(current: Tags, desired: Tags): { remove: Tags; create: Tags } {
  const wanted = withoutCaseVariants(desired);
  const create = wanted.filter(({ key, value }) => value !== '' && current[key] !== value);
  const replaced = new Set(
    wanted.filter(({ key, value }) => current[key] !== value).map(({ key }) => key.toLowerCase()),
  );
  const remove = Object.entries(current).filter(([key]) => replaced.has(key.toLowerCase()));
  return {
    remove: Object.fromEntries(remove),
    create: Object.fromEntries(create.map(({ key, value }) => [key, value])),
  };
}

/**
 * Puts tags on a resource unless it has one of their keys: of several calls at once one does it,
 * because the key of a tag is unique in CloudStack's database (resource_tags).
 *
 * @throws CloudStackError of kind `conflict` if there is such a tag already.
 */
export function addTags(
  client: CloudStackClient,
  resource: TaggedResource,
  tags: Tags,
): Promise<void> {
  return changeTags(client, 'createTags', resource, tags);
}

/** Takes tags with these values off a resource. */
export function removeTags(
  client: CloudStackClient,
  resource: TaggedResource,
  tags: Tags,
): Promise<void> {
  return changeTags(client, 'deleteTags', resource, tags);
}

async function changeTags(
  client: CloudStackClient,
  command: 'createTags' | 'deleteTags',
  resource: TaggedResource,
  tags: Tags,
): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  await client.run(
    command,
    { resourcetype: resource.type, resourceids: [resource.id], tags: keyValueMap(tags) },
    { what: `${command} on ${resource.type} ${resource.id}` },
  );
}

/** Of keys that differ only in case CloudStack takes one: the first. */
function withoutCaseVariants(desired: Tags): { key: string; value: string }[] {
  const byFoldedKey = new Map<string, { key: string; value: string }>();
  for (const [rawKey, value] of Object.entries(desired)) {
    const key = acceptable(rawKey);
    const folded = key.toLowerCase();
    if (!byFoldedKey.has(folded)) byFoldedKey.set(folded, { key, value: acceptable(value) });
  }
  return [...byFoldedKey.values()];
}

const lengthMax = 255;

/**
 * A text as CloudStack takes it for the key or value of a tag, and for a display name: cut at 255
 * characters. Control characters, which it refuses in any parameter
 * (ApiServer.checkCharacterInkParams), become spaces; line breaks pass. Characters beyond the basic
 * plane, such as emoji, which its table of tags cannot hold (utf8 of three bytes), become U+FFFD.
 */
export function acceptable(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      .replace(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/g, ' ')
      .replace(/[\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
      .slice(0, lengthMax)
  );
}
