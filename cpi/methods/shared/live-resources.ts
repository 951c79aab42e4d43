import { findVm, findVolume } from '../../cloudstack/find-resources.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';

const goneVmStates = ['Destroyed', 'Expunging'];
const goneVolumeStates = ['Destroy', 'Destroying', 'Expunging', 'Expunged'];

/** Whether a VM still counts: a destroyed one only waits for CloudStack to clear it away. */
export function isLiveVm(vm: VirtualMachine | undefined): vm is VirtualMachine {
  return vm !== undefined && !goneVmStates.includes(vm.state);
}

export function isLiveVolume(volume: Volume | undefined): volume is Volume {
  return volume !== undefined && !goneVolumeStates.includes(volume.state ?? '');
}

/** @throws BoshError of type VMNotFound. */
export async function requireVm({ client }: Call, vmCid: string): Promise<VirtualMachine> {
  const vm = await findVm(client, vmCid);
  if (isLiveVm(vm)) return vm;
  throw new BoshError(
    'VMNotFound',
    `VM ${vmCid} does not exist or is being cleared away; if that was not meant, let ` +
      '`bosh cloud-check` repair the deployment',
  );
}

/** @throws BoshError of type DiskNotFound. */
export async function requireVolume({ client }: Call, diskCid: string): Promise<Volume> {
  const volume = await findVolume(client, diskCid);
  if (volume?.type === 'ROOT') {
    throw new BoshError(
      'DiskNotFound',
      `${diskCid} is no disk of a Director, but the root disk of ${holderOf(volume)}`,
    );
  }
  if (isLiveVolume(volume)) return volume;
  throw new BoshError(
    'DiskNotFound',
    wayBackOf(volume, diskCid) ??
      `Disk ${diskCid} does not exist or is being deleted; if that was not meant, let ` +
        '`bosh cloud-check` repair the deployment',
  );
}

/** How to get back a disk that was destroyed and not expunged; undefined of any other one. */
export function wayBackOf(volume: Volume | undefined, diskCid: string): string | undefined {
  if (volume?.state !== 'Destroy') return undefined;
  return (
    `Disk ${diskCid} (${volume.name}) was destroyed, and CloudStack expunges it before long (setting ` +
    'storage.cleanup.delay). If that was not meant, have it recovered until then (recoverVolume) ' +
    'and call again; do not let `bosh cloud-check` delete its reference'
  );
}

/** How to name the VM that a volume is attached to. */
export function holderOf(volume: Volume): string {
  return `VM ${volume.vmname ?? ''} (${volume.virtualmachineid ?? 'unknown id'})`;
}
