import type { StoragePoolRow } from '../../world/entities.js';

/** A pool as error texts name it (StoragePoolVO.toString). */
export function poolText({
  internalId: id,
  name,
  type: poolType,
  id: uuid,
}: StoragePoolRow): string {
  return `StoragePool ${JSON.stringify({ id, name, poolType, uuid })}`;
}
