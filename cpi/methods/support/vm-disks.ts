import { diskHint, type DiskHint } from '../../agent/disk-hint.js';
import { setPersistentDisk } from '../../agent/settings.js';
import { decodeUserData, encodeUserData } from '../../agent/user-data.js';
import { findVm } from '../../cloudstack/find-resources.js';
import { marks } from '../../cloudstack/tags.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from './call.js';

/**
 * Ephemeral disks: marked by us, made by CloudStack within deployVirtualMachine (`DATA-<vm>`), or
 * named by an older CPI. A disk that carries the mark of another purpose is never one.
 */
export function isEphemeral(volume: Volume): boolean {
  if (volume.type === 'ROOT') return false;
  const purpose = volume.tags?.find(({ key }) => key === marks.purpose)?.value;
  if (purpose !== undefined) return purpose === 'ephemeral-disk';
  return /^(DATA-\d+$|cpi-ephemeral-disk-)/.test(volume.name);
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
    diskController: vm.details?.rootDiskController,
  });
}

/**
 * Callers of API version 1 do not tell the agent about disks: the CPI has to. Without a registry
 * that means the user data of the VM, which the agent reads again whenever it works on disks.
 */
export async function announceDisk(
  call: Call,
  vmId: string,
  diskCid: string,
  hint: DiskHint | undefined,
): Promise<void> {
  if (call.apiVersion >= 2) return;
  const { client, configuration, log } = call;
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
