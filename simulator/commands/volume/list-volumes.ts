import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  contains,
  hasAnyTag,
  idsWithAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, flag, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { StoragePoolRow, VolumeRow } from '../../world/entities.js';
import { pollJobsAbout, volumeItem } from '../../world/jobs.js';
import { assertIdOrIds, rowsAskedFor } from '../../world/rows-asked-for.js';
import type { VolumeState } from '../../world/states/volume.js';
import { isEncrypted } from '../../world/storage/encryption.js';
import { isOnPool } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { volumeResponse } from './volume-response.js';

/** Lists volumes, the newest first (QueryManagerImpl.searchForVolumeIdsAndCount). */
export const listVolumes = syncCommand({
  name: 'listVolumes',
  summary: 'Lists volumes.',
  roles: everyRole,
  parameters: {
    id: entity('volume'),
    ids: entityList('volume', { since: '4.9' }),
    name: text(),
    type: text(),
    virtualmachineid: entity('virtualmachine'),
    zoneid: entity('zone'),
    podid: entity('pod'),
    // CloudStack takes it and does not filter by it.
    hostid: entity('host'),
    diskofferingid: entity('diskoffering'),
    serviceofferingid: entity('serviceoffering', { since: '4.19.1' }),
    state: text(),
    // A text to CloudStack, which the service looks up.
    storageid: text({ since: '4.3', rootOnly: true }),
    clusterid: entity('cluster', { rootOnly: true }),
    displayvolume: flag({ since: '4.4', rootOnly: true }),
    isencrypted: flag({ since: '4.19.1', rootOnly: true }),
    retrieveonlyresourcecount: flag(),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(volumeResponse),
  // The cloud's own VMs have no volumes here.
  ignores: ['listsystemvms'],
  run: (context, args) => {
    const { world } = context;
    const { id } = args;
    assertIdOrIds(args);
    if (id !== undefined) pollTransition(world, id);
    const ownedByAccount = ownerFilter(context, args, id !== undefined);
    const storage = poolAskedFor(world, args.storageid);
    // Others than root admins never see what is hidden.
    const displayvolume = args.displayvolume ?? (isRootAdmin(context.caller) ? undefined : true);
    const isListed = matches(world, { ...args, storage, displayvolume });
    return rowsAskedFor(world.volumes, args, {
      having: {
        name: args.name,
        vmId: args.virtualmachineid?.id,
        poolId: storage?.id,
      },
      among:
        args.tags && idsWithAnyTag(world, args.tags).flatMap((id) => world.volumes.get(id) ?? []),
      isOwned: ownedByAccount,
    })
      .filter((volume) => ownedByAccount(volume.accountId) && isListed(volume))
      .sort((a, b) => b.createdMs - a.createdMs || b.internalId - a.internalId);
  },
});

/**
 * In `on-poll` mode, looking at a volume between two states moves the job that changes it: one about
 * the volume itself, about a snapshot of it, or about the VM that is started with it.
 */
function pollTransition(world: World, volume: VolumeRow): void {
  world.kernel.poll(volumeItem(volume.id));
  if (!inTransition.includes(volume.state)) return;
  const snapshots = world.snapshots.where('volumeId', volume.id).map(({ id }) => id);
  const vm = volume.vmId === null || volume.state !== 'Creating' ? [] : [volume.vmId];
  pollJobsAbout(world, [volume.id, ...snapshots, ...vm]);
}

const inTransition: readonly VolumeState[] = [
  'Creating',
  'Attaching',
  'Snapshotting',
  'Resizing',
  'Migrating',
  'Copying',
];

interface Filters {
  readonly name?: string | undefined;
  readonly keyword?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: string | undefined;
  readonly virtualmachineid?: { readonly id: string } | undefined;
  readonly zoneid?: { readonly id: string } | undefined;
  readonly podid?: { readonly id: string } | undefined;
  readonly clusterid?: { readonly id: string } | undefined;
  readonly storage?: { readonly id: string } | undefined;
  readonly displayvolume?: boolean | undefined;
  readonly isencrypted?: boolean | undefined;
  readonly diskofferingid?: { readonly id: string } | undefined;
  readonly serviceofferingid?: { readonly id: string } | undefined;
  readonly tags?: readonly { readonly key: string; readonly value: string }[] | undefined;
}

function matches(world: World, filters: Filters): (volume: VolumeRow) => boolean {
  const { name, keyword, type, state, tags } = filters;
  const equal = (filter: { readonly id: string } | undefined, value: string | null | undefined) =>
    filter === undefined || filter.id === value;
  return (volume) => {
    const pool = poolOf(world, volume);
    return (
      (name === undefined || sameName(volume.name, name)) &&
      (keyword === undefined || hasKeyword(volume, keyword)) &&
      (type === undefined || contains(volume.type, type)) &&
      (state === undefined || sameName(volume.state, state)) &&
      equal(filters.virtualmachineid, volume.vmId) &&
      equal(filters.zoneid, volume.zoneId) &&
      equal(filters.podid, podIdOf(world, pool)) &&
      equal(filters.clusterid, pool?.clusterId) &&
      equal(filters.storage, volume.poolId) &&
      (filters.displayvolume ?? volume.isDisplayed) === volume.isDisplayed &&
      (filters.isencrypted === undefined ||
        filters.isencrypted === (isOnPool(volume) && isEncrypted(world, volume))) &&
      equal(filters.diskofferingid, volume.diskOfferingId) &&
      (filters.diskofferingid !== undefined ||
        equal(filters.serviceofferingid, volume.serviceOfferingId)) &&
      hasAnyTag(world, volume.id, tags)
    );
  };
}

function poolAskedFor(world: World, id: string | undefined): StoragePoolRow | undefined {
  if (id === undefined) return undefined;
  const pool = world.storagePools.get(id);
  if (pool?.removedMs === null) return pool;
  throw invalidParameter(`Unable to find storage pool by uuid ${id}`);
}

function hasKeyword(volume: VolumeRow, keyword: string): boolean {
  return [volume.name, volume.type, volume.state].some((value) => contains(value, keyword));
}

function poolOf(world: World, volume: VolumeRow): StoragePoolRow | undefined {
  return volume.poolId === null ? undefined : world.storagePools.require(volume.poolId);
}

function podIdOf(world: World, pool: StoragePoolRow | undefined): string | undefined {
  const clusterId = pool?.clusterId ?? null;
  return clusterId === null ? undefined : world.clusters.require(clusterId).podId;
}
