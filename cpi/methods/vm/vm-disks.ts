import { diskHint, type DiskHint } from '../../agent/disk-hint.js';
import { setPersistentDisk } from '../../agent/settings.js';
import { decodeUserData, encodeUserData } from '../../agent/user-data.js';
import type { CloudStackClient } from '../../cloudstack/client.js';
import { findVm } from '../../cloudstack/find-resources.js';
import { marks, tagsByKey } from '../../cloudstack/tags.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { earlierNames } from '../shared/earlier-names.js';
import { announceInEntry } from './registry-entry.js';

/**
 * The ephemeral ones of the volumes of a VM: marked by us, made by CloudStack together with its
 * root disk (`DATA-12` beside `ROOT-12`: VolumeOrchestrator.allocateRawVolume), or named by an
 * older CPI. A disk that carries the mark of another purpose is never one, nor is one that came
 * with another VM: operators may attach any volume as a persistent disk.
 */
export function ephemeralDisks(volumesOfVm: readonly Volume[]): Volume[] {
  const twinOfRoot = nameOfTwin(volumesOfVm);
  return volumesOfVm.filter((volume) => {
    if (volume.type === 'ROOT') return false;
    const { [marks.purpose]: purpose, [marks.vm]: madeFor } = tagsByKey(volume.tags);
    if (purpose !== undefined) return purpose === 'ephemeral-disk' && isOn(volume, madeFor);
    return volume.name === twinOfRoot || earlierNames.ephemeralDisk.test(volume.name);
  });
}

/** Whether a disk is on the VM that it was made for; marks of earlier VMs have their names. */
function isOn({ virtualmachineid, vmname }: Volume, madeFor: string | undefined): boolean {
  return madeFor === undefined || [virtualmachineid, vmname].includes(madeFor);
}

/** What CloudStack calls the disk that it makes together with the root disk of a VM. */
function nameOfTwin(volumesOfVm: readonly Volume[]): string | undefined {
  const root = volumesOfVm.find(({ type }) => type === 'ROOT');
  return root?.name.replace(/^ROOT-/, 'DATA-');
}

/**
 * The disk that CloudStack made together with a VM, where somebody has detached it before the VM
 * ever started. Its name may be anybody's: it is as new as the VM, of the offering that was asked
 * for, on no VM, without tags, and was never written to, because a disk has no place on a storage
 * before its VM starts.
 */
export async function findLostTwin(
  client: CloudStackClient,
  vm: VirtualMachine,
  volumesOfVm: readonly Volume[],
  offeringId: unknown,
): Promise<Volume | undefined> {
  const name = nameOfTwin(volumesOfVm);
  if (name === undefined) return undefined;
  const vmCreatedMs = Date.parse(vm.created ?? '');
  return (await client.list('listVolumes', { name })).find(
    (volume) =>
      volume.name === name &&
      volume.state === 'Allocated' &&
      volume.virtualmachineid === undefined &&
      volume.diskofferingid === offeringId &&
      (volume.tags ?? []).length === 0 &&
      Date.parse(volume.created ?? '') >= vmCreatedMs,
  );
}

/** The data disks that did not come with their VM: a VM that carries one has been in use. */
export function foreignDisks(volumesOfVm: readonly Volume[]): Volume[] {
  const own = ephemeralDisks(volumesOfVm);
  return volumesOfVm.filter((volume) => volume.type !== 'ROOT' && !own.includes(volume));
}

/** Where the agent of a VM finds an attached volume. */
export function hintFor(vm: VirtualMachine, volume: Volume): DiskHint {
  if (volume.deviceid === undefined) {
    throw new BoshError(
      'CloudError',
      `CloudStack tells no device id of volume ${volume.id} on VM ${vm.id}; call again later`,
    );
  }
  return diskHint({
    volumeId: volume.id,
    deviceId: volume.deviceid,
    hypervisor: vm.hypervisor,
    diskController: diskControllerOf(vm),
  });
}

/**
 * Of data disks on KVM (LibvirtComputingResource.createVbd): what the details of the VM name for
 * them, else SCSI where the root disk is on it, by its detail or by the OS type. A name that is no
 * bus's counts as none.
 */
function diskControllerOf({
  details = {},
  osdisplayname = '',
}: VirtualMachine): string | undefined {
  const byOs = osdisplayname.startsWith('Other PV Virtio-SCSI') ? 'scsi' : undefined;
  const root = busNamed(details['rootDiskController']) ?? byOs;
  return busNamed(details['dataDiskController']) ?? (root === 'scsi' ? root : undefined);
}

/** What CloudStack takes for one, in any case (LibvirtVMDef.DiskDef.DiskBus). */
const buses: readonly string[] = [
  ...['ide', 'scsi', 'virtio', 'xen', 'usb', 'uml', 'fdc', 'sata', 'virtio-blk'],
];

function busNamed(name: string | undefined): string | undefined {
  return buses.find((bus) => bus === name?.toLowerCase());
}

/**
 * Tells the agent of a disk where it finds its settings, which it reads again whenever it works on
 * disks: in the registry, if the VM has some there, and in its user data for callers of API version
 * 1, which do not tell agents about disks. What such a caller had told there, a later one takes
 * back as well: an agent that starts again looks for all that it is told of.
 */
export async function announceDisk(
  call: Call,
  vm: VirtualMachine,
  diskCid: string,
  hint: DiskHint | undefined,
): Promise<void> {
  await announceInEntry(call, vm, diskCid, hint);
  const home = tagsByKey(vm.tags)[marks.registry] ?? 'user data';
  if (home === 'registry') return;
  if (call.apiVersion < 2 || (hint === undefined && isInUserData(vm, diskCid))) {
    await announceInUserData(call, vm.id, diskCid, hint);
  }
}

function isInUserData({ userdata = '' }: VirtualMachine, diskCid: string): boolean {
  const settings = decodeUserData(userdata);
  return settings !== undefined && setPersistentDisk(settings, diskCid, undefined).changed;
}

async function announceInUserData(
  { client, configuration, log }: Call,
  vmId: string,
  diskCid: string,
  hint: DiskHint | undefined,
): Promise<void> {
  const vm = await findVm(client, vmId, { withUserData: true });
  const settings = vm?.userdata === undefined ? undefined : decodeUserData(vm.userdata);
  if (settings?.agent_id === undefined) {
    log(`warning: VM ${vmId} has no agent settings as user data; disk ${diskCid} is not in them`);
    return;
  }
  const update = setPersistentDisk(settings, diskCid, hint);
  if (!update.changed) return;
  await client.call('updateVirtualMachine', {
    id: vmId,
    userdata: encodeUserData(update.settings, configuration.cloudstack.user_data_max_length),
  });
}
