// Proves in which state a host that fails, and a restart of the management server, leave snapshots of
// VMs at work, and that a world that is saved in their midst goes on as if it had not been.
import { expect, test } from '@playwright/test';
import { faultyZone, rule } from '../../../support/faulty-zone.js';
import { createSimulator } from '../../../../simulator/simulator.js';
import { attachedVolume } from '../../../support/simulator-snapshots.js';
import {
  listedVmSnapshot,
  vmSnapshotOf,
  vmWithDisk,
  writeTo,
} from '../../../support/simulator-vm-snapshots.js';
import { assertSound } from '../../../support/sound-world.js';

const fails = { effect: 'job-fails', text: 'the host is on fire' } as const;
const restarts = { effect: 'management-server-restart' } as const;

for (const [command, effect, state] of [
  ['createVMSnapshot', fails, 'Error'],
  ['createVMSnapshot', restarts, 'Error'],
  ['revertToVMSnapshot', fails, 'Ready'],
  ['deleteVMSnapshot', fails, 'Error'],
] as const) {
  test(`${command} that meets ${effect.effect} leaves the snapshot ${state}`, () => {
    const when = { command, step: 2, nth: 1 };
    const world = faultyZone(
      rule(effect === fails ? when : { ...when, phase: 'job-step' as const }, effect),
    );
    const { user, simulator } = world;
    const { vmId, id: volumeId } = attachedVolume(world, user);
    const values = { virtualmachineid: vmId, snapshotmemory: true };
    const created = user.run('createVMSnapshot', values);
    const vmsnapshotid = created.id!;
    if (command !== 'createVMSnapshot') {
      writeTo(world, vmId, volumeId, { data: 'later' });
      expect(user.run(command, { vmsnapshotid }).status).toBe(2);
    } else {
      expect(created.status).toBe(2);
    }
    expect(listedVmSnapshot(user, vmsnapshotid)).toMatchObject({ state });
    assertSound(simulator);
    expect(user.done('deleteVMSnapshot', { vmsnapshotid })).toEqual({ success: true });
    assertSound(simulator);
  });
}

test('a restart leaves nothing of a snapshot that waits for its VM', () => {
  const when = { command: 'createVMSnapshot', phase: 'job-step', step: 1, nth: 1 } as const;
  const world = faultyZone(rule(when, restarts));
  const { user, simulator } = world;
  const { vmId } = attachedVolume(world, user);
  user.run('createVMSnapshot', { virtualmachineid: vmId, snapshotmemory: true });
  expect(user.call('listVMSnapshot')).toEqual({});
  assertSound(simulator);
});

test('a world that is saved while a VM goes back goes on with the same events', () => {
  const world = vmWithDisk();
  const { user, simulator, vmId, volumeId } = world;
  writeTo(world, vmId, volumeId, { data: 'first' });
  const { id: vmsnapshotid } = vmSnapshotOf(user, vmId, { snapshotmemory: true });
  writeTo(world, vmId, volumeId, { data: 'second' });
  user.call('revertToVMSnapshot', { vmsnapshotid });
  simulator.kernel.advanceBy(100);
  const other = createSimulator();
  other.load(JSON.parse(JSON.stringify(simulator.save())));
  for (const each of [simulator, other]) each.kernel.advanceUntilIdle();
  const events = (each: typeof simulator): unknown => each.kernel.log.state;
  expect(events(other)).toEqual(events(simulator));
  expect(other.world.volumes.require(volumeId).files).toEqual({ data: 'first' });
});
