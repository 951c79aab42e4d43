import type { CloudEventRow, JobEvent } from './entities.js';
import type { World } from './world.js';

/** How many events are kept; CloudStack keeps those of `event.purge.delay` days, however many. */
export const KEPT_CLOUD_EVENTS = 5_000;

/** Writes into CloudStack's own event log; the oldest entry gives way. */
export function recordEvent(
  world: World,
  event: JobEvent,
  happened: Pick<CloudEventRow, 'state' | 'level' | 'description'>,
): CloudEventRow {
  const oldest = world.cloudEvents.oldest();
  if (oldest !== undefined && world.cloudEvents.size >= KEPT_CLOUD_EVENTS) {
    world.cloudEvents.purge(oldest);
  }
  const { startId, type, accountId, userId, resourceType, resourceId } = event;
  return world.cloudEvents.insert({
    startId,
    type,
    accountId,
    userId,
    resourceType,
    resourceId,
    ...happened,
  });
}
