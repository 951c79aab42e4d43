import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findSnapshot } from '../../cloudstack/find-resources.js';

/** Between two looks at a snapshot that CloudStack still works on. */
const pauseMs = 2_000;

/**
 * Deletes a snapshot; one that is gone already is a success. CloudStack refuses that while the
 * snapshot is on its way: then it is tried again until `deadlineMs` is over or the signal of the
 * client says stop.
 */
export async function removeSnapshot(
  client: CloudStackClient,
  snapshotId: string,
  deadlineMs: number,
): Promise<void> {
  const { clock, signal } = client;
  const endMs = clock.nowMs() + deadlineMs;
  for (;;) {
    try {
      const what = `deletion of snapshot ${snapshotId}`;
      await client.run('deleteSnapshot', { id: snapshotId }, { what, deadlineMs });
      return;
    } catch (failure) {
      if (isCloudStackError(failure, 'not-found')) return;
      if (await isGone(client, snapshotId, failure)) return;
      if (!isCloudStackError(failure, 'in-use') || clock.nowMs() >= endMs) throw failure;
    }
    await clock.sleep(pauseMs, signal);
  }
}

/** Nobody saw the end of the job: the snapshot itself tells. */
async function isGone(
  client: CloudStackClient,
  snapshotId: string,
  failure: unknown,
): Promise<boolean> {
  if (!isCloudStackError(failure)) return false;
  return (await findSnapshot(client, snapshotId)) === undefined;
}
