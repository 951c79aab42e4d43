import { assertMayUseDomain } from '../../declare/access.js';
import { listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { isInSubtree } from '../../world/identity/domains.js';
import { domainResponse } from './domain-response.js';

/**
 * The domains right below one, or with isrecursive all that are below it. With listall they are the
 * children again: CloudStack looks at the path only without it (DomainManagerImpl.searchForDomainChildren).
 */
export const listDomainChildren = syncCommand({
  name: 'listDomainChildren',
  summary: 'Lists the domains below a domain.',
  roles: ['Admin', 'DomainAdmin', 'ResourceAdmin'],
  parameters: {
    id: entity('domain'),
    name: text(),
    isrecursive: flag(),
    listall: flag(),
    ...pagingParameters,
  },
  response: listOf(domainResponse),
  run: (context, { id, name, isrecursive, listall, keyword }) => {
    const { world, caller } = context;
    if (id !== undefined) assertMayUseDomain(context, id.id);
    const top = id?.id ?? caller.account.domainId;
    const isBelow = isrecursive === true && listall !== true;
    return world.domains
      .all()
      .filter((domain) => domain.state === 'Active')
      .filter((domain) =>
        isBelow ? domain.id !== top && isInSubtree(world, domain.id, top) : domain.parentId === top,
      )
      .filter((domain) => name === undefined || contains(domain.name, name))
      .filter((domain) => keyword === undefined || contains(domain.name, keyword));
  },
});
