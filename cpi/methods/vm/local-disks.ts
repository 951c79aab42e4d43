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
export async function findLocalDisks(
  { client, log }: Call,
  diskCids: readonly string[],
): Promise<Volume[]> {
  const local: Volume[] = [];
  for (const diskCid of diskCids) {
    const volume = await findVolume(client, diskCid);
    if (!isLiveVolume(volume)) {
      log(`warning: disk ${diskCid} of the VM does not exist`);
    } else if (volume.virtualmachineid !== undefined) {
      log(`disk ${diskCid} is attached to ${holderOf(volume)} and stays there for now`);
    } else if (volume.diskofferingid !== undefined) {
      const offering = await findById(client, 'listDiskOfferings', volume.diskofferingid);
      if (offering?.storagetype === 'local') local.push(volume);
    }
  }
  return local;
}
