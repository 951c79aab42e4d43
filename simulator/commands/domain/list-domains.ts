import { assertMayUseDomain } from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, integer, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInSubtree, levelOf } from '../../world/identity/domains.js';
import type { DomainRow } from '../../world/entities.js';
import { detailLevelOf, type WithLevel } from '../account/detail-level.js';
import { domainResponse, minimalDomainResponse } from './domain-response.js';
import { leveledResponse } from '../account/detail-level.js';

/** Root admins see every domain, others their own and with listall those below it, too. */
export const listDomains = syncCommand({
  name: 'listDomains',
  summary: 'Lists domains.',
  roles: ['Admin', 'DomainAdmin', 'ResourceAdmin'],
  parameters: {
    id: entity('domain'),
    level: integer(),
    name: text(),
    listall: flag(),
    details: textList(),
    ...pagingParameters,
  },
  response: listOf<WithLevel<DomainRow>>(leveledResponse(domainResponse, minimalDomainResponse)),
  run: (context, { id, level, name, listall, details, keyword }) => {
    const detail = detailLevelOf(details);
    const isVisible = visibleDomains(context, id, listall === true);
    return context.world.domains
      .all()
      .filter((domain) => domain.state === 'Active' && isVisible(domain))
      .filter((domain) => level === undefined || levelOf(domain) === level)
      .filter((domain) => name === undefined || sameName(domain.name, name))
      .filter((domain) => keyword === undefined || contains(domain.name, keyword))
      .map((row) => ({ row, level: detail }));
  },
});

function visibleDomains(
  context: CommandContext,
  asked: DomainRow | undefined,
  all: boolean,
): (domain: DomainRow) => boolean {
  const { world, caller } = context;
  if (asked !== undefined) {
    if (asked.removedMs !== null) {
      throw invalidParameter(`Domain id=${asked.internalId} doesn't exist`);
    }
    assertMayUseDomain(context, asked.id);
    return (domain) => domain.id === asked.id;
  }
  if (isRootAdmin(caller)) return () => true;
  const own = caller.account.domainId;
  return all ? (domain) => isInSubtree(world, domain.id, own) : (domain) => domain.id === own;
}
