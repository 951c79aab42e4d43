import { tolerating } from '../cpi-calls.js';
import type { LiteDirector } from '../lite-director.js';
import type { Instance } from '../records.js';
import { orphanDisk } from '../steps/disks.js';
import { dropSnapshot } from './snapshots.js';
import { deleteOrphanedVms } from './orphaned-vms.js';
import { deleteStemcell, stemcellsOf } from './upload-stemcell.js';

/** `bosh orphan-disk`, of a disk that is attached to no VM. It asks the CPI for nothing. */
export function orphanByOperator(director: LiteDirector, instance: Instance, cid: string): void {
  assertDetached(instance);
  const disk = instance.disks.find((own) => own.cid === cid);
  if (disk === undefined) throw new Error(`instance ${instance.group} has no disk ${cid}`);
  orphanDisk(director, instance, disk);
}

/**
 * `bosh attach-disk`: gives an orphan to an instance without a VM, in the place of its own one, which
 * becomes an orphan. The CPI hears of it when the instance is started.
 */
export function adoptOrphan(director: LiteDirector, instance: Instance, cid: string): void {
  assertDetached(instance);
  const position = director.orphanedDisks.findIndex((orphan) => orphan.cid === cid);
  const [disk] = position < 0 ? [] : director.orphanedDisks.splice(position, 1);
  if (disk === undefined) throw new Error(`there is no orphaned disk ${cid}`);
  for (const own of [...instance.disks]) orphanDisk(director, instance, own);
  instance.disks.push({ ...disk, isActive: true, isMounted: false });
}

/** `bosh delete-disk`: its snapshots, then the disk; what is gone is as good (orphan_disk_manager.rb). */
export async function deleteOrphan(director: LiteDirector, cid: string): Promise<void> {
  const position = director.orphanedDisks.findIndex((orphan) => orphan.cid === cid);
  const disk = director.orphanedDisks[position];
  if (disk === undefined) return;
  for (const snapshot of [...disk.snapshots]) {
    await tolerating(['DiskNotFound'], () => dropSnapshot(director, disk, snapshot));
  }
  const cloud = await director.cloud({ cpi: disk.cpi });
  await tolerating(['DiskNotFound'], () => cloud.call('delete_disk', [disk.cid]));
  director.orphanedDisks.splice(position, 1);
}

/**
 * `bosh clean-up --all`: orphaned VMs, unused stemcells, then orphaned disks
 * (cleanup_artifact_manager.rb).
 */
export async function cleanUp(director: LiteDirector): Promise<void> {
  await deleteOrphanedVms(director);
  const used = [...director.deployments.values()].flatMap(({ manifest }) =>
    stemcellsOf(manifest).map(({ cid }) => cid),
  );
  for (const stemcell of director.stemcells.filter(({ cid }) => !used.includes(cid))) {
    await deleteStemcell(director, stemcell);
  }
  for (const { cid } of [...director.orphanedDisks]) await deleteOrphan(director, cid);
}

function assertDetached({ group, vm }: Instance): void {
  if (vm !== undefined) throw new Error(`instance ${group} has a VM: stop it with --hard first`);
}
