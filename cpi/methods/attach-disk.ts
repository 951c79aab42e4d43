import { isCloudStackError, type CloudStackError } from '../cloudstack/errors.js';
import { findVolume } from '../cloudstack/find-resources.js';
import type { VirtualMachine, Volume } from '../cloudstack/types.js';
import { tryUntil } from '../flow/again.js';
import { startDeadline } from '../flow/deadline.js';
import { BoshError } from '../protocol/bosh-error.js';
import { text } from './call/argument.js';
import { volumeDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { nameAndPlace } from './disk/local-disk.js';
import { requireKeptOrFree } from './disk/settled-volume.js';
import { holderOf, requireVm } from './shared/live-resources.js';
import { whileThere } from './shared/while-there.js';
import { announceDisk, hintFor } from './vm/vm-disks.js';

export const attachDisk = defineMethod({
  name: 'attach_disk',
  summary: 'Attaches a disk to a VM and says where the agent finds it; done already is a success.',
  arguments: [text('vm_cid'), text('disk_cid')],
  rules: [
    'A disk that another VM has is an error, and stays there. One on local storage comes to VMs on its ' +
      'host alone: create_vm starts a VM there if the disk is among its `disk_cids` and free. Where it ' +
      'cannot follow, the message says what helps.',
  ],
  run: async (call, [vmCid, diskCid]) => {
    const [vm, volume] = await Promise.all([
      requireVm(call, vmCid),
      requireKeptOrFree(call, diskCid),
    ]);
    const hint = await whileThere(call, { vmCid, diskCid }, async () => {
      const attached = await attach(call, vm, volume, diskCid);
      const found = hintFor(vm, attached);
      await announceDisk(call, vm, diskCid, found);
      return found;
    });
    return call.apiVersion >= 2 ? hint : null;
  },
});

async function attach(
  call: Call,
  vm: VirtualMachine,
  volume: Volume,
  diskCid: string,
): Promise<Volume> {
  if (volume.virtualmachineid === vm.id) return volume;
  if (volume.virtualmachineid !== undefined) {
    throw new BoshError(
      'CloudError',
      `Disk ${diskCid} cannot be attached to VM ${vm.id}: it is attached to ${holderOf(volume)}. ` +
        'Detach it there first',
    );
  }
  try {
    return await attachOnceDriversRun(call, vm, volume);
  } catch (failure) {
    // Attaching is not idempotent in CloudStack: this or an earlier call may have got there.
    if (!isCloudStackError(failure)) throw failure;
    const now = await findVolume(call.client, volume.id);
    if (now?.virtualmachineid === vm.id) return now;
    throw isOutOfReach(failure) ? cannotFollowError(failure, vm, volume) : failure;
  }
}

/** Between two tries, while a guest boots. */
const pauseMs = 10_000;

/**
 * XenServer attaches no disk to a guest whose drivers it has not heard of yet
 * (VM_MISSING_PV_DRIVERS), as it does soon after the guest has booted.
 */
function attachOnceDriversRun(call: Call, vm: VirtualMachine, volume: Volume): Promise<Volume> {
  const deadlineMs = volumeDeadlineMs(call);
  const what = `attachment of volume ${volume.id} to VM ${vm.id}`;
  const ids = { id: volume.id, virtualmachineid: vm.id };
  return tryUntil(
    call,
    { deadline: startDeadline(call.clock, deadlineMs), pauseMs },
    () => call.client.run('attachVolume', ids, { what, deadlineMs }),
    (failure) => {
      const isEarly = isCloudStackError(failure) && failure.text.includes('requires PV drivers');
      if (isEarly) call.log(`the drivers of VM ${vm.id} do not run yet; trying again`);
      return isEarly;
    },
  );
}

/** VolumeApiServiceImpl.needMoveVolume and what calls it: no command moves a local volume. */
function isOutOfReach({ text }: CloudStackError): boolean {
  return /migration of local data volume is not allowed|move volume between scope: HOST/.test(text);
}

function cannotFollowError(
  failure: CloudStackError,
  { id, name }: VirtualMachine,
  volume: Volume,
): BoshError {
  return new BoshError(
    'CloudError',
    `Disk ${nameAndPlace(volume)} cannot be attached to VM ${name} (${id}): it is on the local storage ` +
      'of another host, from which CloudStack moves no disk. Recreate the VM with the disk (bosh ' +
      'recreate): create_vm starts it on the host of its disk, where it needs room and which, in a ' +
      'zone of several clusters, its compute_offering should lead to (host_tags). If that host is ' +
      'lost or full, a root administrator can move the detached disk (migrateVolume); to be free of ' +
      'hosts, give the disk type a disk_offering of shared storage while the disk is on a VM that ' +
      `has it, and BOSH copies it. CloudStack says: ${failure.text}`,
    { cause: failure },
  );
}
