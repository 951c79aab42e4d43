import { assertMayOperate, assertMayUseDomain } from '../../declare/access.js';
import { isAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, integer, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { AccountRow } from '../../world/entities.js';
import { apiKeyAccessOf, apiKeyAccessParameter } from '../user/api-key-access.js';
import { accountResponse, minimalAccountResponse } from './account-response.js';
import { accountTypeNumbers } from './account-type-numbers.js';
import { detailLevelOf, leveledResponse, type WithLevel } from './detail-level.js';

const parameters = {
  accounttype: integer(),
  id: entity('account'),
  iscleanuprequired: flag(),
  name: text(),
  state: text(),
  details: textList(),
  apikeyaccess: apiKeyAccessParameter,
  ...pagingParameters,
  listall: flag(),
  domainid: entity('domain'),
  isrecursive: flag(),
} as const;

type ListArguments = Arguments<typeof parameters>;

/**
 * Without an id users see themselves, admins too unless they ask for a domain or for all; the
 * accounts of projects are no accounts here (QueryManagerImpl.searchForAccountsInternal).
 */
export const listAccounts = syncCommand({
  name: 'listAccounts',
  summary: 'Lists accounts with their users, limits and totals.',
  roles: everyRole,
  parameters,
  response: listOf<WithLevel<AccountRow>>(leveledResponse(accountResponse, minimalAccountResponse)),
  run: (context, args) => {
    const level = detailLevelOf(args.details);
    const isVisible = visibleAccounts(context, args);
    const access = apiKeyAccessOf(args.apikeyaccess);
    return context.world.accounts
      .all()
      .filter((account) => account.type !== 'Project' && isVisible(account))
      .filter((account) => access === undefined || account.apiKeyAccess === access)
      .filter((account) => isChosen(account, args))
      .map((row) => ({ row, level }));
  },
});

function visibleAccounts(
  context: CommandContext,
  { id, domainid, listall, isrecursive }: ListArguments,
): (account: AccountRow) => boolean {
  const { world, caller } = context;
  if (id !== undefined) assertVisible(context, id);
  if (domainid !== undefined) {
    if (domainid.removedMs !== null) {
      throw invalidParameter(`Domain id=${domainid.internalId} doesn't exist`);
    }
    assertMayUseDomain(context, domainid.id);
  }
  if (id !== undefined) return (account) => account.id === id.id;
  if (!isAdmin(caller)) return (account) => account.id === caller.account.id;
  if (domainid !== undefined) {
    return ({ domainId }) =>
      isrecursive === true ? isInSubtree(world, domainId, domainid.id) : domainId === domainid.id;
  }
  if (listall !== true) return (account) => account.id === caller.account.id;
  return (account) => isInSubtree(world, account.domainId, caller.account.domainId);
}

function assertVisible(context: CommandContext, account: AccountRow): void {
  if (account.removedMs !== null || account.type === 'Project') {
    throw invalidParameter(`Unable to find account by id ${account.internalId}`);
  }
  assertMayOperate(context, 'account', account);
}

function isChosen(account: AccountRow, args: ListArguments): boolean {
  const { name, state, accounttype, iscleanuprequired, keyword } = args;
  return (
    (name === undefined || sameName(account.name, name)) &&
    (state === undefined || sameName(account.state, state)) &&
    (accounttype === undefined || accountTypeNumbers[account.type] === accounttype) &&
    (iscleanuprequired === undefined || account.needsCleanup === iscleanuprequired) &&
    (keyword === undefined || contains(account.name, keyword) || contains(account.state, keyword))
  );
}
