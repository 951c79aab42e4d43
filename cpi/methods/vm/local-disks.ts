import { findById } from '../../cloudstack/find-by-id.js';
import { findVolume } from '../../cloudstack/find-resources.js';
import type { Volume } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
import { awaitEarlier } from '../disk/earlier-jobs.js';
import { holderOf, isLiveVolume } from '../shared/live-resources.js';

/**
 * Which of the disks that a VM will get live on one host and are free. Attached before its first
 * start, they make CloudStack start the VM on that host; later it would refuse them, and an
 * ordinary user has no other way to choose a host.
 */
export async function findLocalDisks(call: Call, diskCids: readonly string[]): Promise<Volume[]> {
  const local: Volume[] = [];
  const storageByOffering = new Map<string, string | undefined>();
  for (const diskCid of diskCids) {
    const volume = await findFreeDisk(call, diskCid);
    const offeringId = volume?.diskofferingid;
    if (volume === undefined || offeringId === undefined) continue;
    if (!storageByOffering.has(offeringId)) {
      const offering = await findById(call.client, 'listDiskOfferings', offeringId);
      storageByOffering.set(offeringId, offering?.storagetype);
    }
    if (storageByOffering.get(offeringId) === 'local') local.push(volume);
  }
  return local;
}

/** One that an earlier call is taking off its VM is free as soon as that is over. */
async function findFreeDisk(call: Call, diskCid: string): Promise<Volume | undefined> {
  const volume = await findDisk(call, diskCid);
  if (volume?.virtualmachineid === undefined) return volume;
  const isOnItsWay = await awaitEarlier(call, 'detachVolume', volume);
  const now = isOnItsWay ? await findDisk(call, diskCid) : volume;
  if (now?.virtualmachineid === undefined) return now;
  call.log(`disk ${diskCid} is attached to ${holderOf(now)} and stays there for now`);
  return undefined;
}

async function findDisk({ client, log }: Call, diskCid: string): Promise<Volume | undefined> {
  const volume = await findVolume(client, diskCid);
  if (isLiveVolume(volume)) return volume;
  log(`warning: disk ${diskCid} of the VM does not exist`);
  return undefined;
}
