import { isCloudStackError } from '../cloudstack/errors.js';
import { findVm, findVolume } from '../cloudstack/find-resources.js';
import type { VirtualMachine, Volume } from '../cloudstack/types.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { volumeDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { requireAttachedOrFree } from './disk/settled-volume.js';
import { holderOf, isLiveVm } from './shared/live-resources.js';
import { whileThere } from './shared/while-there.js';
import { announceDisk } from './vm/vm-disks.js';

export const detachDisk = defineMethod({
  name: 'detach_disk',
  summary: 'Detaches a disk from a VM; a disk that is attached nowhere is a success.',
  arguments: [text('vm_cid'), text('disk_cid')],
  run: async (call, [vmCid, diskCid]) => {
    const { client, log } = call;
    const [vm, volume] = await Promise.all([
      findVm(client, vmCid, { withUserData: true }),
      requireAttachedOrFree(call, diskCid),
    ]);
    if (volume.virtualmachineid === undefined) log(`disk ${diskCid} is attached nowhere`);
    else if (volume.virtualmachineid === vm?.id) {
      await whileThere(call, { diskCid }, () => detach(call, volume));
    } else {
      throw new BoshError(
        'DiskNotAttached',
        `Disk ${diskCid} is not attached to VM ${vmCid}, but to ${holderOf(volume)}`,
      );
    }
    if (isLiveVm(vm)) await withdraw(call, vm, diskCid);
    return null;
  },
});

/** A VM that goes in the meantime has no agent to be told. */
async function withdraw(call: Call, vm: VirtualMachine, diskCid: string): Promise<void> {
  try {
    await announceDisk(call, vm, diskCid, undefined);
  } catch (failure) {
    if (!isCloudStackError(failure) || isLiveVm(await findVm(call.client, vm.id))) throw failure;
  }
}

async function detach(call: Call, volume: Volume): Promise<void> {
  try {
    await call.client.run(
      'detachVolume',
      { id: volume.id },
      { what: `detachment of volume ${volume.id}`, deadlineMs: volumeDeadlineMs(call) },
    );
  } catch (failure) {
    if (!isCloudStackError(failure)) throw failure;
    const now = await findVolume(call.client, volume.id);
    if (now?.virtualmachineid !== undefined) throw failure;
  }
}
