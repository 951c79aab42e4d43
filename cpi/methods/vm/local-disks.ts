import { findById } from '../../cloudstack/find-by-id.js';
import { findVolume } from '../../cloudstack/find-resources.js';
import type { Volume } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
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

async function findFreeDisk({ client, log }: Call, diskCid: string): Promise<Volume | undefined> {
  const volume = await findVolume(client, diskCid);
  if (!isLiveVolume(volume)) {
    log(`warning: disk ${diskCid} of the VM does not exist`);
    return undefined;
  }
  if (volume.virtualmachineid === undefined) return volume;
  log(`disk ${diskCid} is attached to ${holderOf(volume)} and stays there for now`);
  return undefined;
}
