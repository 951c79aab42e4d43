import type { CommandContext } from '../../declare/context.js';
import { assertMayUseDomain } from '../../declare/access.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DomainRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** A domain that is there and not being deleted, and that the caller administrates. */
export function assertUsableParent(context: CommandContext, name: string, parent: DomainRow): void {
  if (parent.removedMs !== null) {
    throw invalidParameter(
      `Unable to create domain ${name}, parent domain ${parent.internalId} not found.`,
    );
  }
  if (parent.state === 'Inactive') {
    throw cloudRuntime(
      `The domain cannot be created as the parent domain ${parent.name} is being deleted`,
    );
  }
  assertMayUseDomain(context, parent.id);
}

/** Whether another domain below the same parent has the name already; case does not count. */
export function isNameTaken(
  world: World,
  name: string,
  parentId: string | null,
  except?: DomainRow,
): boolean {
  return world.domains
    .all()
    .some(
      (domain) =>
        domain.parentId === parentId &&
        domain.id !== except?.id &&
        domain.name.toLowerCase() === name.toLowerCase(),
    );
}
