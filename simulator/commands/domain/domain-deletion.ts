import { deleteAccount } from '../../world/identity/account-cleanup.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import type { DomainRow, NetworkRow } from '../../world/entities.js';
import {
  beginShutdown,
  finishShutdown,
  isInUse,
  removeNetwork,
} from '../../world/network/network-deletion.js';
import { projectOfAccount, removeProject } from '../../world/identity/projects.js';
import { endDedication } from '../../world/network/vlan-ranges.js';
import type { World } from '../../world/world.js';
import { childrenOf } from './domain-response.js';

/**
 * Removes a domain that nothing is left in.
 *
 * @throws 530 for accounts that wait for their cleanup, networks, accounts, or domains below.
 */
export function removeDomain(world: World, domain: DomainRow): void {
  const networks = networksOf(world, domain);
  const waiting = accountsToCleanUp(world, domain);
  if (waiting > 0) throw notYet(`${waiting} accounts to cleanup`);
  if (networks.length > 0) throw notYet(`${networks.length} non-removed networks`);
  const isEmpty =
    world.accounts.where('domainId', domain.id).length === 0 &&
    childrenOf(world, domain).length === 0;
  if (!isEmpty) {
    throw cloudRuntime(
      `Delete failed on domain ${domain.name} (id: ${domain.internalId}); Please make sure all users ` +
        'and sub domains have been removed from the domain before deleting',
    );
  }
  remove(world, domain);
}

/**
 * Removes a domain, the domains below it, their accounts, projects and networks, and what those
 * own; false if some of it could not be removed yet (DomainManagerImpl.cleanupDomain).
 */
export function removeDomainWithAll(world: World, domain: DomainRow, jobId: string): boolean {
  for (const below of childrenOf(world, domain)) {
    world.domains.move(below, 'DeletionBegins');
    if (!removeDomainWithAll(world, below, jobId)) {
      world.domains.move(below, 'DeletionFailed');
      return false;
    }
  }
  for (const account of world.accounts.where('domainId', domain.id)) {
    const project = projectOfAccount(world, account);
    deleteAccount(world, account, jobId);
    if (project !== undefined) removeProject(world, project);
  }
  const networks = networksOf(world, domain);
  if (networks.some((network) => isInUse(world, network))) return false;
  for (const network of networks) {
    beginShutdown(world, network);
    finishShutdown(world, network);
    removeNetwork(world, network);
  }
  if (accountsToCleanUp(world, domain) > 0) return false;
  remove(world, domain);
  return true;
}

/** Networks that belong to the domain itself, not to an account in it. */
function networksOf(world: World, domain: DomainRow): NetworkRow[] {
  return world.networks
    .all()
    .filter((network) => network.aclType === 'Domain' && network.domainId === domain.id);
}

/** Deleted accounts of which something is left. */
function accountsToCleanUp(world: World, domain: DomainRow): number {
  return world.accounts
    .removed()
    .filter((account) => account.domainId === domain.id && account.needsCleanup).length;
}

function remove(world: World, domain: DomainRow): void {
  for (const limit of world.limits.where('ownerId', domain.id)) world.limits.remove(limit);
  endDedication(world, domain.id);
  world.domains.remove(domain);
}

function notYet(what: string): Error {
  return cloudRuntime(`Can't delete the domain yet because it has ${what}`);
}
