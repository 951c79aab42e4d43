import { cidIn, tolerating } from '../cpi-calls.js';
import type { LiteDirector } from '../lite-director.js';
import { diskMetadata } from '../metadata.js';
import type { DirectorDisk, DiskPlan, Instance } from '../records.js';
import { cpiOf, metadataOf, vmOf, type Step, type Work } from './step.js';

/** Attaches all disks in use that the agent does not list. */
export const attachDisks: Step = async (work) => {
  for (const disk of work.instance.disks) {
    if (disk.isActive && !disk.isMounted) await attachDisk(work, disk);
  }
};

/** Unmounts and detaches all disks in use. */
export const detachDisks: Step = async (work) => {
  for (const disk of work.instance.disks) if (disk.isActive) await detachDisk(work, disk);
};

/**
 * Attaches a disk, tells the CPI whose it is, and has the agent mount it (attach_disk_step.rb,
 * disk_manager.rb).
 */
export async function attachDisk(work: Work, disk: DirectorDisk): Promise<void> {
  const { director } = work;
  const vm = vmOf(work);
  const cloud = await director.cloud(vm.spec.stemcell);
  const hint = await cloud.call('attach_disk', [vm.cid, disk.cid]);
  const other = await director.cloud({ cpi: disk.cpi });
  await tolerating(['NotImplemented'], () =>
    other.call('set_disk_metadata', [disk.cid, diskMetadata(metadataOf(work))]),
  );
  await director.agents.mount(vm.cid, disk.cid, hint);
  disk.isMounted = true;
}

/**
 * Has the agent unmount a disk, and detaches it (detach_disk_step.rb). Of one in use the CPI must not
 * say that it is not attached.
 */
export async function detachDisk(work: Work, disk: DirectorDisk): Promise<void> {
  const vm = vmOf(work);
  disk.isMounted = false;
  const cloud = await work.director.cloud(vm.spec.stemcell);
  await tolerating(disk.isActive ? [] : ['DiskNotAttached'], () =>
    cloud.call('detach_disk', [vm.cid, disk.cid]),
  );
}

/** Makes a disk near the VM of the instance, and attaches it. */
export async function addDisk(work: Work, plan: DiskPlan): Promise<DirectorDisk> {
  const vm = vmOf(work);
  const cloud = await work.director.cloud(cpiOf(vm));
  const { sizeMib, properties } = plan;
  const cid = cidIn(await cloud.call('create_disk', [sizeMib, properties, vm.cid]));
  const disk = {
    cid,
    sizeMib,
    properties,
    cpi: vm.spec.stemcell.cpi,
    isActive: false,
    isMounted: false,
    snapshots: [] as string[],
  };
  work.instance.disks.push(disk);
  await attachDisk(work, disk);
  return disk;
}

/** Keeps a disk that no instance has, until somebody attaches or deletes it. */
export function orphanDisk(director: LiteDirector, instance: Instance, disk: DirectorDisk): void {
  instance.disks = instance.disks.filter((other) => other !== disk);
  director.orphanedDisks.push(disk);
}
