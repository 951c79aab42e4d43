import { sameName } from '../../declare/list-parameters.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type {
  AccountRow,
  DomainRow,
  OfferingScope,
  StorageType,
  ZoneRow,
} from '../../world/entities.js';
import type { World } from '../../world/world.js';
import type { OfferingKind } from './offering-scope.js';

type Scope = Pick<OfferingScope, 'domainIds' | 'zoneIds'>;

/** The order of lists: by sort key, then as they were made. */
export function inOrder<
  Row extends Pick<OfferingScope, 'sortKey'> & { readonly internalId: number },
>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.sortKey - b.sortKey || a.internalId - b.internalId);
}

/**
 * Whether an account finds an offering: root admins find every one, others those of their domain,
 * of those above it, and if they ask for it of those below (QueryManagerImpl.findRelatedDomainIds).
 */
export function isFoundBy(
  world: World,
  account: AccountRow,
  recursive: boolean,
): (offering: Scope) => boolean {
  if (account.type === 'Admin') return () => true;
  const isRelated = (domainId: string): boolean =>
    isInSubtree(world, account.domainId, domainId) ||
    (recursive && isInSubtree(world, domainId, account.domainId));
  return ({ domainIds }) => domainIds.length === 0 || domainIds.some(isRelated);
}

/** Throws 531 for a domain that is neither the account's nor one above it. */
export function assertInHierarchy(
  world: World,
  account: AccountRow,
  domain: DomainRow,
  kind: OfferingKind,
): void {
  if (isInSubtree(world, account.domainId, domain.id)) return;
  throw permissionDenied(
    `The account:${account.name} does not fall in the same domain hierarchy as the ${kind} offering`,
  );
}

export function isInZone(zone: ZoneRow | undefined): (offering: Scope) => boolean {
  return ({ zoneIds }) => zone === undefined || zoneIds.length === 0 || zoneIds.includes(zone.id);
}

/** A type that there is not selects nothing. */
export function hasStorageType(
  name: string | undefined,
): (offering: { readonly storageType: StorageType }) => boolean {
  const type = (['shared', 'local'] as const).find(
    (known) => name !== undefined && sameName(known, name),
  );
  return ({ storageType }) => type === undefined || storageType === type;
}
