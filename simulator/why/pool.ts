import type { HostRow, StoragePoolRow, VmRow, VolumeRow } from '../world/entities.js';
import { hasCapacity, isCapable } from '../world/compute/placement.js';
import { poolSetting } from '../world/settings/configurations.js';
import {
  allocatedBytesOf,
  bytesLeftOf,
  hasRoom,
  promisedBytesOf,
  usedBytesOf,
} from '../world/storage/pool-space.js';
import { poolSuits, storageNeedsOf } from '../world/storage/storage-pools.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { jobsAbout } from './jobs.js';

/** Why storage pools take disks or do not, who reaches them, and what is left. @throws NothingToExplain */
export function explainPool(world: World, idOrName: string): readonly Explanation[] {
  const meant = { word: 'storage pool', isMeant: () => true };
  return rowsMeant(world.storagePools, idOrName, meant).map((pool) => ({
    about: `storage pool ${pool.name} (${pool.id})`,
    because:
      pool.removedMs === null
        ? whyAsItIs(world, pool)
        : [`It was removed at ${timeText(pool.removedMs)}.`],
    rowIds: [pool.id],
  }));
}

/** What keeps a pool from taking any new disk, however small; nothing if it takes some. */
export function troubleOfPool(world: World, pool: StoragePoolRow): string[] {
  const { name, state } = pool;
  if (state === 'Disabled') return [`Pool ${name} is Disabled: it takes nothing new.`];
  if (state !== 'Up') {
    return [
      `Pool ${name} is ${state}: it takes nothing, until cancelStorageMaintenance ends that.`,
    ];
  }
  return bytesLeftOf(world, pool) > 0 ? [] : [`Pool ${name} is full: ${whyFull(world, pool)}`];
}

/** What keeps VMs from starting on a host, or this one. */
export function troubleOfHost(world: World, host: HostRow, vm?: VmRow): string[] {
  const { name, up, state, full } = host;
  const all = [
    ...(up ? [] : [`Host ${name} is down: nothing starts on it.`]),
    ...(state === 'Enabled' ? [] : [`Host ${name} is ${state}: nothing starts on it.`]),
    ...(full ? [`Host ${name} is full: a fault plan says so (capacity-gone).`] : []),
  ];
  const fits = vm === undefined || (isCapable(vm, host) && hasCapacity(world, vm, host));
  if (fits || full) return all;
  return [
    ...all,
    `Host ${name} has no room for it: it takes ${vm.cpuNumber} cores of ${vm.cpuMhz} MHz and ` +
      `${vm.memoryMib} MiB; \`why host ${name}\` tells what is left.`,
  ];
}

/** Why no pool takes a volume that is on none yet; nothing if one does. */
export function noPoolTakes(world: World, volume: VolumeRow): string[] {
  const { sizeBytes: bytes, templateId, zoneId } = volume;
  const needs = storageNeedsOf(world, volume);
  const ofKind = world.storagePools
    .all()
    .filter((pool) => pool.zoneId === zoneId)
    .filter(({ scope }) => (scope === 'HOST') === (needs.storageType === 'local'));
  const takes = (pool: StoragePoolRow): boolean =>
    poolSuits(pool, needs) && hasRoom(world, pool, [{ bytes, templateId }]);
  if (ofKind.some(takes)) return [];
  const reasons = ofKind.map((pool) => {
    const missing = needs.storageTags.filter((tag) => !pool.tags.includes(tag));
    if (missing.length > 0) return `Pool ${pool.name} has not the tags ${missing.join(', ')}.`;
    const [trouble] = troubleOfPool(world, pool);
    return trouble ?? `Pool ${pool.name} has ${gib(bytesLeftOf(world, pool))} left.`;
  });
  return [
    `No ${needs.storageType} pool takes its ${gib(bytes)}, with the template that it is made of:`,
    ...(reasons.length === 0 ? ['There is none.'] : reasons),
  ];
}

function whyAsItIs(world: World, pool: StoragePoolRow): string[] {
  const { scope, type, state, tags, hostId } = pool;
  const host = hostId === null ? undefined : world.hosts.require(hostId);
  return [
    `It is a ${type} pool, ${reachOf(world, pool)}`,
    `It is ${state}.`,
    ...jobsAbout(world, pool.id),
    ...(scope === 'HOST' && host !== undefined ? troubleOfHost(world, host) : []),
    ...troubleOfPool(world, pool),
    roomText(world, pool),
    tags.length === 0
      ? 'It has no tags: offerings that ask for storage tags pass it by.'
      : `Its tags, which offerings can ask for: ${tags.join(', ')}.`,
    volumesText(world, pool),
  ];
}

/** Whose the pool is: the end of a sentence. */
export function reachOf(world: World, { hostId, clusterId }: StoragePoolRow): string {
  if (hostId !== null) {
    const host = world.hosts.require(hostId).name;
    return (
      `the local storage of host ${host}: only a VM on ${host} can have it, so a VM that has run ` +
      'elsewhere is refused, and one that has never run is started there.'
    );
  }
  if (clusterId === null) return 'which all hosts of the zone share.';
  return `which the hosts of cluster ${world.clusters.require(clusterId).name} share.`;
}

function roomText(world: World, pool: StoragePoolRow): string {
  const factor = poolSetting(world, pool, 'storage.overprovisioning.factor');
  const threshold = poolSetting(world, pool, 'pool.storage.allocated.capacity.disablethreshold');
  return (
    `Of its ${gib(pool.sizeBytes)} it promises ${gib(promisedBytesOf(world, pool))} ` +
    `(storage.overprovisioning.factor ${factor}), of which ${gib(allocatedBytesOf(world, pool))} are given away ` +
    `to volumes and their templates. New disks get ${gib(bytesLeftOf(world, pool))} more, up to ` +
    `${threshold} of what it promises (pool.storage.allocated.capacity.disablethreshold).`
  );
}

function whyFull(world: World, pool: StoragePoolRow): string {
  if (pool.full) return 'a fault plan says so (capacity-gone).';
  const used = usedBytesOf(world, pool) / pool.sizeBytes;
  const limit = poolSetting(world, pool, 'pool.storage.capacity.disablethreshold');
  if (used >= limit) {
    return 'what is in use of it is at pool.storage.capacity.disablethreshold.';
  }
  return 'what is given away is at pool.storage.allocated.capacity.disablethreshold.';
}

function volumesText(world: World, { id }: StoragePoolRow): string {
  const volumes = world.volumes.where('poolId', id);
  if (volumes.length === 0) return 'No volume is on it.';
  const named = volumes
    .slice(0, MOST_NAMED)
    .map(({ name, id: volumeId }) => `${name} (${volumeId})`);
  const more = volumes.length > MOST_NAMED ? `, and ${volumes.length - MOST_NAMED} more` : '';
  return `Volumes on it: ${named.join(', ')}${more}.`;
}

const MOST_NAMED = 10;

function gib(bytes: number): string {
  return `${(bytes / 1_024 ** 3).toFixed(1)} GiB`;
}
