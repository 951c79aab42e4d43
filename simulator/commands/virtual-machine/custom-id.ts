import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter, permissionDenied } from '../../world/cloud-exception.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws unless the caller may give a VM this id (UUIDManagerImpl.checkUuid). */
export function assertMayBeId({ world, caller }: CommandContext, id: string): void {
  if (!isRootAdmin(caller)) {
    throw permissionDenied(
      'Please check your permissions, you are not allowed to create/update custom id',
    );
  }
  if (!UUID.test(id)) throw invalidParameter(`UUID: ${id} doesn't follow the UUID format`);
  if (world.vms.get(id.toLowerCase()) === undefined) return;
  throw invalidParameter(`UUID: ${id} already exists so can't create/update with custom id`);
}
