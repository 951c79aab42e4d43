import type { World } from '../world/world.js';
import { invalidParameter, serverApiError } from '../world/cloud-exception.js';
import {
  entity,
  flag,
  integer,
  keyValues,
  entityOrEvery,
  text,
  type KeyValue,
  type RawParameter,
} from './parameter.js';

/** What every list command takes (BaseListCmd). */
export const pagingParameters = {
  keyword: text(),
  page: integer(),
  pagesize: integer(),
} as const;

/** What lists of what accounts have take (BaseListDomainResourcesCmd, BaseListAccountResourcesCmd). */
export const accountListParameters = {
  ...pagingParameters,
  listall: flag(),
  isrecursive: flag(),
  account: text(),
  domainid: entity('domain'),
} as const;

/** What lists of resources take that projects can own, too (BaseListProjectAndAccountResourcesCmd). */
export const ownershipParameters = {
  ...accountListParameters,
  projectid: entityOrEvery('project'),
} as const;

/** The filter by tags; several are joined by "or". */
export const tagFilterParameters = { tags: keyValues() } as const;

/**
 * Throws for half of what names a page; CloudStack looks before the command runs, and reads a size
 * that is empty as a number (BaseListCmd.validateSpecificParameters).
 */
export function assertWholePage(raw: ReadonlyMap<string, RawParameter>): void {
  const [page, pageSize] = [raw.get('page'), raw.get('pagesize')];
  if (pageSize === '') throw serverApiError(431, 'For input string: ""');
  if (page === undefined && pageSize !== undefined && Number(pageSize) !== UNLIMITED) {
    throw serverApiError(431, '"page" parameter is required when "pagesize" is specified');
  }
  if (page !== undefined && pageSize === undefined) {
    throw serverApiError(431, '"pagesize" parameter is required when "page" is specified');
  }
}

const UNLIMITED = -1;

/** The part of a list that belongs to the given page, by the rules of BaseListCmd. */
export function pageOf<Row>(
  rows: readonly Row[],
  page: number | undefined,
  pageSize: number | undefined,
  maxPageSize: number,
): readonly Row[] {
  if (pageSize === UNLIMITED) {
    if (page === undefined) return rows;
    throw invalidParameter("Can't specify page parameter when pagesize is -1 (Unlimited)");
  }
  if (pageSize !== undefined && pageSize > maxPageSize) {
    throw invalidParameter(`Page size can't exceed max allowed page size value: ${maxPageSize}`);
  }
  const size = Math.max(0, pageSize ?? maxPageSize);
  const start = (Math.max(1, page ?? 1) - 1) * size;
  return rows.slice(start, start + size);
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

/** The ids of the resources that `hasAnyTag` is true of. */
export function idsWithAnyTag(world: World, tags: readonly KeyValue[]): string[] {
  return tags.flatMap(({ key, value }) =>
    world.tags
      .where('value', value)
      .filter((row) => row.key === key)
      .map((row) => row.resourceId),
  );
}

/** CloudStack's database compares names without regard to case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** SQL's `LIKE '%part%'`. */
export function contains(whole: string, part: string): boolean {
  return whole.toLowerCase().includes(part.toLowerCase());
}
