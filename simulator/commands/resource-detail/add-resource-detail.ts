import { asyncCommand, rootOnlyRole, succeeded, success } from '../../declare/command.js';
import { records, text } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { resourceTypeNamed } from '../tag/tag-rules.js';
import { assertHasDetails, putDetails, resourceOfType } from './detailed-resources.js';

/** ResourceMetaDataManagerImpl.addResourceMetaData: all of the details, or none. */
export const addResourceDetail = asyncCommand({
  name: 'addResourceDetail',
  summary: 'Puts details on a resource.',
  roles: rootOnlyRole,
  javaClass: { user: 'user.volume.AddResourceDetailCmd' },
  parameters: {
    details: records({ required: true }),
    resourcetype: text({ required: true }),
    resourceid: text({ required: true }),
  },
  response: success,
  steps: [
    ({ world }, { details, resourcetype, resourceid }) => {
      const resourceType = resourceTypeNamed(resourcetype);
      const added = keysAndValues(details);
      for (const [key, value] of added) {
        if (value !== '') continue;
        throw invalidParameter(`Value for the key ${key} is either null or empty`);
      }
      assertHasDetails(resourceType);
      const { row } = resourceOfType(world, resourceType, resourceid);
      putDetails(world, resourceType, row.id, added);
      return succeeded;
    },
  ],
});

/** No key may come twice (TaggedResources.parseKeyValueMap). */
function keysAndValues(
  details: readonly Readonly<Record<string, string>>[],
): ReadonlyMap<string, string> {
  const added = new Map<string, string>();
  for (const { key = '', value = '' } of details) {
    const known = added.get(key);
    if (known !== undefined) {
      throw cloudRuntime(`Duplicate key ${key} (attempted merging values ${known} and ${value})`);
    }
    added.set(key, value);
  }
  return added;
}
