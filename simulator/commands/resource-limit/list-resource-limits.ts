import { assertMayOperate, assertMayUseDomain } from '../../declare/access.js';
import { isAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { accountListParameters } from '../../declare/list-parameters.js';
import { askedOwner } from '../../declare/ownership.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { limitOfAccount, limitOfDomain, ownLimit } from '../../world/identity/resource-limits.js';
import { resourceTypes, type ResourceType } from '../../world/identity/resource-types.js';
import type { World } from '../../world/world.js';
import {
  resourceLimitResponse,
  type LimitOwner,
  type OwnersAmount,
} from './resource-limit-response.js';
import { askedResourceType } from './resource-type-parameter.js';

const parameters = {
  resourcetype: integer(),
  resourcetypename: text(),
  account: accountListParameters.account,
  domainid: accountListParameters.domainid,
  page: accountListParameters.page,
  pagesize: accountListParameters.pagesize,
  projectid: entity('project'),
} as const;

/**
 * Those that were set come first, then the others in the order of their types. Ordinary users see
 * their account's alone, whatever they ask for (ResourceLimitManagerImpl.searchForLimits).
 */
export const listResourceLimits = syncCommand({
  name: 'listResourceLimits',
  summary: 'Lists how much of each type of resource an account, a project or a domain may have.',
  roles: everyRole,
  parameters,
  ignores: ['isrecursive', 'keyword', 'listall'],
  response: listOf(resourceLimitResponse),
  run: (context, args) => {
    const { world } = context;
    const type = askedResourceType(args);
    const owner = ownerOfLimits(context, args);
    if (owner === undefined) return [];
    const types = type === undefined ? resourceTypes : [type];
    const [set, others] = [true, false].map((wanted) =>
      types.filter((candidate) => isSet(world, owner, candidate) === wanted),
    ) as [ResourceType[], ResourceType[]];
    return [...set, ...others].map((candidate) => limitOf(world, owner, candidate));
  },
});

/** Undefined for a domain that is gone: its list is empty. */
function ownerOfLimits(
  context: CommandContext,
  args: Arguments<typeof parameters>,
): LimitOwner | undefined {
  const { caller } = context;
  const { domainid: domain } = args;
  const account = askedOwner(context, args, 'any state');
  if (!isAdmin(caller)) return { kind: 'account', account: caller.account };
  if (domain !== undefined) {
    if (domain.removedMs !== null) return undefined;
    assertMayUseDomain(context, domain.id);
    if (account === undefined) return { kind: 'domain', domain };
    assertMayOperate(context, 'account', account);
  }
  return { kind: 'account', account: account ?? caller.account };
}

function isSet(world: World, owner: LimitOwner, type: ResourceType): boolean {
  const ownerId = owner.kind === 'account' ? owner.account.id : owner.domain.id;
  return ownLimit(world, ownerId, type) !== undefined;
}

function limitOf(world: World, owner: LimitOwner, type: ResourceType): OwnersAmount {
  const amount =
    owner.kind === 'account'
      ? limitOfAccount(world, owner.account, type)
      : limitOfDomain(world, owner.domain, type);
  return { owner, type, amount };
}
