import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import type { TagRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { isInternalId, resourceUuid } from './tag-rules.js';
import { tagResponse } from './tag-response.js';

/**
 * Users see the tags of their own account's resources only; `keyword` is taken, as by every list,
 * and selects nothing (QueryManagerImpl.listTagsInternal).
 */
export const listTags = syncCommand({
  name: 'listTags',
  summary: 'Lists tags.',
  roles: everyRole,
  parameters: {
    resourcetype: text(),
    resourceid: text(),
    key: text(),
    value: text(),
    customer: text(),
    ...ownershipParameters,
  },
  response: listOf(tagResponse),
  run: (context, args) => {
    const { world } = context;
    const { resourcetype, resourceid, key, value, customer } = args;
    const isOwned = ownerFilter(context, args, false);
    return tagsToLookAt(world, resourceid)
      .filter((tag) => isOwned(tag.accountId))
      .filter((tag) => resourcetype === undefined || sameName(tag.resourceType, resourcetype))
      .filter((tag) => key === undefined || sameName(tag.key, key))
      .filter((tag) => value === undefined || sameName(tag.value, value))
      .filter((tag) => customer === undefined || sameName(tag.customer ?? '', customer));
  },
});

/** The tags of one resource, or all. Which resource an internal id means depends on the tag's type. */
function tagsToLookAt(world: World, resourceId: string | undefined): readonly TagRow[] {
  if (resourceId === undefined) return world.tags.all();
  if (!isInternalId(resourceId)) return tagsOf(world, resourceId.toLowerCase());
  return world.tags
    .all()
    .filter((tag) => tag.resourceId === resourceUuid(world, tag.resourceType, resourceId));
}
