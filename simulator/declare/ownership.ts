import { accountNamed, accountText } from '../world/identity/accounts.js';
import { invalidParameter, permissionDenied } from '../world/cloud-exception.js';
import type { AccountRow, DomainRow, ProjectRow } from '../world/entities.js';
import { assertMayOperate, assertMayUseDomain, mayActFor } from './access.js';
import { isAdmin } from './caller.js';
import type { CommandContext } from './context.js';
import { entity, text } from './parameter.js';

/** How a command that creates something is told for whom; without them it is the caller. */
export const ownerParameters = {
  account: text(),
  domainid: entity('domain'),
  projectid: entity('project'),
} as const;

/** What `ownerParameters` hold. */
export interface OwnerArguments {
  readonly account?: string | undefined;
  readonly domainid?: DomainRow | undefined;
  readonly projectid?: ProjectRow | undefined;
}

/**
 * Who will own what an asynchronous command creates: the first thing that such a command checks
 * (AccountManagerImpl.finalyzeAccountId, ParamProcessWorker.doAccessChecks). Most of them look at
 * the owner once more, by `finalizeOwner`.
 *
 * @throws 431 for an owner that is not there, 531 for one that is not active or not the caller's.
 */
export function ownerOfNew(context: CommandContext, args: OwnerArguments): AccountRow {
  const owner = askedOwner(context, args) ?? context.caller.account;
  assertMayOperate(context, 'account', owner);
  return owner;
}

/**
 * The account that was asked for; every command that creates something looks for it before it
 * checks anything else (AccountManagerImpl.finalyzeAccountId).
 *
 * @throws 431 for one that is not there, 531 for one that is not active.
 */
export function askedOwner(
  context: CommandContext,
  { account, domainid: domain, projectid: project }: OwnerArguments,
  states: 'active only' | 'any state' = 'active only',
): AccountRow | undefined {
  if (account !== undefined) return namedAccount(context, account, domain, states);
  return project === undefined ? undefined : projectAccount(context, project, states);
}

function namedAccount(
  { world }: CommandContext,
  name: string,
  domain: DomainRow | undefined,
  states: 'active only' | 'any state',
): AccountRow {
  if (domain === undefined) {
    throw invalidParameter('Account must be specified with domainId parameter');
  }
  if (domain.removedMs !== null) throw invalidParameter('Unable to find domain by id');
  const account = accountNamed(world, name, domain.id);
  if (account === undefined || account.type === 'Project') {
    throw invalidParameter(`Unable to find account by name ${name} in domain with specified id`, [
      { uuid: domain.id, description: 'domainId' },
    ]);
  }
  if (account.state === 'enabled' || states === 'any state') return account;
  throw permissionDenied(
    `Can't add resources to the account id=${account.internalId} in state=${account.state} as it's no longer active`,
  );
}

function projectAccount(
  { world }: CommandContext,
  project: ProjectRow,
  states: 'active only' | 'any state',
): AccountRow {
  if (project.removedMs !== null) throw invalidParameter('Unable to find project by id');
  if (project.state === 'Active' || states === 'any state') {
    return world.accounts.require(project.accountId);
  }
  throw permissionDenied(
    `Can't add resources to the project with specified projectId in state=${project.state} as it's no longer active`,
  );
}

/**
 * Who will own what a synchronous command creates, or whose names it looks at
 * (AccountManagerImpl.finalizeOwner).
 *
 * @throws 431 for an owner that is not there, 531 for one that the caller may not act for.
 */
export function finalizeOwner(context: CommandContext, args: OwnerArguments): AccountRow {
  const { caller } = context;
  const { account: name, domainid: domain, projectid: project } = args;
  if (name !== undefined && domain !== undefined && project !== undefined) {
    throw invalidParameter("ProjectId and account/domainId can't be specified together");
  }
  if (project !== undefined) return usableProjectAccount(context, project);
  if (name !== undefined && domain === undefined) {
    throw invalidParameter('AccountName and domainId must be specified together');
  }
  if (name === undefined || domain === undefined) return caller.account;
  return isAdmin(caller)
    ? administratedAccount(context, name, domain)
    : ownAccount(context, name, domain);
}

function usableProjectAccount(context: CommandContext, project: ProjectRow): AccountRow {
  const { world, caller } = context;
  if (project.removedMs !== null) {
    throw invalidParameter(`Unable to find project by id=${project.internalId}`);
  }
  const owner = world.accounts.require(project.accountId);
  if (mayActFor(world, caller, owner)) return owner;
  throw permissionDenied(
    `Account ${accountText(caller.account)} is unauthorised to use project id=${project.internalId}`,
  );
}

function administratedAccount(
  context: CommandContext,
  name: string,
  domain: DomainRow,
): AccountRow {
  if (domain.removedMs !== null) {
    throw invalidParameter(`Unable to find the domain by id=${domain.internalId}`);
  }
  const owner = accountNamed(context.world, name, domain.id);
  if (owner === undefined) {
    throw invalidParameter(`Unable to find account ${name} in domain ${domain.id}`);
  }
  assertMayUseDomain(context, domain.id);
  return owner;
}

/** Ordinary users may name themselves, and nobody else. */
function ownAccount({ caller }: CommandContext, name: string, domain: DomainRow): AccountRow {
  if (name === caller.account.name && domain.id === caller.account.domainId) return caller.account;
  throw permissionDenied(
    `Can't create/list resources for account ${name} in domain ${domain.internalId}, permission denied`,
  );
}
