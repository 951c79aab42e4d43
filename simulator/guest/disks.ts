import type { VmRow, VolumeRow } from '../world/entities.js';
import { busOf, type DiskBus } from '../world/storage/guest-devices.js';
import { identityOf } from '../world/storage/disk-content.js';
import type { World } from '../world/world.js';

/** A disk as a Linux guest sees it. */
export interface GuestDisk {
  /** Such as `/dev/vdb`. */
  readonly device: string;
  /** What udev makes in `/dev/disk/by-id`; nothing where the hypervisor tells no serial number. */
  readonly links: readonly string[];
  /** CloudStack's volume, which the guest itself cannot tell. */
  readonly volumeId: string;
  readonly sizeBytes: number;
  /** Two disks have the same one only if one was made from the other, or both from the same. */
  readonly identity: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The disks of a running guest in the order of their nodes. */
export function guestDisks(world: World, vm: VmRow): readonly GuestDisk[] {
  return Object.entries(vm.guestDevices)
    .sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
    .map(([node, volumeId]) => {
      const volume = world.volumes.require(volumeId);
      return {
        device: `/dev/${node}`,
        links: links(busOf(world, vm, volume), volume),
        volumeId,
        sizeBytes: volume.sizeBytes,
        identity: identityOf(volume),
        files: volume.files,
      };
    });
}

/** How udev calls disks of QEMU; before that stands the bus, behind it the serial number. */
const linkPrefixes: Readonly<Partial<Record<DiskBus, string>>> = {
  virtio: 'virtio-',
  scsi: 'scsi-0QEMU_QEMU_HARDDISK_',
  sata: 'ata-QEMU_HARDDISK_',
  ide: 'ata-QEMU_HARDDISK_',
};

/** The serial number begins like the volume's id (LibvirtComputingResource.diskUuidToSerial). */
function links(bus: DiskBus, { id }: VolumeRow): readonly string[] {
  const prefix = linkPrefixes[bus];
  const serial = id.replaceAll('-', '').slice(0, 20);
  return prefix === undefined ? [] : [`/dev/disk/by-id/${prefix}${serial}`];
}
