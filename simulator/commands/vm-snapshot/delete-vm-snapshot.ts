import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, everyRole, succeeded, success, wait } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import {
  beginVmSnapshotDeletion,
  removeVmSnapshot,
  vmSnapshotText,
  vmSnapshotsOf,
} from '../../world/compute/vm-snapshots.js';
import type { VmSnapshotRow } from '../../world/entities.js';
import { otherSnapshotActive, queueOf } from './vm-snapshot-rules.js';

/** Deletes a snapshot of a VM (VMSnapshotManagerImpl.deleteVMSnapshot). */
export const deleteVmSnapshot = asyncCommand({
  name: 'deleteVMSnapshot',
  summary: 'Deletes a snapshot of a VM.',
  since: '4.2.0',
  roles: everyRole,
  javaClass: { user: 'user.vmsnapshot.DeleteVMSnapshotCmd' },
  parameters: { vmsnapshotid: entity('vmsnapshot', { required: true, access: 'operate' }) },
  response: success,
  subject: ({ vmsnapshotid }) => ({ type: 'VmSnapshot', id: vmsnapshotid.id }),
  queue: ({ world }, { vmsnapshotid }) => queueOf(world, vmsnapshotid),
  steps: [
    (context, { vmsnapshotid: snapshot }) => {
      assertMayDelete(context, snapshot);
      beginVmSnapshotDeletion(context.world, snapshot);
      return wait('duration.vmsnapshot.delete');
    },
    ({ world }, { vmsnapshotid: snapshot }) => {
      if (snapshot.removedMs === null) removeVmSnapshot(world, snapshot);
      return succeeded;
    },
  ],
});

function assertMayDelete(context: CommandContext, snapshot: VmSnapshotRow): void {
  const { world } = context;
  if (snapshot.removedMs !== null) {
    throw invalidParameter(`unable to find the vm snapshot with id ${snapshot.internalId}`);
  }
  assertMayOperate(context, 'vmsnapshot', snapshot);
  if (!world.vmSnapshots.allows(snapshot, 'ExpungeRequested')) {
    throw invalidParameter(
      `Can't delete the vm snapshotshot ${vmSnapshotText(world, snapshot)} due to it is not in Created or Error, or Expunging State`,
    );
  }
  // One that is being deleted already goes on; of several, the first.
  const active = vmSnapshotsOf(world, snapshot.vmId).filter(({ state }) => ACTIVE.has(state));
  const [expunging] = active.filter(({ state }) => state === 'Expunging');
  if (active.length > 0 && expunging?.id !== snapshot.id) throw otherSnapshotActive();
}

const ACTIVE: ReadonlySet<string> = new Set(['Creating', 'Expunging', 'Reverting', 'Allocated']);
