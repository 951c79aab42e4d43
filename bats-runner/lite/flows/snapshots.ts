import type { LiteDirector } from '../lite-director.js';
import type { DirectorDisk } from '../records.js';
import { takeSnapshots } from '../steps/snapshots.js';
import { perform } from '../steps/step.js';

/** `bosh take-snapshot`, of all disks of a deployment. */
export async function takeSnapshot(director: LiteDirector, name: string): Promise<void> {
  const deployment = director.deployments.get(name);
  if (deployment === undefined) throw new Error(`there is no deployment ${name}`);
  for (const instance of deployment.instances.values()) {
    await perform([takeSnapshots], { director, deployment, instance });
  }
}

/** `bosh delete-snapshot` */
export async function deleteSnapshot(director: LiteDirector, cid: string): Promise<void> {
  const disk = disksOf(director).find(({ snapshots }) => snapshots.includes(cid));
  if (disk === undefined) throw new Error(`there is no snapshot ${cid}`);
  await dropSnapshot(director, disk, cid);
}

/** `bosh delete-snapshots` */
export async function deleteSnapshots(director: LiteDirector, name: string): Promise<void> {
  const instances = director.deployments.get(name)?.instances.values() ?? [];
  for (const disk of [...instances].flatMap(({ disks }) => disks)) {
    for (const cid of [...disk.snapshots]) await dropSnapshot(director, disk, cid);
  }
}

/** Deletes a snapshot of a disk (SnapshotManager.delete_snapshots). */
export async function dropSnapshot(
  director: LiteDirector,
  disk: DirectorDisk,
  cid: string,
): Promise<void> {
  const cloud = await director.cloud({ cpi: disk.cpi });
  await cloud.call('delete_snapshot', [cid]);
  disk.snapshots.splice(disk.snapshots.indexOf(cid), 1);
}

function disksOf({ deployments }: LiteDirector): DirectorDisk[] {
  return [...deployments.values()].flatMap(({ instances }) =>
    [...instances.values()].flatMap(({ disks }) => disks),
  );
}
