import type { AccountRow, DomainRow } from '../world/entities.js';
import type { EntityName, EntityRows, World } from '../world/world.js';
import { permissionDenied, type CloudException } from '../world/cloud-exception.js';
import { isAdmin, isRootAdmin, type Caller } from './caller.js';
import type { CommandContext } from './context.js';

/** The account that owns an entity, or undefined for what belongs to the cloud. */
export function ownerOf(
  world: World,
  name: EntityName,
  row: EntityRows[EntityName],
): AccountRow | undefined {
  if (name === 'nic' && 'vmId' in row && typeof row.vmId === 'string') {
    return ownerOf(world, 'virtualmachine', world.vms.require(row.vmId));
  }
  if (name === 'account') return world.accounts.require(row.id);
  const accountId = 'accountId' in row ? row.accountId : null;
  return accountId === null ? undefined : world.accounts.get(accountId);
}

/** Throws 531 unless the caller may change the entity (DomainChecker.checkAccess). */
export function assertMayOperate(
  context: CommandContext,
  name: EntityName,
  row: EntityRows[EntityName],
): void {
  const { world, caller } = context;
  const owner = ownerOf(world, name, row);
  if (owner === undefined || mayActFor(world, caller, owner)) return;
  if (owner.domainId !== caller.account.domainId) throw foreignDomain(caller, owner.domainId);
  throw permissionDenied(
    `${accountText(caller.account)} does not have permission to operate with resource ${name} ${row.id}`,
  );
}

/** Throws 531 unless the caller's own domain is this one, or above it for an admin. */
export function assertMayUseDomain(context: CommandContext, domainId: string): void {
  const { world, caller } = context;
  const ownDomainId = caller.account.domainId;
  const allowed =
    isRootAdmin(caller) ||
    (isAdmin(caller) ? isInSubtree(world, domainId, ownDomainId) : domainId === ownDomainId);
  if (!allowed) throw foreignDomain(caller, domainId);
}

function foreignDomain(caller: Caller, domainId: string): CloudException {
  return permissionDenied(
    `Account ${caller.account.name} does not have permission to operate within domain id=${domainId}`,
  );
}

/** Root admins act for everybody, domain admins for their subtree, users for their own account. */
export function mayActFor(world: World, caller: Caller, owner: AccountRow): boolean {
  if (isRootAdmin(caller) || owner.id === caller.account.id) return true;
  return isAdmin(caller) && isInSubtree(world, owner.domainId, caller.account.domainId);
}

/** Whether a domain is the other one or below it. */
export function isInSubtree(world: World, domainId: string, topId: string): boolean {
  let domain: DomainRow | undefined = world.domains.get(domainId);
  while (domain !== undefined) {
    if (domain.id === topId) return true;
    domain = domain.parentId === null ? undefined : world.domains.get(domain.parentId);
  }
  return false;
}

function accountText(account: AccountRow): string {
  return `Account [{"accountName":"${account.name}","id":${account.internalId},"uuid":"${account.id}"}]`;
}
