import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { TagRow } from '../../world/entities.js';
import type { NewRow } from '../../world/table.js';
import { tagsOf } from '../../world/tags.js';
import { tagTarget } from './tag-rules.js';

/**
 * Puts tags on resources: all of them, or none (TaggedResourceManagerImpl.createTags runs in a
 * transaction).
 *
 * @throws CloudException for a resource that cannot have them, an empty value, or a key that is
 *   there already.
 */
export function putTags(
  context: CommandContext,
  request: {
    readonly tags: readonly Readonly<Record<string, string>>[];
    readonly resourceType: string;
    readonly resourceIds: readonly string[];
    readonly customer?: string | undefined;
  },
): void {
  const { resourceType, resourceIds, customer } = request;
  const created: NewRow<TagRow>[] = [];
  for (const [key, value] of keysAndValues(request.tags)) {
    for (const resourceId of resourceIds) {
      const tag = newTag(context, { resourceType, resourceId, key, value });
      if ([...created, ...tagsOf(context.world, tag.resourceId)].some(isSameAs(tag))) {
        throw cloudRuntime(`tag ${key} already on ${resourceType} with id ${resourceId}`);
      }
      created.push({ ...tag, customer: customer ?? null });
    }
  }
  for (const tag of created) context.world.tags.insert(tag);
}

/** Where a key comes twice, the last value counts. */
function keysAndValues(
  records: readonly Readonly<Record<string, string>>[],
): ReadonlyMap<string, string | undefined> {
  return new Map(records.map(({ key, value }) => [key ?? '', value]));
}

function newTag(
  context: CommandContext,
  tag: { resourceType: string; resourceId: string; key: string; value: string | undefined },
): Omit<NewRow<TagRow>, 'customer'> {
  const { resourceType, key, value } = tag;
  const target = tagTarget(context, resourceType, tag.resourceId);
  if (value === undefined || value === '') {
    throw invalidParameter(`Value for the key ${key} is either null or empty`);
  }
  assertFits('key', key);
  assertFits('value', value);
  return { accountId: target.accountId, resourceType, resourceId: target.id, key, value };
}

/** The columns of resource_tags have 255 characters of utf8 in three bytes (schema-302to40.sql). */
function assertFits(column: string, text: string): void {
  if (/[\u{10000}-\u{10FFFF}]/u.test(text)) {
    throw cloudRuntime(`DB Exception on: Incorrect string value for column '${column}' at row 1`);
  }
  if (text.length > 255) {
    throw cloudRuntime(`DB Exception on: Data too long for column '${column}' at row 1`);
  }
}

/** The database's unique key compares without regard to case. */
function isSameAs(tag: {
  resourceId: string;
  key: string;
}): (other: { resourceId: string; key: string }) => boolean {
  return (other) =>
    other.resourceId === tag.resourceId && other.key.toLowerCase() === tag.key.toLowerCase();
}
