import { asyncCommand, rootOnlyRole, succeeded, success } from '../../declare/command.js';
import { text } from '../../declare/parameter.js';
import { resourceTypeNamed } from '../tag/tag-rules.js';
import { assertHasDetails, dropDetails, resourceOfType } from './detailed-resources.js';

/** Without a key it removes all; one that is not there is no error (deleteResourceMetaData). */
export const removeResourceDetail = asyncCommand({
  name: 'removeResourceDetail',
  summary: 'Takes details away from a resource.',
  roles: rootOnlyRole,
  javaClass: { user: 'user.volume.RemoveResourceDetailCmd' },
  parameters: {
    key: text(),
    resourcetype: text({ required: true }),
    resourceid: text({ required: true }),
  },
  response: success,
  steps: [
    ({ world }, { key, resourcetype, resourceid }) => {
      const resourceType = resourceTypeNamed(resourcetype);
      const { row } = resourceOfType(world, resourceType, resourceid);
      assertHasDetails(resourceType);
      dropDetails(world, resourceType, row.id, key);
      return succeeded;
    },
  ],
});
