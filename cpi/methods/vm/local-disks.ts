import { isCloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import { findVolume } from '../../cloudstack/find-resources.js';
import type { Volume } from '../../cloudstack/types.js';
import { startDeadline, type Deadline } from '../../flow/deadline.js';
import { DeadlineExceeded, UnexpectedState } from '../../flow/errors.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { volumeDeadlineMs, type Call } from '../call/call.js';
import { awaitEarlier } from '../disk/earlier-jobs.js';
import { isAtRest, requireSettledVolume } from '../disk/settled-volume.js';
import { holderOf, isLiveVolume } from '../shared/live-resources.js';

/** What becomes of the disks that create_vm is told, for the documentation. */
export const localDiskRules: readonly string[] = [
  'Of the `disk_cids` those on local storage that are free are attached before the VM starts, which ' +
    'then has to start on their host; one that an earlier call is still detaching, or that is being ' +
    'moved or has a snapshot taken, is waited for, at most `cloudstack.state_timeout_volume` for all together. The log names those that are not attached; ' +
    'all others attach_disk brings.',
];

/**
 * Which of the disks that a VM will get live on one host and are free. Attached before its first
 * start, they make CloudStack start the VM on that host; later it would refuse them, and an
 * ordinary user has no other way to choose a host. For those that an earlier call is taking off
 * its VM there is time for one job on a volume, all of them together; what is not free by then is
 * told, and left to attach_disk. Others come to the VM wherever it starts: nobody waits for them.
 */
export async function findLocalDisks(call: Call, diskCids: readonly string[]): Promise<Volume[]> {
  const local: Volume[] = [];
  const patience = startDeadline(call.clock, volumeDeadlineMs(call));
  const isLocal = localOfferings(call);
  for (const diskCid of diskCids) {
    const volume = await findDisk(call, diskCid);
    if (volume === undefined || !(await isLocal(volume))) continue;
    const free = await whenFree(call, volume, diskCid, patience);
    if (free !== undefined) local.push(free);
  }
  return local;
}

/** Tells of a disk whether it is on local storage, and asks of each offering once. */
function localOfferings({ client }: Call): (volume: Volume) => Promise<boolean> {
  const storageByOffering = new Map<string, string | undefined>();
  return async ({ diskofferingid: offeringId }) => {
    if (offeringId === undefined) return false;
    if (!storageByOffering.has(offeringId)) {
      const offering = await findById(client, 'listDiskOfferings', offeringId);
      storageByOffering.set(offeringId, offering?.storagetype);
    }
    return storageByOffering.get(offeringId) === 'local';
  };
}

/** One that an earlier call is taking off its VM is free as soon as that is over. */
async function whenFree(
  call: Call,
  volume: Volume,
  diskCid: string,
  patience: Deadline,
): Promise<Volume | undefined> {
  const settled =
    volume.virtualmachineid === undefined
      ? await whenAtRest(call, volume, diskCid, patience)
      : volume;
  if (settled?.virtualmachineid === undefined) return settled;
  const now = (await isDetachedBefore(call, settled, patience))
    ? await findDisk(call, diskCid)
    : settled;
  if (now?.virtualmachineid === undefined) return now;
  call.log(
    `warning: local disk ${diskCid} is attached to ${holderOf(now)} and stays there for now: the new ` +
      'VM may start on another host than that of the disk, where attach_disk cannot bring it',
  );
  return undefined;
}

/** CloudStack attaches no disk that it is at work on; undefined where that does not end in time. */
async function whenAtRest(
  call: Call,
  volume: Volume,
  diskCid: string,
  patience: Deadline,
): Promise<Volume | undefined> {
  if (isAtRest(volume)) return volume;
  try {
    return await requireSettledVolume(call, diskCid, patience.remainingMs());
  } catch (failure) {
    const isOver = failure instanceof DeadlineExceeded || failure instanceof UnexpectedState;
    if (!isOver && !(failure instanceof BoshError)) throw failure;
    call.log(`warning: local disk ${diskCid} is not attached before the start: ${failure.message}`);
    return undefined;
  }
}

/** Answers whether there was a detachment, and it has ended. */
async function isDetachedBefore(call: Call, volume: Volume, patience: Deadline): Promise<boolean> {
  try {
    return await awaitEarlier(call, 'detachVolume', volume, patience.remainingMs());
  } catch (failure) {
    if (!isCloudStackError(failure, 'deadline')) throw failure;
    call.log(`warning: ${failure.message}`);
    return false;
  }
}

async function findDisk({ client, log }: Call, diskCid: string): Promise<Volume | undefined> {
  const volume = await findVolume(client, diskCid);
  if (isLiveVolume(volume)) return volume;
  log(`warning: disk ${diskCid} of the VM does not exist`);
  return undefined;
}
