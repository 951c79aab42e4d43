import type { StoragePoolRow } from '../entities.js';
import { poolSetting } from '../settings/configurations.js';
import type { World } from '../world.js';

// How much of a pool is given away, and whether more fits. What the guests write is not simulated:
// what is in use of a pool are the templates on it, and everything where others have taken the rest.

/**
 * The bytes that a pool may promise: those that it has, times its overprovisioning factor, which
 * counts for all types of pools here (Storage.StoragePoolType).
 */
export function promisedBytesOf(world: World, pool: StoragePoolRow): number {
  return Math.floor(pool.sizeBytes * poolSetting(world, pool, 'storage.overprovisioning.factor'));
}

/**
 * The bytes that are promised: to the volumes that are not destroyed, and to the templates that the
 * pool has for them (CapacityManagerImpl.getAllocatedPoolCapacity).
 */
export function allocatedBytesOf(world: World, pool: StoragePoolRow): number {
  return world.volumes.total('poolId', pool.id, 'bytes') + templateBytesOf(world, pool);
}

/** The bytes that are in use. */
export function usedBytesOf(world: World, pool: StoragePoolRow): number {
  return pool.full ? pool.sizeBytes : templateBytesOf(world, pool);
}

/** Something that is to be on a pool. */
export interface Asked {
  readonly bytes: number;
  /** What it is made of, which the pool may have to get first. */
  readonly templateId?: string | null;
}

/**
 * Whether a pool takes what is asked of it: neither what is in use nor what is promised may cross its
 * threshold (StorageManagerImpl.storagePoolHasEnoughSpace).
 */
export function hasRoom(world: World, pool: StoragePoolRow, asked: readonly Asked[]): boolean {
  if (!isBelowUse(world, pool)) return false;
  const templateIds = new Set(asked.flatMap(({ templateId }) => templateId ?? []));
  const missing = [...templateIds].filter((id) => !hasTemplate(world, pool, id));
  const added = [
    ...asked.map(({ bytes }) => bytes),
    ...missing.map((id) => templateBytes(world, pool, id)),
  ];
  return isBelowPromise(
    world,
    pool,
    sum(added),
    'pool.storage.allocated.capacity.disablethreshold',
  );
}

/** How large a new disk may be, if its template is there already. */
export function bytesLeftOf(world: World, pool: StoragePoolRow): number {
  if (!isBelowUse(world, pool)) return 0;
  const threshold = poolSetting(world, pool, 'pool.storage.allocated.capacity.disablethreshold');
  const most = Math.floor(promisedBytesOf(world, pool) * threshold);
  return Math.max(0, most - allocatedBytesOf(world, pool));
}

/** Whether a pool may promise so much more (StorageManagerImpl.storagePoolHasEnoughSpace of a size). */
export function mayPromise(world: World, pool: StoragePoolRow, bytes: number): boolean {
  if (bytes === 0) return true;
  return isBelowPromise(world, pool, bytes, 'pool.storage.allocated.capacity.disablethreshold');
}

/**
 * Whether a volume on a pool may grow by so much: where it is allowed, beyond what the pool gives to
 * new ones (StorageManagerImpl.storagePoolHasEnoughSpaceForResize).
 */
export function hasRoomToGrow(world: World, pool: StoragePoolRow, bytes: number): boolean {
  if (!isBelowUse(world, pool)) return false;
  if (bytes <= 0) return true;
  const threshold = poolSetting(world, pool, 'volume.resize.allowed.beyond.allocation')
    ? 'pool.storage.allocated.resize.capacity.disablethreshold'
    : 'pool.storage.allocated.capacity.disablethreshold';
  return (
    isBelowPromise(world, pool, bytes, 'pool.storage.allocated.capacity.disablethreshold') ||
    isBelowPromise(world, pool, bytes, threshold)
  );
}

/** Whether the pool was given the template, or has a volume that came from it. */
export function hasTemplate(world: World, pool: StoragePoolRow, templateId: string): boolean {
  return (
    world.volumes.total('poolId', pool.id, templateId) > 0 ||
    preparedOn(world, pool).includes(templateId)
  );
}

function preparedOn(world: World, { id }: StoragePoolRow): string[] {
  return world.preparedTemplates.where('poolId', id).map(({ templateId }) => templateId);
}

function isBelowUse(world: World, pool: StoragePoolRow): boolean {
  const threshold = poolSetting(world, pool, 'pool.storage.capacity.disablethreshold');
  return usedBytesOf(world, pool) / pool.sizeBytes < threshold;
}

function isBelowPromise(
  world: World,
  pool: StoragePoolRow,
  bytes: number,
  threshold:
    | 'pool.storage.allocated.capacity.disablethreshold'
    | 'pool.storage.allocated.resize.capacity.disablethreshold',
): boolean {
  const share = (allocatedBytesOf(world, pool) + bytes) / promisedBytesOf(world, pool);
  return share <= poolSetting(world, pool, threshold);
}

function templateBytesOf(world: World, pool: StoragePoolRow): number {
  const ofVolumes = world.volumes.totalNames('poolId', pool.id).filter((name) => name !== 'bytes');
  const templateIds = new Set([...ofVolumes, ...preparedOn(world, pool)]);
  return sum([...templateIds].map((templateId) => templateBytes(world, pool, templateId)));
}

function templateBytes(world: World, { zoneId }: StoragePoolRow, templateId: string): number {
  return world.templateZones
    .where('templateId', templateId)
    .reduce((bytes, row) => (row.zoneId === zoneId ? Math.max(bytes, row.sizeBytes) : bytes), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
