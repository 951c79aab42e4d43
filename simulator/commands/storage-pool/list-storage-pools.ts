import {
  listOf,
  rootAndResourceAdmin,
  syncCommand,
  type Arguments,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { podOfPool } from '../../world/compute/capacity.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { PodRow, StoragePoolRow, ZoneRow } from '../../world/entities.js';
import { isInReach } from '../../world/storage/storage-pools.js';
import type { World } from '../../world/world.js';
import { zoneInAuthority } from '../zone/zone-authority.js';
import { storagePoolResponse } from './storage-pool-response.js';

const parameters = {
  clusterid: entity('cluster'),
  ipaddress: text(),
  name: text(),
  path: text(),
  podid: entity('pod'),
  zoneid: entity('zone'),
  id: entity('storagepool'),
  scope: text(),
  status: text(),
  hostid: entity('host'),
  /** Only managed storage has statistics of its own. */
  storagecustomstats: flag({ since: '4.18.1' }),
  ...pagingParameters,
} as const;

/**
 * A search by pod or cluster also shows the pools of the whole zone; one for the local pools of a
 * host looks at nothing else (QueryManagerImpl.searchForStoragePools).
 */
export const listStoragePools = syncCommand({
  name: 'listStoragePools',
  summary: 'Lists the pools of primary storage.',
  roles: rootAndResourceAdmin,
  parameters,
  response: listOf(storagePoolResponse),
  run: (context, args) => {
    const { world } = context;
    const { scope, hostid: host } = args;
    if (scope !== undefined && sameName(scope, 'HOST') && host !== undefined) {
      return world.storagePools.where('hostId', host.id);
    }
    assertOneOf(scopes, scope, 'Invalid scope type');
    assertOneOf(statuses, args.status, 'Invalid status');
    const zone = zoneInAuthority(context, args.zoneid);
    return world.storagePools.all().filter((pool) => matches(context, pool, args, zone));
  },
});

const scopes: readonly string[] = ['HOST', 'CLUSTER', 'ZONE', 'REGION', 'GLOBAL'];

const statuses: readonly string[] = [
  'Initial',
  'Initialized',
  'Creating',
  'Attaching',
  'Up',
  'PrepareForMaintenance',
  'ErrorInMaintenance',
  'CancelMaintenance',
  'Maintenance',
  'Disabled',
  'Removed',
];

function assertOneOf(words: readonly string[], word: string | undefined, text: string): void {
  if (word === undefined || words.some((known) => sameName(known, word))) return;
  throw invalidParameter(`${text}: ${word}`);
}

function matches(
  { world }: CommandContext,
  pool: StoragePoolRow,
  args: Arguments<typeof parameters>,
  zone: ZoneRow | undefined,
): boolean {
  const { clusterid, ipaddress, name, path, podid, id, scope, status, hostid, keyword } = args;
  return (
    (clusterid === undefined || pool.clusterId === clusterid.id || pool.clusterId === null) &&
    (ipaddress === undefined || sameName(pool.server, ipaddress)) &&
    (name === undefined || sameName(pool.name, name)) &&
    (path === undefined || sameName(pool.path, path)) &&
    (podid === undefined || isOfPod(world, pool, podid)) &&
    (zone === undefined || pool.zoneId === zone.id) &&
    (id === undefined || pool.id === id.id) &&
    (scope === undefined || sameName(pool.scope, scope)) &&
    (status === undefined || sameName(pool.state, status)) &&
    (hostid === undefined || isInReach(pool, hostid)) &&
    (keyword === undefined || contains(pool.name, keyword) || contains(pool.type, keyword))
  );
}

function isOfPod(world: World, pool: StoragePoolRow, pod: PodRow): boolean {
  const podId = podOfPool(world, pool);
  return podId === null || podId === pod.id;
}
