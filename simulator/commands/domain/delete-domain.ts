import { assertMayUseDomain } from '../../declare/access.js';
import { asyncCommand, succeeded, success } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  permissionDenied,
} from '../../world/cloud-exception.js';
import type { DomainRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { removeDomain, removeDomainWithAll } from './domain-deletion.js';

/**
 * With cleanup, everything in the domain and below it goes, too; without it the domain must be
 * empty. A domain that cannot be deleted is Active again (DomainManagerImpl.deleteDomain).
 */
export const deleteDomain = asyncCommand({
  name: 'deleteDomain',
  summary: 'Deletes a domain, if told so with all that is in it.',
  roles: ['Admin', 'DomainAdmin'],
  grantedByType: true,
  javaClass: { user: 'admin.domain.DeleteDomainCmd' },
  parameters: { id: entity('domain', { required: true }), cleanup: flag() },
  response: success,
  subject: ({ id }) => ({ type: 'Domain', id: id.id }),
  steps: [
    (context, { id: domain, cleanup }, { jobId }) => {
      const { world } = context;
      if (domain.removedMs !== null) {
        throw invalidParameter(`Failed to delete domain ${domain.internalId}, domain not found`);
      }
      if (domain.parentId === null) throw permissionDenied("Can't delete ROOT domain");
      assertMayUseDomain(context, domain.id);
      orActiveAgain(world, domain, () => {
        if (cleanup === true) removeAll(world, domain, jobId);
        else removeDomain(world, domain);
      });
      return succeeded;
    },
  ],
});

function removeAll(world: World, domain: DomainRow, jobId: string): void {
  if (removeDomainWithAll(world, domain, jobId)) return;
  throw cloudRuntime(
    `Failed to clean up domain resources and sub domains, delete failed on domain ${domain.name} ` +
      `(id: ${domain.internalId}).`,
  );
}

function orActiveAgain(world: World, domain: DomainRow, act: () => void): void {
  world.domains.move(domain, 'DeletionBegins');
  try {
    act();
  } catch (error) {
    if (error instanceof CloudException) world.domains.move(domain, 'DeletionFailed');
    throw error;
  }
}
