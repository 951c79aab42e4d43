import { assertMayUseDomain } from '../../declare/access.js';
import { everyAdmin, listOf, syncCommand } from '../../declare/command.js';
import { askedOwner } from '../../declare/ownership.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { countOfAccount, countOfDomain } from '../../world/identity/resource-counts.js';
import { resourceTypes } from '../../world/identity/resource-types.js';
import { resourceCountResponse, type OwnersAmount } from './resource-limit-response.js';
import { askedResourceType } from './resource-type-parameter.js';

/**
 * Counts anew, for an account or a project if it is told of one, otherwise for the domain. Here
 * counts are never wrong (ResourceLimitManagerImpl.recalculateResourceCount).
 */
export const updateResourceCount = syncCommand({
  name: 'updateResourceCount',
  summary: 'Counts how much of each type of resource an account or a domain has.',
  roles: everyAdmin,
  parameters: {
    account: text(),
    domainid: entity('domain', { required: true }),
    resourcetype: integer(),
    projectid: entity('project'),
  },
  response: listOf(resourceCountResponse),
  run: (context, args): readonly OwnersAmount[] => {
    const { world } = context;
    const { domainid: domain } = args;
    const account = askedOwner(context, args);
    const type = askedResourceType(args);
    if (domain.removedMs !== null) throw invalidParameter('Please specify a valid domain ID.');
    assertMayUseDomain(context, domain.id);
    return (type === undefined ? resourceTypes : [type]).map((candidate) =>
      account === undefined
        ? {
            owner: { kind: 'domain', domain },
            type: candidate,
            amount: countOfDomain(world, domain, candidate),
          }
        : {
            owner: { kind: 'account', account },
            type: candidate,
            amount: countOfAccount(world, account, candidate),
          },
    );
  },
});
