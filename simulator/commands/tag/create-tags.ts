import { asyncCommand, everyRole, succeeded, success } from '../../declare/command.js';
import { records, text, textList } from '../../declare/parameter.js';
import { putTags } from './put-tags.js';
import { resourceTypeNamed } from './tag-rules.js';

/** All tags are made, or none (TaggedResourceManagerImpl.createTags runs in a transaction). */
export const createTags = asyncCommand({
  name: 'createTags',
  summary: 'Puts tags on resources.',
  roles: everyRole,
  javaClass: { user: 'user.tag.CreateTagsCmd' },
  parameters: {
    tags: records({ required: true }),
    resourcetype: text({ required: true }),
    resourceids: textList({ required: true }),
    customer: text(),
  },
  response: success,
  steps: [
    (context, { tags, resourcetype, resourceids, customer }) => {
      const resourceType = resourceTypeNamed(resourcetype);
      putTags(context, { tags, resourceType, resourceIds: resourceids, customer });
      return succeeded;
    },
  ],
});
