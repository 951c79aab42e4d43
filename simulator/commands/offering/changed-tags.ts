import { invalidParameter } from '../../world/cloud-exception.js';
import type { VolumeRow } from '../../world/entities.js';
import { isDestroyed } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * Throws where volumes of an offering are on a pool that lacks one of its new tags
 * (ConfigurationManagerImpl.updateOfferingTagsIfIsNotNull).
 */
export function assertPoolsHaveTags(
  world: World,
  offering: Named,
  volumes: readonly VolumeRow[],
  tags: readonly string[],
): void {
  const active = volumes.filter((volume) => !isDestroyed(volume));
  const poolIds = new Set(active.flatMap(({ poolId }) => (poolId === null ? [] : [poolId])));
  const lacking = [...poolIds]
    .map((id) => world.storagePools.require(id))
    .find((pool) => !tags.every((tag) => pool.tags.includes(tag)));
  if (lacking === undefined) return;
  throw invalidParameter(
    `There are active volumes using the disk offering ${nameAndId(offering)}, and the pool ` +
      `${nameAndId(lacking)} doesn't have the new tags. The following volumes are using the ` +
      `mentioned disk offering [${active.map(nameAndId).join(',')}]. Please first add the new tags ` +
      'to the mentioned storage pools before adding them to the disk offering.',
  );
}

function nameAndId({ id, name }: Named): string {
  return JSON.stringify({ name, uuid: id });
}
