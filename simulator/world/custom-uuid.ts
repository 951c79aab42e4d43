import { invalidParameter } from './cloud-exception.js';
import { findEntity, type EntityName } from './entity-lookup.js';
import type { World } from './world.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws unless something of this kind may be given this id (UUIDManagerImpl.checkUuidSimple). */
export function assertFreeUuid(world: World, entity: EntityName, id: string): void {
  if (!UUID.test(id)) throw invalidParameter(`UUID: ${id} doesn't follow the UUID format`);
  if (findEntity(world, entity, id.toLowerCase()) === undefined) return;
  throw invalidParameter(`UUID: ${id} already exists so can't create/update with custom id`);
}
