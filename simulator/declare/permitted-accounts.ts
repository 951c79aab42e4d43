import type { AccountRow } from '../world/entities.js';
import { projectsOfMember } from '../world/identity/projects.js';
import { isRootAdmin } from './caller.js';
import type { CommandContext } from './context.js';
import {
  accountOfProject,
  assertVisibleDomain,
  namedOwner,
  type OwnershipArguments,
} from './visibility.js';

/** Whose resources a list is about, before the list makes something of it. */
export interface PermittedAccounts {
  /** None where the list is about a whole domain, or about everything. */
  readonly accounts: readonly AccountRow[];
  /** Whether what projects own is left out, or all that is shown, or makes no difference. */
  readonly projects: 'left out' | 'alone' | 'as well';
}

/**
 * The accounts that a list is asked for (AccountManagerImpl.buildACLSearchParameters), for the lists
 * that do more with them than show what they own.
 *
 * @throws 431 for an account or project that is not there, 531 for one that the caller may not see.
 */
export function permittedAccounts(
  context: CommandContext,
  asked: Omit<OwnershipArguments, 'listall'>,
  { byId, listsAll }: { readonly byId: boolean; readonly listsAll: boolean },
): PermittedAccounts {
  assertVisibleDomain(context, asked.domainid);
  const named = namedOwner(context, asked);
  const { projectid: project } = asked;
  if (project === 'every') return ofEveryProject(context, listsAll);
  if (project !== undefined) {
    return { accounts: [accountOfProject(context, project)], projects: 'as well' };
  }
  const projects = byId ? 'as well' : 'left out';
  if (named !== undefined) return { accounts: [named], projects };
  const { account, role } = context.caller;
  const isOwn = role === 'User' || (asked.domainid === undefined && !listsAll && !byId);
  return { accounts: isOwn ? [account] : [], projects };
}

function ofEveryProject(context: CommandContext, listsAll: boolean): PermittedAccounts {
  const { world, caller } = context;
  const projects = listsAll ? 'as well' : 'alone';
  if (isRootAdmin(caller)) return { accounts: [], projects };
  const ofProjects = projectsOfMember(world, caller.account.id).map(({ accountId }) =>
    world.accounts.require(accountId),
  );
  const isAlone = ofProjects.length > 0 && !listsAll;
  return { accounts: isAlone ? ofProjects : [...ofProjects, caller.account], projects };
}
