import type { AccountRow, ProjectRow } from '../world/entities.js';
import { accountText } from '../world/identity/accounts.js';
import { permissionDenied, type CloudException } from '../world/cloud-exception.js';
import { isInSubtree } from '../world/identity/domains.js';
import { isMemberOfProjectOf, memberOf } from '../world/identity/projects.js';
import type { World } from '../world/world.js';
import type { EntityName, EntityRows } from '../world/entity-lookup.js';
import { isAdmin, isRootAdmin, type Caller } from './caller.js';
import type { CommandContext } from './context.js';

/** The account that owns an entity, or undefined for what belongs to the cloud. */
export function ownerOf(
  world: World,
  name: EntityName,
  row: EntityRows[EntityName],
): AccountRow | undefined {
  if (
    (name === 'nic' || name === 'nicsecondaryip') &&
    'vmId' in row &&
    typeof row.vmId === 'string'
  ) {
    return ownerOf(world, 'virtualmachine', world.vms.require(row.vmId));
  }
  if (name === 'networkacl' && 'listId' in row && typeof row.listId === 'string') {
    return ownerOf(world, 'networkacllist', world.networkAclLists.require(row.listId));
  }
  if (name === 'networkacllist' && 'vpcId' in row && typeof row.vpcId === 'string') {
    return ownerOf(world, 'vpc', world.vpcs.require(row.vpcId));
  }
  if (name === 'snapshotpolicy' && 'volumeId' in row && typeof row.volumeId === 'string') {
    return ownerOf(world, 'volume', world.volumes.require(row.volumeId));
  }
  if (name === 'account') return world.accounts.require(row.id);
  const accountId = 'accountId' in row ? row.accountId : null;
  return accountId === null ? undefined : world.accounts.get(accountId);
}

/**
 * Throws 531 unless the caller may change the entity. Ordinary users are told of the resource, whatever
 * its domain; admins of the domain, which is all that keeps them out (AccountManagerImpl.checkAccess).
 */
export function assertMayOperate(
  context: CommandContext,
  name: EntityName,
  row: EntityRows[EntityName],
): void {
  const { world, caller } = context;
  const owner = ownerOf(world, name, row);
  if (owner === undefined || mayActFor(world, caller, owner)) return;
  if (isAdmin(caller)) throw foreignDomain(caller, owner.domainId);
  const resource = name === 'account' ? accountText(owner) : `${name} ${row.id}`;
  throw permissionDenied(
    `${accountText(caller.account)} does not have permission to operate with resource ${resource}`,
  );
}

/** Throws 531 unless the caller administrates the project, as a member of it or from above. */
export function assertMayModifyProject(context: CommandContext, project: ProjectRow): void {
  const { world, caller } = context;
  const owner = world.accounts.require(project.accountId);
  assertMayOperate(context, 'account', owner);
  if (isRootAdmin(caller)) return;
  if (isAdmin(caller) && isInSubtree(world, owner.domainId, caller.account.domainId)) return;
  if (memberOf(world, project.id, caller.account.id)?.role === 'Admin') return;
  throw permissionDenied(
    `${accountText(caller.account)} does not have permission to operate with resource ${accountText(owner)}`,
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

/**
 * Root admins act for everybody, domain admins for their subtree, users for their own account; all
 * of them for the projects of which their account is a member.
 */
export function mayActFor(world: World, caller: Caller, owner: AccountRow): boolean {
  if (isRootAdmin(caller) || owner.id === caller.account.id) return true;
  if (isAdmin(caller) && isInSubtree(world, owner.domainId, caller.account.domainId)) return true;
  return isMemberOfProjectOf(world, caller.account, owner);
}
