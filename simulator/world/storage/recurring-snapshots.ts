import { CloudException } from '../cloud-exception.js';
import type { SnapshotRow } from '../entities.js';
import type { World } from '../world.js';
import { beginDeletion, finishDeletion } from './snapshot-deletion.js';
import type { PolicyInterval } from './snapshot-schedule.js';

/** How many snapshots of an interval are kept at most, whatever policies say (`snapshot.max.*`). */
export function mostKept(world: World, interval: PolicyInterval): number {
  switch (interval) {
    case 'HOURLY':
      return world.settings.get('snapshot.max.hourly');
    case 'DAILY':
      return world.settings.get('snapshot.max.daily');
    case 'WEEKLY':
      return world.settings.get('snapshot.max.weekly');
    case 'MONTHLY':
      return world.settings.get('snapshot.max.monthly');
  }
}

/**
 * After a policy took a snapshot, deletes the oldest of its interval that are too many. What cannot
 * be deleted stays, and so do the others (SnapshotManagerImpl.postCreateRecurringSnapshotForPolicy).
 */
export function dropOldest(world: World, { volumeId, type }: SnapshotRow, maxSnaps: number): void {
  if (type === 'MANUAL') return;
  const kept = world.snapshots.where('volumeId', volumeId).filter((row) => row.type === type);
  const max = Math.max(1, Math.min(maxSnaps, mostKept(world, type)));
  for (const oldest of kept.slice(0, Math.max(0, kept.length - max))) {
    try {
      if (beginDeletion(world, oldest, undefined) === 'begun') {
        finishDeletion(world, oldest, undefined);
      }
    } catch (error) {
      if (error instanceof CloudException) return;
      throw error;
    }
  }
}
