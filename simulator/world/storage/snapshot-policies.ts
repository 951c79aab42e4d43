import type { SnapshotPolicyRow, VolumeRow } from '../entities.js';
import { removeTags } from '../tags.js';
import type { World } from '../world.js';
import { nextRunMs } from './snapshot-schedule.js';

/** The task that looks whether a policy has a snapshot to take. */
export const SNAPSHOT_POLICY_TASK = 'snapshot.policy';

/** What a caller may choose of a policy. */
export type PolicyWish = Pick<
  SnapshotPolicyRow,
  'interval' | 'schedule' | 'timezone' | 'maxSnaps' | 'isDisplayed' | 'zoneIds'
>;

export function policiesOf(world: World, volumeId: string): SnapshotPolicyRow[] {
  return world.snapshotPolicies.where('volumeId', volumeId);
}

/**
 * Gives a volume a policy. One of the same interval that it has is changed, and its tags go; its next
 * snapshot stays when it was due (SnapshotManagerImpl.persistSnapshotPolicy).
 */
export function putPolicy(world: World, volume: VolumeRow, wish: PolicyWish): SnapshotPolicyRow {
  const present = policiesOf(world, volume.id).find(({ interval }) => interval === wish.interval);
  if (present === undefined) {
    const policy = world.snapshotPolicies.insert({
      ...wish,
      volumeId: volume.id,
      dueMs: null,
      jobId: null,
    });
    scheduleNext(world, policy);
    return policy;
  }
  const { zoneIds, isDisplayed, ...rest } = wish;
  world.snapshotPolicies.change(present, zoneIds.length === 0 ? rest : { ...rest, zoneIds });
  setDisplayed(world, present, isDisplayed);
  removeTags(world, present.id);
  return present;
}

/** A policy that is not displayed takes no snapshots. */
export function setDisplayed(world: World, policy: SnapshotPolicyRow, isDisplayed: boolean): void {
  if (policy.isDisplayed === isDisplayed) return;
  world.snapshotPolicies.change(policy, { isDisplayed });
  scheduleNext(world, policy);
}

/** Removes a policy; the snapshots that it took stay. */
export function removePolicy(world: World, policy: SnapshotPolicyRow): void {
  removeTags(world, policy.id);
  world.snapshotPolicies.remove(policy);
}

/** The next snapshot is due when the schedule says so. */
export function scheduleNext(world: World, policy: SnapshotPolicyRow): void {
  const { interval, schedule, timezone, isDisplayed } = policy;
  const dueMs = isDisplayed
    ? (nextRunMs(interval, schedule, timezone, world.kernel.nowMs) ?? null)
    : null;
  world.snapshotPolicies.change(policy, { dueMs, jobId: null });
  if (dueMs !== null) lookAt(world, policy, dueMs);
}

/** Has the scheduler look at a policy again at its next turn (`snapshot.poll.interval`). */
export function lookAgain(world: World, policy: SnapshotPolicyRow): void {
  lookAt(world, policy, world.kernel.nowMs + 1);
}

/** The scheduler takes its turns at regular times: at the first that is not before `fromMs`. */
function lookAt(world: World, { id: policyId, dueMs }: SnapshotPolicyRow, fromMs: number): void {
  const turnMs = world.settings.get('snapshot.poll.interval') * 1_000;
  const nextMs = Math.ceil(fromMs / turnMs) * turnMs;
  world.kernel.schedule({
    kind: SNAPSHOT_POLICY_TASK,
    args: { policyId, dueMs },
    afterMs: nextMs - world.kernel.nowMs,
  });
}
