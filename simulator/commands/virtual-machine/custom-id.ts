import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { findEntity, type EntityName } from '../../world/entity-lookup.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
  if (!UUID.test(id)) throw invalidParameter(`UUID: ${id} doesn't follow the UUID format`);
  if (findEntity(world, entity, id.toLowerCase()) === undefined) return;
  throw invalidParameter(`UUID: ${id} already exists so can't create/update with custom id`);
}
