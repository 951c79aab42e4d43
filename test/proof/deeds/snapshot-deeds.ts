// Snapshots of persistent disks come and go.
import { oneOf, type Planner } from '../deed.js';
import { succeeded } from '../expectation.js';
import { directors, type Snapshot } from '../ledger.js';
import { must } from '../promise.js';
import type { Stage } from '../stage.js';

const mostSnapshots = 4;

/** CloudStack takes none of a running VM on KVM unless it is told to, and the CPI says so. */
const notWhileRunning = /cannot have a snapshot while/;

export const snapshotDisk: Planner = (stage, draw) => {
  const { ledger } = stage;
  if (ledger.snapshots.length >= mostSnapshots) return undefined;
  const disk = oneOf(
    ledger.disks.filter(
      ({ wasAttached, isDoomed, doubt }) => wasAttached && !isDoomed && doubt === undefined,
    ),
    draw,
  );
  if (disk === undefined) return undefined;
  return {
    director: disk.director,
    about: [disk, ...(disk.on === undefined ? [] : [disk.on.instance])],
    work: async (call) => {
      const { files } = disk;
      const metadata = { director_uuid: directors[disk.director], deployment: 'proof' };
      const answer = await call('snapshot_disk', [disk.cid, metadata]);
      if (answer.is === 'death') stage.mayBeLeft.push('snapshot');
      const mayFail = stage.conditions.mayTakeSnapshots ? undefined : notWhileRunning;
      if (!succeeded(stage, 'snapshot_disk', answer, mayFail)) return;
      const cid = answer.result as string;
      ledger.snapshots.push({ cid, director: disk.director, disk, files, isDoomed: false });
    },
  };
};

export const deleteSnapshot: Planner = (stage, draw) => {
  const snapshot = oneOf(stage.ledger.snapshots, draw);
  return snapshot && deletionOfSnapshot(stage, snapshot);
};

export function deletionOfSnapshot(
  stage: Stage,
  snapshot: Snapshot,
): NonNullable<ReturnType<Planner>> {
  return {
    director: snapshot.director,
    about: [snapshot, snapshot.disk],
    work: async (call) => {
      snapshot.isDoomed = true;
      const answer = await call('delete_snapshot', [snapshot.cid]);
      if (!succeeded(stage, 'delete_snapshot', answer)) return;
      const row = stage.world.snapshots.get(snapshot.cid);
      must(
        row === undefined || row.state === 'Destroyed',
        `snapshot ${snapshot.cid} is said to be deleted and is ${String(row?.state)}`,
      );
      stage.ledger.forgetSnapshot(snapshot);
    },
  };
}
