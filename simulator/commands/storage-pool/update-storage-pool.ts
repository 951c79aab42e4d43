import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, flag, long, text, textList } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { StoragePoolRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { storagePoolResponse } from './storage-pool-response.js';
import { poolText } from './storage-pool-rules.js';

/**
 * A disabled pool takes no new volumes; those that are there stay in use (UpdateStoragePoolCmd,
 * StorageManagerImpl.updateStoragePool, disablePrimaryStoragePool, enablePrimaryStoragePool). Where
 * only that is refused CloudStack keeps the rest of the changes; here nothing changes.
 */
export const updateStoragePool = syncCommand({
  name: 'updateStoragePool',
  summary: 'Changes a storage pool: its name, its tags, its size, whether it takes new volumes.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('storagepool', { required: true }),
    name: text({ since: '4.15' }),
    tags: textList(),
    capacitybytes: long(),
    capacityiops: long(),
    enabled: flag(),
    istagarule: flag(),
  },
  response: objectOf(storagePoolResponse),
  run: ({ world }, { id: pool, enabled, ...asked }) => {
    if (enabled === undefined && Object.values(asked).every((value) => value === undefined)) {
      throw serverApiError(530, 'Failed to update storage pool');
    }
    if (asked.istagarule === true) {
      throw invalidParameter(
        'The parameter istagarule cannot be set to true as JS interpretation is disabled',
      );
    }
    assertCountable('capacity_bytes', asked.capacitybytes);
    assertCountable('capacity_iops', asked.capacityiops);
    if (enabled !== undefined) turn(world, pool, enabled);
    const { name, tags, capacitybytes, capacityiops } = asked;
    world.storagePools.change(pool, {
      ...(name === undefined || name.trim() === '' ? {} : { name }),
      ...(tags === undefined ? {} : { tags: namesIn(tags) }),
      ...(capacitybytes === undefined ? {} : { sizeBytes: capacitybytes }),
      ...(capacityiops === undefined ? {} : { capacityIops: capacityiops }),
    });
    return pool;
  },
});

/** The database takes no negative numbers there. */
function assertCountable(column: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw cloudRuntime(`DB Exception on: Out of range value for column '${column}' at row 1`);
}

function turn(world: World, pool: StoragePoolRow, on: boolean): void {
  if (pool.state !== (on ? 'Disabled' : 'Up')) {
    throw invalidParameter(
      `Primary storage ${poolText(pool)} cannot be ${on ? 'enabled' : 'disabled'}. Storage pool state : ${pool.state}`,
    );
  }
  world.storagePools.move(pool, on ? 'Enabled' : 'Disabled');
}

function namesIn(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
}
