import { isPassing } from '../../cloudstack/errors.js';
import type { Volume } from '../../cloudstack/types.js';
import { waitFor } from '../../flow/waiter.js';
import { volumeDeadlineMs, type Call } from '../call/call.js';
import { requireVolume } from '../shared/live-resources.js';
import { awaitEarlier } from './earlier-jobs.js';

/** The states of a volume that nobody works on. */
const resting = ['Ready', 'Allocated'];

/** Those between: CloudStack refuses everything until they are over. */
const passing = ['Creating', 'Attaching', 'Snapshotting', 'Resizing', 'Migrating', 'Copying'];

/** Those that may lead to an attachment; the first one makes the volume. */
const leading = ['Creating', 'Attaching'];

/**
 * A disk once nobody works on it, such as an earlier call that its caller gave up.
 *
 * @throws BoshError of type DiskNotFound, also if it goes meanwhile; DeadlineExceeded,
 *   UnexpectedState.
 */
export async function requireSettledVolume(
  call: Call,
  diskCid: string,
  deadlineMs = volumeDeadlineMs(call),
): Promise<Volume> {
  const volume = await requireVolume(call, diskCid);
  return isAtRest(volume) ? volume : untilSettled(call, volume, diskCid, deadlineMs);
}

/**
 * A disk, once it can be told whether it is attached: one that an earlier call is attaching, or has
 * ordered to be attached, has no VM yet, and will have one.
 *
 * @throws as `requireSettledVolume`; CloudStackError of kind `deadline`.
 */
export async function requireAttachedOrFree(call: Call, diskCid: string): Promise<Volume> {
  const volume = await requireVolume(call, diskCid);
  if (volume.virtualmachineid !== undefined) return volume;
  if (leading.includes(volume.state ?? '')) return untilSettled(call, volume, diskCid);
  if (!(await awaitEarlier(call, 'attachVolume', volume))) return volume;
  return requireSettledVolume(call, diskCid);
}

/**
 * A disk once nobody works on it, and the VM that it is attached to keeps it: one that an earlier
 * call is detaching has its VM, and is Ready, until that is over.
 *
 * @throws as `requireAttachedOrFree`.
 */
export async function requireKeptOrFree(call: Call, diskCid: string): Promise<Volume> {
  const volume = await requireSettledVolume(call, diskCid);
  if (volume.virtualmachineid === undefined) return volume;
  if (!(await awaitEarlier(call, 'detachVolume', volume))) return volume;
  return requireSettledVolume(call, diskCid);
}

function untilSettled(
  call: Call,
  volume: Volume,
  diskCid: string,
  deadlineMs = volumeDeadlineMs(call),
): Promise<Volume> {
  call.log(`disk ${diskCid} is ${volume.state ?? 'in no state'}; waiting until that is over`);
  return waitFor<Volume>(
    {
      what: 'end of what CloudStack does to the disk',
      id: volume.id,
      look: () => requireVolume(call, diskCid),
      stateOf: ({ state }) => state ?? '',
      targets: resting,
      pending: passing,
      deadlineMs,
      poll: call.client.poll.job,
      isPassing,
    },
    call,
  );
}

export function isAtRest({ state }: Volume): boolean {
  return resting.includes(state ?? '');
}
