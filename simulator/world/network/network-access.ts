import { invalidParameter, permissionDenied } from '../cloud-exception.js';
import { isInSubtree } from '../identity/domains.js';
import type { AccountRow, NetworkRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * Throws unless VMs of an account may be in a network: it is the account's own, or its domain's
 * (NetworkModelImpl.checkNetworkPermissions).
 */
export function assertMayUseNetwork(world: World, owner: AccountRow, network: NetworkRow): void {
  if (network.removedMs !== null) {
    throw invalidParameter(`Unable to find network by id ${network.internalId}`);
  }
  if (network.aclType === 'Account') {
    if (network.accountId === owner.id) return;
    throw permissionDenied(`Unable to use network with id= ${network.id}, permission denied`);
  }
  if (isInSubtree(world, owner.domainId, network.domainId)) return;
  throw permissionDenied(
    `Shared network id=${network.id} is not available in domain id=${owner.domainId}`,
  );
}
