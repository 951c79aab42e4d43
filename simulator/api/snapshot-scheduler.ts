import { CloudException } from '../world/cloud-exception.js';
import type { Caller } from '../declare/caller.js';
import type { JsonObject } from '../kernel/json.js';
import type { SnapshotPolicyRow, VolumeRow } from '../world/entities.js';
import { firstUserOfType } from '../world/identity/accounts.js';
import { lookAgain, scheduleNext } from '../world/storage/snapshot-policies.js';
import { tagsOf } from '../world/tags.js';
import type { World } from '../world/world.js';
import { callerOf } from './authenticate.js';

/** Sends a command in somebody's name without a request; answers what the request would get. */
export type SendAs = (
  caller: Caller,
  command: string,
  parameters: ReadonlyMap<string, string>,
) => JsonObject;

/**
 * A turn of the scheduler for one policy: takes the snapshot that is due, or after the job that took
 * the last one is over, sets the time of the next one. What is refused is tried again at each turn
 * (SnapshotSchedulerImpl.poll).
 */
export function runSnapshotPolicy(
  world: World,
  { policyId, dueMs }: JsonObject,
  sendAs: SendAs,
): void {
  const policy = typeof policyId === 'string' ? world.snapshotPolicies.get(policyId) : undefined;
  // It may have been deleted, hidden, or given another time.
  if (policy === undefined || policy.removedMs !== null || policy.dueMs !== dueMs) return;
  if (policy.jobId === null) {
    takeSnapshot(world, policy, sendAs);
    lookAgain(world, policy);
    return;
  }
  if (world.jobs.get(policy.jobId)?.state === 'pending') lookAgain(world, policy);
  else scheduleNext(world, policy);
}

function takeSnapshot(world: World, policy: SnapshotPolicyRow, sendAs: SendAs): void {
  const volume = world.volumes.require(policy.volumeId);
  const caller = ownerOf(world, volume);
  if (volume.poolId === null || caller?.account.state !== 'enabled') return;
  try {
    const { jobid } = sendAs(caller, 'createSnapshot', parametersOf(world, policy));
    if (typeof jobid === 'string') world.snapshotPolicies.change(policy, { jobId: jobid });
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
  }
}

/** CloudStack asks as the system for the owner; here a user of the owner asks, or else an admin. */
function ownerOf(world: World, { accountId }: VolumeRow): Caller | undefined {
  const [user] = world.users.where('accountId', accountId);
  const asking = user ?? firstUserOfType(world, 'Admin');
  return asking && callerOf(world, world.users.require(asking.id));
}

function parametersOf(world: World, policy: SnapshotPolicyRow): ReadonlyMap<string, string> {
  const tags = tagsOf(world, policy.id).flatMap(({ key, value }, index): [string, string][] => [
    [`tags[${index}].key`, key],
    [`tags[${index}].value`, value],
  ]);
  return new Map([['volumeid', policy.volumeId], ['policyid', policy.id], ...tags]);
}
