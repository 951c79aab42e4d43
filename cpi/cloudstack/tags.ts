import type { CloudStackClient } from './client.js';
import { isCloudStackError } from './errors.js';
import { keyValueMap } from './parameters.js';

/** What can carry tags; CloudStack's names (ResourceTag.ResourceObjectType). */
export type TaggedType = 'UserVm' | 'Volume' | 'Template' | 'Network' | 'PublicIpAddress';

export interface TaggedResource {
  readonly type: TaggedType;
  readonly id: string;
}

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** The keys of the marks that every resource we create carries. */
export const marks = {
  director: 'bosh-cpi-director',
  agent: 'bosh-cpi-agent',
  purpose: 'bosh-cpi-purpose',
} as const;

/** Why we created a resource. */
export type Purpose =
  'vm' | 'root-disk' | 'ephemeral-disk' | 'persistent-disk' | 'stemcell' | 'public-address';

/** Who a resource belongs to, as tags. */
export function marksOf(owner: {
  readonly directorUuid: string;
  readonly agentId?: string | undefined;
  readonly purpose: Purpose;
}): Tags {
  return {
    [marks.director]: owner.directorUuid,
    ...(owner.agentId !== undefined && { [marks.agent]: owner.agentId }),
    [marks.purpose]: owner.purpose,
  };
}

/** The tags that a resource has now. */
export async function readTags(client: CloudStackClient, resource: TaggedResource): Promise<Tags> {
  const tags = await client.list('listTags', {
    resourcetype: resource.type,
    resourceid: resource.id,
  });
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/** Others may tag the same resource at the same time; after this many rounds we give up. */
const roundsMax = 3;

/**
 * Gives a resource the `desired` tags with at most one deletion and one creation; tags with other
 * keys stay. An empty value removes the tag, because CloudStack refuses empty ones; values are cut
 * at 255 characters. CloudStack cannot change a tag and compares keys without case, so a changed
 * one is deleted and made anew.
 */
export async function applyTags(
  client: CloudStackClient,
  resource: TaggedResource,
  desired: Tags,
): Promise<void> {
  for (let round = 1; ; round += 1) {
    const { remove, create } = differences(await readTags(client, resource), desired);
    try {
      await changeTags(client, 'deleteTags', resource, remove);
      await changeTags(client, 'createTags', resource, create);
      return;
    } catch (failure) {
      const mayHaveChanged = isCloudStackError(failure, 'conflict', 'outcome-unknown', 'job-lost');
      if (!mayHaveChanged || round >= roundsMax) throw failure;
    }
  }
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
  for (const [key, value] of Object.entries(desired)) {
    const folded = key.toLowerCase();
    if (!byFoldedKey.has(folded)) byFoldedKey.set(folded, { key, value: cut(value) });
  }
  return [...byFoldedKey.values()];
}

const valueLengthMax = 255;

function cut(value: string): string {
  if (value.length <= valueLengthMax) return value;
  return value.slice(0, valueLengthMax).replace(/[\uD800-\uDBFF]$/, '');
}
