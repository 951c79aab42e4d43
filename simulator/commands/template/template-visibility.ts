import { isAdmin, isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import type { PermittedAccounts } from '../../declare/permitted-accounts.js';
import type { AccountRow, DomainRow, TemplateRow } from '../../world/entities.js';
import { isInSubtree } from '../../world/identity/domains.js';
import { permissionOf } from '../../world/storage/templates.js';

export type TemplateFilter =
  | 'featured'
  | 'self'
  | 'selfexecutable'
  | 'shared'
  | 'sharedexecutable'
  | 'executable'
  | 'community'
  | 'all';

/** The part of a list's arguments that decides whose templates a filter shows. */
interface Asked {
  readonly domainid?: DomainRow | undefined;
  readonly isrecursive?: boolean | undefined;
}

type Test = (template: TemplateRow) => boolean;

/**
 * Whether a filter shows a template to the caller, ready or not
 * (QueryManagerImpl.searchForTemplatesInternal).
 */
export function templateVisibility(
  context: CommandContext,
  filter: TemplateFilter,
  asked: Asked,
  permitted: PermittedAccounts,
): Test {
  const { world } = context;
  const byFilter = filterTest(context, filter, asked, permitted);
  return (template) => {
    const isOfProject = world.accounts.require(template.accountId).type === 'Project';
    if (isOfProject ? permitted.projects === 'left out' : permitted.projects === 'alone') {
      return false;
    }
    return byFilter(template);
  };
}

function filterTest(
  context: CommandContext,
  filter: TemplateFilter,
  asked: Asked,
  { accounts, projects }: PermittedAccounts,
): Test {
  const { world, caller } = context;
  const ids = new Set(accounts.map(({ id }) => id));
  const isTheirs: Test = ({ accountId }) => ids.has(accountId);
  const isShared: Test = (template) =>
    accounts.some(({ id }) => permissionOf(world, template, id) !== undefined);
  switch (filter) {
    case 'featured':
      return ({ isPublic, isFeatured, type }) => isPublic && isFeatured && type !== 'SYSTEM';
    case 'community':
      return ({ isPublic, isFeatured }) => isPublic && !isFeatured;
    case 'executable':
      return (template) => template.isPublic || isTheirs(template);
    case 'self':
      return ofAskedDomain(context, asked, accounts, isTheirs);
    case 'selfexecutable': {
      const isOwn = ofAskedDomain(context, asked, accounts, isTheirs);
      return (template) => template.type !== 'SYSTEM' && isOwn(template);
    }
    case 'shared':
    case 'sharedexecutable':
      return isShared;
    case 'all': {
      if (isRootAdmin(caller)) return () => true;
      if (projects === 'left out') {
        return (template) =>
          template.isPublic || isInDomain(context, template, caller.account.domainId, true);
      }
      return (template) => template.isPublic || isTheirs(template) || isShared(template);
    }
  }
}

/** Admins who ask for no account see all of a domain. */
function ofAskedDomain(
  context: CommandContext,
  { domainid, isrecursive }: Asked,
  accounts: readonly AccountRow[],
  isTheirs: Test,
): Test {
  const { caller } = context;
  const isOwned: Test = accounts.length === 0 ? () => true : isTheirs;
  if (!isAdmin(caller)) return isOwned;
  const domainId = accounts[0]?.domainId ?? domainid?.id ?? caller.account.domainId;
  return (template) =>
    isOwned(template) && isInDomain(context, template, domainId, isrecursive === true);
}

function isInDomain(
  { world }: CommandContext,
  { accountId }: TemplateRow,
  domainId: string,
  isRecursive: boolean,
): boolean {
  const owner = world.accounts.require(accountId);
  return isRecursive ? isInSubtree(world, owner.domainId, domainId) : owner.domainId === domainId;
}
