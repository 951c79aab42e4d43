import { tolerating } from '../cpi-calls.js';
import type { DirectorDisk, DiskPlan } from '../records.js';
import { addDisk, attachDisk, detachDisk, orphanDisk } from './disks.js';
import { planOf, vmOf, type Step, type Work } from './step.js';

/** Makes the disks of the instance what the manifest says (disk_manager.rb). */
export const changeDisks: Step = (work) => bringDisks(work, false);

/** The same, with new disks for those that are right as well (`--recreate-persistent-disks`). */
export const replaceDisks: Step = (work) => bringDisks(work, true);

async function bringDisks(work: Work, isReplacing: boolean): Promise<void> {
  const { disks: plans } = planOf(work);
  const active = work.instance.disks.filter(({ isActive }) => isActive);
  for (const [position, plan] of plans.entries()) {
    const disk = active[position];
    if (disk === undefined) (await addDisk(work, plan)).isActive = true;
    else if (isReplacing || !isAsPlanned(disk, plan)) await changeDisk(work, disk, plan);
  }
  for (const disk of active.slice(plans.length)) await removeDisk(work, disk);
}

/** Whether a disk is what the manifest says. */
export function isAsPlanned(disk: DiskPlan, plan: DiskPlan): boolean {
  return (
    disk.sizeMib === plan.sizeMib &&
    JSON.stringify(disk.properties) === JSON.stringify(plan.properties)
  );
}

async function changeDisk(work: Work, disk: DirectorDisk, plan: DiskPlan): Promise<void> {
  const change = nativeChange(work, disk, plan);
  if (change !== undefined && (await changeInPlace(work, disk, plan, change))) return;
  await copyDisk(work, disk, plan);
}

type NativeChange = 'resize_disk' | 'update_disk';

/** resize_disk comes first, if nothing but the size grows. */
function nativeChange(
  { director }: Work,
  disk: DirectorDisk,
  plan: DiskPlan,
): NativeChange | undefined {
  const { resizesDisks, updatesDisks } = director.settings;
  if (isAsPlanned(disk, plan)) return undefined;
  const isOfSameKind = isAsPlanned({ ...disk, sizeMib: plan.sizeMib }, plan);
  if (resizesDisks === true && isOfSameKind && plan.sizeMib > disk.sizeMib) return 'resize_disk';
  return updatesDisks === true ? 'update_disk' : undefined;
}

/**
 * Has the CPI change the detached disk; answers whether it can. The disk is attached again in either
 * case. After any other failure it stays detached: the next deployment attaches it.
 */
async function changeInPlace(
  work: Work,
  disk: DirectorDisk,
  { sizeMib, properties }: DiskPlan,
  method: NativeChange,
): Promise<boolean> {
  await detachDisk(work, disk);
  const cloud = await work.director.cloud({ cpi: disk.cpi });
  const args = method === 'resize_disk' ? [disk.cid, sizeMib] : [disk.cid, sizeMib, properties];
  const isChanged = await tolerating(['NotImplemented', 'NotSupported'], async () => {
    const answer = await cloud.call(method, args);
    if (method === 'update_disk' && typeof answer === 'string') disk.cid = answer;
    Object.assign(disk, { sizeMib, properties });
  });
  await attachDisk(work, disk);
  return isChanged;
}

/** Has the agent copy the disk to a new one beside it; the old one becomes an orphan. */
async function copyDisk(work: Work, disk: DirectorDisk, plan: DiskPlan): Promise<void> {
  const { director, instance } = work;
  const copy = await addDisk(work, plan);
  await director.agents.migrate(vmOf(work).cid, disk.cid, copy.cid);
  copy.isActive = true;
  disk.isActive = false;
  await detachDisk(work, disk);
  orphanDisk(director, instance, disk);
}

async function removeDisk(work: Work, disk: DirectorDisk): Promise<void> {
  const { director, instance } = work;
  await detachDisk(work, disk);
  orphanDisk(director, instance, disk);
}
