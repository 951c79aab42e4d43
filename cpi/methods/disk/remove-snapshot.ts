import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findSnapshot } from '../../cloudstack/find-resources.js';
import { tryUntil } from '../../flow/again.js';
import { startDeadline } from '../../flow/deadline.js';

/** Between two looks at a snapshot that CloudStack still works on. */
const pauseMs = 2_000;

/**
 * Deletes a snapshot; one that is gone already is a success. CloudStack refuses that while the
 * snapshot is on its way: then it is tried again until `deadlineMs` is over or the signal of the
 * client says stop.
 */
export function removeSnapshot(
  client: CloudStackClient,
  snapshotId: string,
  deadlineMs: number,
): Promise<void> {
  const deadline = startDeadline(client.clock, deadlineMs);
  return tryUntil(
    client,
    { deadline, pauseMs },
    () => removeUnlessGone(client, snapshotId, deadlineMs),
    (failure) => isCloudStackError(failure, 'in-use'),
  );
}

async function removeUnlessGone(
  client: CloudStackClient,
  snapshotId: string,
  deadlineMs: number,
): Promise<void> {
  try {
    const what = `deletion of snapshot ${snapshotId}`;
    await client.run('deleteSnapshot', { id: snapshotId }, { what, deadlineMs });
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return;
    if (!(await isGone(client, snapshotId, failure))) throw failure;
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
