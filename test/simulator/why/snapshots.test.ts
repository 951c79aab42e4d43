// Proves that `why` tells which snapshots keep a VM or a volume from what is asked of it, and when a
// policy takes the next one.
import { expect, test } from '@playwright/test';
import { allowRunningSnapshots } from '../../support/simulator-snapshots.js';
import { vmSnapshotOf, vmWithDisk } from '../../support/simulator-vm-snapshots.js';

test('of a VM with snapshots, and of its volumes', () => {
  const { user, simulator, vmId, volumeId } = vmWithDisk();
  const told = (subject: 'vm' | 'volume', id: string): string =>
    simulator.why(subject, id)[0]!.because.join('\n');
  expect(told('vm', vmId)).not.toContain('snapshots');
  const { id } = vmSnapshotOf(user, vmId, { name: 'before', snapshotmemory: true });
  const sentence = `The VM has snapshots: before (${String(id)}, Ready). Until deleteVMSnapshot has removed`;
  expect(told('vm', vmId)).toContain(sentence);
  expect(told('volume', volumeId)).toContain(sentence);
  user.done('deleteVMSnapshot', { vmsnapshotid: id });
  expect(told('volume', volumeId)).not.toContain('The VM has snapshots');
});

test('of a volume of which a snapshot is on its way, or will be', () => {
  const world = vmWithDisk();
  const { user, simulator, volumeId } = world;
  allowRunningSnapshots(world);
  const told = (): string => simulator.why('volume', volumeId)[0]!.because.join('\n');
  const { id } = user.call('createSnapshot', { volumeid: volumeId, name: 'mine' });
  simulator.kernel.advanceBy(2_000);
  expect(told()).toContain(
    `Snapshot mine (${String(id)}) of it is BackingUp: until that has ended`,
  );
  simulator.kernel.advanceUntilIdle();
  expect(told()).not.toContain('BackingUp');
  user.call('createSnapshotPolicy', {
    volumeid: volumeId,
    intervaltype: 'DAILY',
    schedule: '30:2',
    timezone: 'GMT',
    maxsnaps: 2,
  });
  expect(told()).toMatch(/Policy \S+ takes DAILY snapshots of it, by 30:2 in GMT: next at .*02:30/);
});
