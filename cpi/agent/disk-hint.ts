/**
 * Where an agent finds a disk. All values are strings: the agent casts them without looking
 * (settings.go, populatePersistentDiskSettings).
 */
export type DiskHint = Readonly<Record<string, string>>;

/** What decides how a guest sees a disk. */
export interface AttachedDisk {
  /** CloudStack's volume id. */
  volumeId: string;
  /** CloudStack's device id: 0 is the root disk, 3 is kept for the CD-ROM. */
  deviceId: number;
  /** Hypervisor of the VM, as listVirtualMachines shows it. */
  hypervisor: string | undefined;
  /** What the data disks of the VM are on, where that is known. */
  diskController?: string | undefined;
}

/**
 * The hint for a disk by the hypervisor of its VM.
 *
 * KVM guests number their disks by PCI order, so a letter computed from the device id may point at
 * a neighbour; but CloudStack makes the first 20 hex digits of the volume id the disk's serial
 * (LibvirtComputingResource.diskUuidToSerial), and udev makes a link of it.
 */
export function diskHint(disk: AttachedDisk): DiskHint {
  const deviceId = String(disk.deviceId);
  switch ((disk.hypervisor ?? '').toLowerCase()) {
    case 'kvm':
      return { path: `/dev/disk/by-id/${kvmLink(disk)}` };
    case 'xenserver':
      return { path: `/dev/xvd${driveLetters(disk.deviceId)}`, volume_id: deviceId };
    case 'vmware':
      return { volume_id: deviceId };
    default:
      return { path: `/dev/sd${driveLetters(disk.deviceId)}` };
  }
}

/** The agent's name for the root disk; it tries xvd, vd and sd for an `sd` path by itself. */
export const systemDiskPath = '/dev/sda';

function kvmLink({ volumeId, diskController }: AttachedDisk): string {
  const serial = volumeId.replaceAll('-', '').slice(0, 20);
  return diskController === 'scsi' ? `scsi-0QEMU_QEMU_HARDDISK_${serial}` : `virtio-${serial}`;
}

/** `a` to `z`, then `aa`: the way Linux names disks. */
function driveLetters(index: number): string {
  const last = String.fromCharCode('a'.charCodeAt(0) + (index % 26));
  return index < 26 ? last : driveLetters(Math.floor(index / 26) - 1) + last;
}
