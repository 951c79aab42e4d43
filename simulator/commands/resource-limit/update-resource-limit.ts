import {
  assertMayModifyProject,
  assertMayOperate,
  assertMayUseDomain,
} from '../../declare/access.js';
import { isRootAdmin } from '../../declare/caller.js';
import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { askedOwner, ownerParameters } from '../../declare/ownership.js';
import { integer, long } from '../../declare/parameter.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { AccountRow, DomainRow } from '../../world/entities.js';
import { projectOfAccount } from '../../world/identity/projects.js';
import {
  UNLIMITED,
  limitInUnits,
  limitOfDomain,
  setLimit,
} from '../../world/identity/resource-limits.js';
import type { ResourceType } from '../../world/identity/resource-types.js';
import { resourceLimitResponse } from './resource-limit-response.js';
import { resourceTypeNumbered } from './resource-type-parameter.js';

/** Storage is given in GiB; without max there is no limit (ResourceLimitManagerImpl.updateResourceLimit). */
export const updateResourceLimit = syncCommand({
  name: 'updateResourceLimit',
  summary: 'Sets how much of a type of resource an account, a project or a domain may have.',
  roles: everyAdmin,
  parameters: {
    ...ownerParameters,
    max: long(),
    resourcetype: integer({ required: true }),
  },
  response: objectOf(resourceLimitResponse),
  run: (context, args) => {
    const { world } = context;
    const account = askedOwner(context, args);
    const asked = args.max ?? UNLIMITED;
    if (asked < UNLIMITED) {
      throw invalidParameter(
        "Please specify either '-1' for an infinite limit, or a limit that is at least '0'.",
      );
    }
    const type = resourceTypeNumbered(args.resourcetype);
    const max = limitInUnits(type, asked);
    if (account !== undefined) {
      assertMayLimitAccount(context, account, max);
      setLimit(world, account.id, type, max);
      return { owner: { kind: 'account' as const, account }, type, amount: max };
    }
    const { domainid: domain } = args;
    if (domain === undefined) {
      throw invalidParameter(
        'AccountId or domainId have to be specified in order to update resource limit',
      );
    }
    assertMayLimitDomain(context, domain, type, max);
    setLimit(world, domain.id, type, max);
    return { owner: { kind: 'domain' as const, domain }, type, amount: max };
  },
});

function assertMayLimitAccount(context: CommandContext, account: AccountRow, max: number): void {
  const { world, caller } = context;
  if (account.type === 'Admin' && max !== UNLIMITED) {
    throw invalidParameter('Only -1 limit is supported for Root Admin accounts');
  }
  if (account.id === caller.account.id && !isRootAdmin(caller)) {
    throw permissionDenied(
      `Unable to update resource limit for their own account ${account.internalId}, permission denied`,
    );
  }
  const project = projectOfAccount(world, account);
  if (project === undefined) assertMayOperate(context, 'account', account);
  else assertMayModifyProject(context, project);
}

function assertMayLimitDomain(
  context: CommandContext,
  domain: DomainRow,
  type: ResourceType,
  max: number,
): void {
  const { world, caller } = context;
  assertMayUseDomain(context, domain.id);
  if (domain.parentId === null) {
    throw permissionDenied(
      `Cannot update resource limit for ROOT domain ${domain.internalId}, permission denied`,
    );
  }
  // A resource admin may limit no domain at all: CloudStack's condition binds that way.
  const isOwn = domain.id === caller.account.domainId && caller.role === 'DomainAdmin';
  if (isOwn || caller.role === 'ResourceAdmin') {
    throw permissionDenied(
      `Unable to update resource limit for domain ${domain.internalId}, permission denied`,
    );
  }
  const parent = world.domains.require(domain.parentId);
  const most = limitOfDomain(world, parent, type);
  if (most < 0 || max <= most) return;
  throw invalidParameter(
    `Domain ${domain.name}(id: ${parent.internalId}) has maximum allowed resource limit ${most} for ` +
      `${type}, please specify a value less than or equal to ${most}`,
  );
}
