import type { AccountRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { invalidParameter } from '../world/cloud-exception.js';
import { assertMayOperate, assertMayUseDomain, isInSubtree, mayActFor } from './access.js';
import { isAdmin } from './caller.js';
import type { CommandContext } from './context.js';
import { entity, flag, integer, keyValues, text, type KeyValue } from './parameter.js';

/** What every list command takes (BaseListCmd). */
export const pagingParameters = {
  keyword: text(),
  page: integer(),
  pagesize: integer(),
} as const;

/** What lists of owned resources take (BaseListDomainResourcesCmd, BaseListAccountResourcesCmd). */
export const ownershipParameters = {
  ...pagingParameters,
  listall: flag(),
  isrecursive: flag(),
  account: text(),
  domainid: entity('domain'),
} as const;

/** The filter by tags; several are joined by "or". */
export const tagFilterParameters = { tags: keyValues() } as const;

/** The part of a list that belongs to the given page, by the rules of BaseListCmd. */
export function pageOf<Row>(
  rows: readonly Row[],
  page: number | undefined,
  pageSize: number | undefined,
  maxPageSize: number,
): readonly Row[] {
  if (pageSize === -1) {
    if (page === undefined) return rows;
    throw invalidParameter("Can't specify page parameter when pagesize is -1 (Unlimited)");
  }
  if (page !== undefined && pageSize === undefined) {
    throw invalidParameter('"pagesize" parameter is required when "page" is specified');
  }
  if (page === undefined && pageSize !== undefined) {
    throw invalidParameter('"page" parameter is required when "pagesize" is specified');
  }
  if (pageSize !== undefined && pageSize > maxPageSize) {
    throw invalidParameter(`Page size can't exceed max allowed page size value: ${maxPageSize}`);
  }
  const size = Math.max(0, pageSize ?? maxPageSize);
  const start = (Math.max(1, page ?? 1) - 1) * size;
  return rows.slice(start, start + size);
}

interface OwnershipArguments {
  readonly listall?: boolean | undefined;
  readonly isrecursive?: boolean | undefined;
  readonly account?: string | undefined;
  readonly domainid?: { readonly id: string } | undefined;
}

/**
 * Whose resources a list shows (AccountManagerImpl.buildACLSearchParameters): users see their own;
 * admins see the calling account's unless they ask for one id, for an account, a domain, or all.
 */
export function ownerFilter(
  context: CommandContext,
  args: OwnershipArguments,
  byId: boolean,
): (accountId: string) => boolean {
  const { world, caller } = context;
  const { account, domainid: domain } = args;
  if (domain !== undefined) assertMayUseDomain(context, domain.id);
  if (account !== undefined) {
    const owner = ownerNamed(context, account, domain?.id ?? caller.account.domainId);
    return (accountId) => accountId === owner.id;
  }
  if (!isAdmin(caller)) return (accountId) => accountId === caller.account.id;
  if (domain !== undefined) return inDomain(world, domain.id, args.isrecursive === true);
  if (byId || args.listall === true) {
    return (accountId) => mayActFor(world, caller, world.accounts.require(accountId));
  }
  return (accountId) => accountId === caller.account.id;
}

function ownerNamed(context: CommandContext, name: string, domainId: string): AccountRow {
  const owner = context.world.accounts
    .all()
    .find((row) => row.name === name && row.domainId === domainId);
  if (owner === undefined) {
    throw invalidParameter(`could not find account ${name} in domain ${domainId}`);
  }
  assertMayOperate(context, 'account', owner);
  return owner;
}

function inDomain(
  world: World,
  domainId: string,
  recursive: boolean,
): (accountId: string) => boolean {
  return (accountId) => {
    const owner = world.accounts.require(accountId);
    return recursive ? isInSubtree(world, owner.domainId, domainId) : owner.domainId === domainId;
  };
}

/** Whether a resource carries at least one of the tags; key and value must both be equal. */
export function hasAnyTag(
  world: World,
  resourceId: string,
  tags: readonly KeyValue[] | undefined,
): boolean {
  if (tags === undefined) return true;
  return world.tags
    .where('resourceId', resourceId)
    .some((row) => tags.some((tag) => tag.key === row.key && tag.value === row.value));
}

/** CloudStack's database compares names without regard to case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** SQL's `LIKE '%part%'`. */
export function contains(whole: string, part: string): boolean {
  return whole.toLowerCase().includes(part.toLowerCase());
}
