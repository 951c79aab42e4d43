import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { sameName } from '../../declare/list-parameters.js';
import { records, text, textList } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import type { TagRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import { resourceTypeNamed, resourceUuid } from './tag-rules.js';

/** Without `tags` all tags of the resources go (TaggedResourceManagerImpl.deleteTags). */
export const deleteTags = asyncCommand({
  name: 'deleteTags',
  summary: 'Removes tags from resources.',
  roles: everyRole,
  javaClass: { user: 'user.tag.DeleteTagsCmd' },
  parameters: {
    tags: records(),
    resourcetype: text({ required: true }),
    resourceids: textList({ required: true }),
  },
  response: success,
  steps: [
    (context, { tags, resourcetype, resourceids }) => {
      const { world } = context;
      const resourceType = resourceTypeNamed(resourcetype);
      const matching = resourceids
        .flatMap((id) => tagsOf(world, resourceUuid(world, resourceType, id)))
        .filter((tag) => tag.resourceType === resourceType)
        .filter((tag) => tags === undefined || tags.some((wanted) => matches(tag, wanted)));
      if (matching.length === 0) throw serverApiError(530, 'Failed to delete tags');
      for (const tag of matching) {
        assertMayOperate(context, 'account', world.accounts.require(tag.accountId));
      }
      for (const tag of new Set(matching)) world.tags.purge(tag);
      return succeeded;
    },
  ],
});

/** Keys and values are compared without regard to case; a key without a value takes any. */
function matches(tag: TagRow, wanted: Readonly<Record<string, string>>): boolean {
  const { key, value } = wanted;
  if (key === undefined || !sameName(tag.key, key)) return false;
  return value === undefined || sameName(tag.value, value);
}
