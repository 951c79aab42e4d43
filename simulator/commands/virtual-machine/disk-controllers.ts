import type { Hypervisor } from '../../world/entities.js';
import type { World } from '../../world/world.js';

type Details = Readonly<Record<string, string>>;

/** One of these serves all disks of a VM. */
const SCSI = /\b(scsi|lsilogic|lsilogicsas|lsisas1068|buslogic|pvscsi)\b/i;

/**
 * The controllers of a VM's disks that its details name; VMware's always do
 * (UserVmManagerImpl.updateVMDiskController).
 */
export function diskControllers(world: World, hypervisor: Hypervisor, details: Details): Details {
  if (hypervisor !== 'VMware') return {};
  const root = details['rootDiskController'] ?? world.settings.get('vmware.root.disk.controller');
  const data = details['dataDiskController'] ?? (SCSI.test(root) ? root : 'osdefault');
  return { rootDiskController: root, dataDiskController: data };
}
