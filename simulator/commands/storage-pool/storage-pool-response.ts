import {
  booleanField,
  dateField,
  longField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import { podOfPool, usedBytesOfPool } from '../../world/compute/capacity.js';
import type { StoragePoolRow } from '../../world/entities.js';

/** StoragePoolResponse (StoragePoolJoinDaoImpl): no byte of a pool is promised twice. */
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
  disksizeallocated: longField((pool, { world }) => usedBytesOfPool(world, pool)),
  disksizeused: longField((pool, { world }) => usedBytesOfPool(world, pool)),
  tags: stringField((pool) => (pool.tags.length === 0 ? null : pool.tags.join(','))),
  istagarule: booleanField(() => false),
  state: stringField(stateOf),
  scope: stringField((pool) => pool.scope),
  overprovisionfactor: stringField(() => '1.0'),
  hypervisor: stringField((pool) => pool.hypervisor),
  provider: stringField(() => 'DefaultPrimary'),
  storagecapabilities: mapField(() => ({ VOLUME_SNAPSHOT_QUIESCEVM: 'false' })),
  managed: booleanField(() => false),
});

/** A pool that is not up is under maintenance (StoragePoolStatus). */
export function stateOf({ up }: StoragePoolRow): string {
  return up ? 'Up' : 'Maintenance';
}
