import { accountNamed, accountText } from '../world/identity/accounts.js';
import { invalidParameter, permissionDenied } from '../world/cloud-exception.js';
import { isInSubtree } from '../world/identity/domains.js';
import { domainText } from '../world/identity/offering-access.js';
import type { AccountRow, DomainRow, ProjectRow } from '../world/entities.js';
import { projectsOfMember } from '../world/identity/projects.js';
import { assertMayOperate, assertMayUseDomain, mayActFor } from './access.js';
import { isRootAdmin } from './caller.js';
import type { CommandContext } from './context.js';

/** What a list is asked for, of `accountListParameters` or `ownershipParameters`. */
export interface OwnershipArguments {
  readonly listall?: boolean | undefined;
  readonly isrecursive?: boolean | undefined;
  readonly account?: string | undefined;
  readonly domainid?: DomainRow | undefined;
  readonly projectid?: ProjectRow | 'every' | undefined;
}

/**
 * Whose resources a list shows (AccountManagerImpl.buildACLSearchParameters), as a test of the id
 * of the owner: users see their own, admins those of the calling account unless they ask for more;
 * what projects own is shown only to those who ask for it by `projectid`, or for one resource by
 * its id.
 *
 * @throws 431 for an account or project that is not there, 531 for one that the caller may not see.
 */
export function ownerFilter(
  context: CommandContext,
  args: OwnershipArguments,
  byId: boolean,
): (accountId: string) => boolean {
  assertVisibleDomain(context, args.domainid);
  const named = namedOwner(context, args);
  const isShown =
    args.projectid === undefined
      ? withoutProject(context, args, named, byId)
      : inProjects(context, args, args.projectid);
  return ofEachAccountOnce(context, isShown);
}

type OwnerTest = (owner: AccountRow) => boolean;

/** Lists are long and owners few: each owner is looked at once. */
function ofEachAccountOnce(
  { world }: CommandContext,
  isShown: OwnerTest,
): (accountId: string) => boolean {
  const known = new Map<string, boolean>();
  return (accountId) => {
    const answer = known.get(accountId) ?? isShown(world.accounts.require(accountId));
    known.set(accountId, answer);
    return answer;
  };
}

/** Throws for a domain that is gone, or not the caller's. */
export function assertVisibleDomain(context: CommandContext, domain: DomainRow | undefined): void {
  if (domain === undefined) return;
  if (domain.removedMs !== null) {
    throw invalidParameter(`Unable to find domain by id ${domain.internalId}`);
  }
  assertMayUseDomain(context, domain.id);
}

/** The account that a list is asked for by name, undefined without one. */
export function namedOwner(
  context: CommandContext,
  { account, domainid, projectid }: OwnershipArguments,
): AccountRow | undefined {
  if (account === undefined) return undefined;
  if (projectid !== undefined) {
    throw invalidParameter("Account and projectId can't be specified together");
  }
  const domainId = domainid?.id ?? context.caller.account.domainId;
  const owner = accountNamed(context.world, account, domainId);
  if (owner === undefined) {
    const domain = domainText(context.world.domains.require(domainId));
    throw invalidParameter(`could not find account ${account} in domain ${domain}`);
  }
  assertMayOperate(context, 'account', owner);
  return owner;
}

function withoutProject(
  context: CommandContext,
  args: OwnershipArguments,
  named: AccountRow | undefined,
  byId: boolean,
): OwnerTest {
  const isShown = named === undefined ? unnamed(context, args, byId) : isSame(named);
  return byId ? isShown : (owner) => owner.type !== 'Project' && isShown(owner);
}

function unnamed(context: CommandContext, args: OwnershipArguments, byId: boolean): OwnerTest {
  const { caller } = context;
  if (caller.role === 'User') return isSame(caller.account);
  if (args.domainid !== undefined) return inDomain(context, args.domainid, args.isrecursive);
  if (args.listall === true) {
    // A resource admin is not held to its domain here; CloudStack asks for domain admins only.
    return caller.role === 'DomainAdmin' ? inOwnSubtree(context) : () => true;
  }
  if (!byId) return isSame(caller.account);
  return isRootAdmin(caller) ? () => true : inOwnSubtree(context);
}

function inProjects(
  context: CommandContext,
  args: OwnershipArguments,
  project: ProjectRow | 'every',
): OwnerTest {
  if (project !== 'every') return isSame(accountOfProject(context, project));
  const isShown = isRootAdmin(context.caller)
    ? inAskedDomain(context, args)
    : ofOwnProjects(context, args.listall === true);
  return args.listall === true ? isShown : (owner) => owner.type === 'Project' && isShown(owner);
}

/** The account of a project that the caller may see. */
export function accountOfProject(context: CommandContext, project: ProjectRow): AccountRow {
  const { world, caller } = context;
  if (project.removedMs !== null) {
    throw invalidParameter(`Unable to find project by id ${project.internalId}`);
  }
  const owner = world.accounts.require(project.accountId);
  if (mayActFor(world, caller, owner)) return owner;
  throw permissionDenied(
    `Account ${accountText(caller.account)} can't access project id=${project.internalId}`,
  );
}

/** The projects of which the account is a member, and if it asks for all also what it owns itself. */
function ofOwnProjects({ world, caller }: CommandContext, withOwn: boolean): OwnerTest {
  const owners = new Set(
    projectsOfMember(world, caller.account.id).map((project) => project.accountId),
  );
  if (withOwn) owners.add(caller.account.id);
  return (owner) => owners.has(owner.id);
}

function inAskedDomain(
  context: CommandContext,
  { domainid, isrecursive }: OwnershipArguments,
): OwnerTest {
  return domainid === undefined ? () => true : inDomain(context, domainid, isrecursive);
}

function inOwnSubtree(context: CommandContext): OwnerTest {
  const { world, caller } = context;
  return (owner) => isInSubtree(world, owner.domainId, caller.account.domainId);
}

function inDomain(
  { world }: CommandContext,
  domain: DomainRow,
  recursive: boolean | undefined,
): OwnerTest {
  return (owner) =>
    recursive === true
      ? isInSubtree(world, owner.domainId, domain.id)
      : owner.domainId === domain.id;
}

function isSame(account: AccountRow): OwnerTest {
  return (owner) => owner.id === account.id;
}
