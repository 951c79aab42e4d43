import { isCloudStackError } from '../../cloudstack/errors.js';
import { tryUntil } from '../../flow/again.js';
import { startDeadline } from '../../flow/deadline.js';
import { volumeDeadlineMs, type Call } from '../call/call.js';

/** Between two tries while a snapshot is being taken. */
const pauseMs = 5_000;

/**
 * Does what CloudStack refuses, and does not queue, while it takes a snapshot of the disk, or of
 * the root disk of the VM: as soon as that is over. Whoever runs the cloud may have some taken by
 * the hour; one that never ends is told after the time of a job on a volume.
 */
export function onceSnapshotsAreTaken<T>(
  call: Pick<Call, 'client' | 'configuration'>,
  work: () => Promise<T>,
): Promise<T> {
  const { client } = call;
  const deadline = startDeadline(client.clock, volumeDeadlineMs(call));
  return tryUntil(client, { deadline, pauseMs }, work, (failure) => {
    const isTaken =
      isCloudStackError(failure, 'in-use') && failure.text.includes('unbacked up snapshot');
    if (isTaken) client.log('a snapshot is being taken; waiting until that is over');
    return isTaken;
  });
}
