import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { permissionDenied } from '../../world/cloud-exception.js';
import { assertFreeUuid } from '../../world/custom-uuid.js';
import type { EntityName } from '../../world/entity-lookup.js';

/** Throws unless the caller may give something this id (UUIDManagerImpl.checkUuid). */
export function assertMayBeId(
  { world, caller }: CommandContext,
  entity: EntityName,
  id: string,
): void {
  if (!isRootAdmin(caller)) {
    throw permissionDenied(
      'Please check your permissions, you are not allowed to create/update custom id',
    );
  }
  assertFreeUuid(world, entity, id);
}
