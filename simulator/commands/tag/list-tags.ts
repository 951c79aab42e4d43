import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  contains,
  ownerFilter,
  ownershipParameters,
  sameName,
} from '../../declare/list-parameters.js';
import { text } from '../../declare/parameter.js';
import { resourceUuid } from './tag-rules.js';
import { tagResponse } from './tag-response.js';

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
    const { resourcetype, resourceid, key, value, customer, keyword } = args;
    const isOwned = ownerFilter(context, args, false);
    return world.tags
      .all()
      .filter((tag) => isOwned(tag.accountId))
      .filter((tag) => resourcetype === undefined || sameName(tag.resourceType, resourcetype))
      .filter(
        (tag) =>
          resourceid === undefined ||
          sameName(tag.resourceId, resourceUuid(world, tag.resourceType, resourceid)),
      )
      .filter((tag) => key === undefined || sameName(tag.key, key))
      .filter((tag) => value === undefined || sameName(tag.value, value))
      .filter((tag) => customer === undefined || sameName(tag.customer ?? '', customer))
      .filter((tag) => keyword === undefined || contains(tag.key, keyword));
  },
});
