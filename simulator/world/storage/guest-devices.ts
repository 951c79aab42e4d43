import type { VmRow, VolumeRow } from '../entities.js';
import type { World } from '../world.js';

/** How a disk is connected to its VM, which decides what the guest calls it. */
export type DiskBus = 'virtio' | 'scsi' | 'sata' | 'ide' | 'xen' | 'vmware';

/** The nodes in `/dev` of a Linux guest, and the volumes that they lead to. */
export type GuestDevices = Readonly<Record<string, string>>;

const prefixes: Readonly<Record<DiskBus, string>> = {
  virtio: 'vd',
  scsi: 'sd',
  sata: 'sd',
  ide: 'sd',
  xen: 'xvd',
  vmware: 'sd',
};

/**
 * What a guest finds when it boots: it counts the disks of each kind in the order of their device
 * ids, whatever gaps those have. Only on XenServer a device id is a letter.
 */
export function devicesAtBoot(world: World, vm: VmRow): GuestDevices {
  return world.volumes
    .where('vmId', vm.id)
    .filter(({ deviceId, state }) => deviceId !== null && !GONE.has(state))
    .sort((one, other) => (one.deviceId ?? 0) - (other.deviceId ?? 0))
    .reduce<GuestDevices>((devices, volume) => withDisk(world, vm, volume, devices), {});
}

const GONE: ReadonlySet<string> = new Set(['Destroy', 'Expunging', 'Expunged']);

/** A disk that is attached to a running guest gets the first free letter of its kind. */
export function devicesWith(world: World, vm: VmRow, volume: VolumeRow): GuestDevices {
  return withDisk(world, vm, volume, vm.guestDevices);
}

/** A disk that is detached leaves its letter to the next one; the others keep theirs. */
export function devicesWithout({ guestDevices }: VmRow, volumeId: string): GuestDevices {
  return Object.fromEntries(Object.entries(guestDevices).filter(([, id]) => id !== volumeId));
}

/**
 * The bus of a disk (LibvirtComputingResource.createVbd, getGuestDiskModel): that of the VM's details,
 * else by its guest OS; data disks are on virtio unless the root disk is on SCSI.
 */
export function busOf(world: World, vm: VmRow, { type }: VolumeRow): DiskBus {
  if (vm.hypervisor === 'XenServer') return 'xen';
  if (vm.hypervisor === 'VMware') return 'vmware';
  const root = namedBus(vm.details['rootDiskController']) ?? busByOs(world, vm);
  if (type === 'ROOT') return root;
  return namedBus(vm.details['dataDiskController']) ?? (root === 'scsi' ? 'scsi' : 'virtio');
}

/** The node of a disk that the guest has, such as `vdb`. */
export function nodeOf({ guestDevices }: VmRow, volumeId: string): string | undefined {
  return Object.entries(guestDevices).find(([, id]) => id === volumeId)?.[0];
}

function namedBus(name: string | undefined): DiskBus | undefined {
  const names: readonly DiskBus[] = ['virtio', 'scsi', 'sata', 'ide'];
  return names.find((bus) => bus === name?.toLowerCase());
}

function busByOs(world: World, vm: VmRow): DiskBus {
  const { description } = world.osTypes.require(vm.osTypeId);
  if (description.startsWith('Other PV Virtio-SCSI')) return 'scsi';
  const isParavirtual =
    description.includes('Ubuntu') || PARAVIRTUAL.some((name) => description.startsWith(name));
  return isParavirtual ? 'virtio' : 'ide';
}

const PARAVIRTUAL = [
  'Fedora',
  'CentOS',
  'Red Hat Enterprise Linux',
  'Debian GNU/Linux',
  'FreeBSD',
  'Oracle',
  'Rocky Linux',
  'AlmaLinux',
  'Other PV',
];

function withDisk(world: World, vm: VmRow, volume: VolumeRow, devices: GuestDevices): GuestDevices {
  const bus = busOf(world, vm, volume);
  const node = bus === 'xen' ? `xvd${letters(volume.deviceId ?? 0)}` : freeNode(bus, devices);
  return { ...devices, [node]: volume.id };
}

function freeNode(bus: DiskBus, devices: GuestDevices): string {
  for (let index = 0; ; index += 1) {
    const node = `${prefixes[bus]}${letters(index)}`;
    if (!Object.hasOwn(devices, node)) return node;
  }
}

/** `a` to `z`, then `aa`: as Linux counts disks. */
function letters(index: number): string {
  const last = String.fromCharCode('a'.charCodeAt(0) + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
