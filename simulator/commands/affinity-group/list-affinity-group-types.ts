import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { pagingParameters } from '../../declare/list-parameters.js';
import { responseObject, stringField } from '../../declare/response.js';
import { affinityTypes } from '../../world/compute/affinity-groups.js';
import type { AffinityType } from '../../world/entities.js';

/** The types that everybody may create groups of (AffinityGroupServiceImpl.listAffinityGroupTypes). */
export const listAffinityGroupTypes = syncCommand({
  name: 'listAffinityGroupTypes',
  summary: 'Lists the types that affinity groups can have.',
  roles: everyRole,
  parameters: { page: pagingParameters.page, pagesize: pagingParameters.pagesize },
  ignores: ['keyword'],
  response: listOf(
    responseObject<AffinityType>('affinityGroupType', { type: stringField((type) => type) }),
  ),
  run: () => affinityTypes,
});
