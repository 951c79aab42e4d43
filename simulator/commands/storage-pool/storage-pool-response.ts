import {
  booleanField,
  dateField,
  longField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import { podOfPool, promisedOfPool } from '../../world/compute/capacity.js';
import type { StoragePoolRow } from '../../world/entities.js';
import { poolSetting } from '../../world/settings/configurations.js';
import { usedBytesOf } from '../../world/storage/pool-space.js';

/** StoragePoolResponse (StoragePoolJoinDaoImpl). */
export const storagePoolResponse = responseObject<StoragePoolRow>('storagepool', {
  id: stringField((pool) => pool.id),
  zoneid: stringField((pool) => pool.zoneId),
  zonename: stringField((pool, { world }) => world.zones.require(pool.zoneId).name),
  podid: stringField((pool, { world }) => podOfPool(world, pool)),
  podname: stringField((pool, { world }) => {
    const podId = podOfPool(world, pool);
    return podId === null ? null : world.pods.require(podId).name;
  }),
  name: stringField((pool) => pool.name),
  ipaddress: stringField((pool) => pool.server),
  path: stringField((pool) => pool.path),
  created: dateField((pool) => pool.createdMs),
  type: stringField((pool) => pool.type),
  clusterid: stringField((pool) => pool.clusterId),
  clustername: stringField((pool, { world }) =>
    pool.clusterId === null ? null : world.clusters.require(pool.clusterId).name,
  ),
  disksizetotal: longField((pool) => pool.sizeBytes),
  disksizeallocated: longField((pool, { world }) => promisedOfPool(world, pool)),
  capacityiops: longField((pool) => pool.capacityIops),
  disksizeused: longField((pool, { world }) => usedBytesOf(world, pool)),
  tags: stringField((pool) => (pool.tags.length === 0 ? null : pool.tags.join(','))),
  istagarule: booleanField(() => false),
  state: stringField((pool) => pool.state),
  scope: stringField((pool) => pool.scope),
  overprovisionfactor: stringField((pool, { world }) =>
    javaDouble(poolSetting(world, pool, 'storage.overprovisioning.factor')),
  ),
  hypervisor: stringField((pool) => pool.hypervisor),
  provider: stringField(() => 'DefaultPrimary'),
  storagecapabilities: mapField(() => ({ VOLUME_SNAPSHOT_QUIESCEVM: 'false' })),
  managed: booleanField(() => false),
});

/** Java writes 2 as 2.0 (Double.toString). */
function javaDouble(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
