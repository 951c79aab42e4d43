import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { sameName } from '../../declare/list-parameters.js';
import { flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInternalId, resourceTypeNamed } from '../tag/tag-rules.js';
import {
  assertHasDetails,
  detailedRow,
  detailedRows,
  resourceOfType,
  type DetailedRow,
} from './detailed-resources.js';
import { resourceDetailResponse, type ShownDetail } from './resource-detail-response.js';

/**
 * The details of one resource, or those of all resources of a type that have this key and this value:
 * then the resource does not matter (QueryManagerImpl.listResourceDetails).
 */
export const listResourceDetails = syncCommand({
  name: 'listResourceDetails',
  summary: 'Lists the details of resources.',
  since: '4.2',
  roles: everyRole,
  parameters: {
    resourcetype: text({ required: true }),
    resourceid: text(),
    key: text(),
    value: text({ since: '4.4', rootOnly: true }),
    /** All details here are displayed. */
    fordisplay: flag({ since: '4.3', rootOnly: true }),
  },
  /** It takes them as every list does, and looks at none of them. */
  ignores: [
    'account',
    'domainid',
    'isrecursive',
    'keyword',
    'listall',
    'page',
    'pagesize',
    'projectid',
  ],
  response: listOf(resourceDetailResponse),
  run: (context, { resourcetype, resourceid, key, value, fordisplay }) => {
    const resourceType = resourceTypeNamed(resourcetype);
    if (resourceid === undefined && value === undefined) {
      throw invalidParameter(
        'Insufficient parameters passed for listing by resourceId OR key,value pair. Please check ' +
          'your params and try again.',
      );
    }
    if (value !== undefined && key === undefined) {
      throw invalidParameter(
        'Listing by (key, value) but key is null. Please check the params and try again',
      );
    }
    const one = resourceid === undefined ? undefined : rowOf(context, resourceType, resourceid);
    assertHasDetails(resourceType);
    if (fordisplay === false) return [];
    const rows =
      value === undefined ? [one ?? []].flat() : detailedRows(context.world, resourceType);
    return rows
      .flatMap((row) => detailsOf(row, resourceType))
      .filter((detail) => key === undefined || sameName(detail.key, key))
      .filter((detail) => value === undefined || sameName(detail.value, value));
  },
});

/** Who asks by the internal id must be allowed to see it (ResourceManagerUtilImpl.getResourceId). */
function rowOf(context: CommandContext, resourceType: string, id: string): DetailedRow | undefined {
  const { name, row } = resourceOfType(context.world, resourceType, id);
  if (isInternalId(id)) assertMayOperate(context, name, row);
  return detailedRow(context.world, resourceType, row.id);
}

function detailsOf({ id, details }: DetailedRow, resourceType: string): ShownDetail[] {
  return Object.entries(details).map(([key, value]) => ({
    resourceId: id,
    resourceType,
    key,
    value,
  }));
}
