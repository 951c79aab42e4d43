// Proves in which states of volumes, VMs and snapshots the commands on snapshots and sizes refuse,
// one state after the other, and that a refusal changes nothing.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import {
  allowRunningSnapshots,
  attachedVolume,
  forceState,
  listedSnapshot,
  readyVolume,
  snapshotOf,
  waysFromReady,
} from '../../../support/simulator-snapshots.js';
import { diskOfferingId, refusedUnchanged } from '../../../support/simulator-vms.js';
import { listedVolume } from '../../../support/simulator-volumes.js';

for (const state of Object.keys(waysFromReady)) {
  test(`a volume that is ${state} has no snapshot, no other size and no other offering`, () => {
    const world = testSimulator();
    const id = readyVolume(world, world.user);
    forceState(world, id, state);
    expect(refusedUnchanged(world, world.user, 'createSnapshot', { volumeid: id })).toMatchObject({
      httpStatus: 431,
      errortext: expect.stringContaining(`is not in Ready state but ${state}.`),
    });
    const diskofferingid = diskOfferingId(world, 'ephemeral');
    const inState = `Volume should be in ready or allocated state before attempting a resize. Volume ${id} is in state ${state}.`;
    const refused = [
      jobRefusal(world, 'resizeVolume', { id, size: 20 }),
      jobRefusal(world, 'changeOfferingForVolume', { id, size: 20, diskofferingid }),
      jobRefusal(world, 'changeOfferingForVolume', { id, size: 10, diskofferingid }),
    ];
    expect(refused).toEqual([
      [432, inState],
      [431, inState],
      [431, expect.stringContaining('volume needs to migrated')],
    ]);
  });
}

for (const [state, isAllowed] of [
  ['Running', false],
  ['Starting', false],
  ['Stopping', false],
  ['Stopped', true],
  ['Error', false],
] as const) {
  test(`on KVM a VM that is ${state} ${isAllowed ? 'has' : 'has no'} snapshots by default`, () => {
    const world = testSimulator();
    const { id: volumeid, vmId } = attachedVolume(world, world.user);
    vmInState(world, vmId, state);
    if (isAllowed) snapshotOf(world.user, volumeid);
    else {
      expect(
        refusedUnchanged(world, world.admin, 'createSnapshot', { volumeid }).errortext,
      ).toMatch(/^KVM Snapshot is not supported for Running VMs/);
    }
  });
}

for (const state of ['Destroyed', 'Expunging'] as const) {
  test(`a VM that is ${state} has no snapshots, whatever the setting`, () => {
    const world = testSimulator();
    allowRunningSnapshots(world);
    const { vmId } = attachedVolume(world, world.user);
    const { id: volumeid } = world.simulator.world.volumes.where('vmId', vmId)[0]!;
    vmInState(world, vmId, state);
    expect(refusedUnchanged(world, world.admin, 'createSnapshot', { volumeid })).toMatchObject({
      httpStatus: 530,
      errortext: expect.stringMatching(new RegExp(`is in ${state} state$`)),
    });
  });
}

const snapshotStates = ['Allocated', 'Creating', 'BackingUp', 'Destroying', 'Error'] as const;

for (const state of snapshotStates) {
  test(`no volume is made from a snapshot that is ${state}`, () => {
    const world = testSimulator();
    const snapshotid = snapshotInState(world, state);
    expect(refusedUnchanged(world, world.user, 'createVolume', { snapshotid })).toMatchObject({
      httpStatus: 431,
      errortext: expect.stringMatching(/is not in BackedUp state yet and can't be used/),
    });
  });
}

for (const state of snapshotStates) {
  test(`no template is made of a snapshot that is ${state}`, () => {
    const world = testSimulator();
    const snapshotid = snapshotInState(world, state);
    const ostypeid = world.simulator.world.osTypes.all()[0]!.id;
    const values = { name: 'early', displaytext: 'early', ostypeid, snapshotid };
    expect(refusedUnchanged(world, world.user, 'createTemplate', values)).toMatchObject({
      httpStatus: 431,
      errortext: expect.stringMatching(
        /is not in BackedUp state yet and can't be used for template creation$/,
      ),
    });
  });
}

for (const state of snapshotStates) {
  const isRefused = state === 'Creating' || state === 'BackingUp';
  test(`a snapshot that is ${state} ${isRefused ? 'cannot' : 'can'} be deleted`, () => {
    const world = testSimulator();
    const id = snapshotInState(world, state);
    const { jobid } = world.user.call('deleteSnapshot', { id });
    world.simulator.kernel.advanceBy(2_000);
    const job = world.user.job(jobid as string);
    expect(job.status).toBe(isRefused ? 2 : 1);
    expect(listedSnapshot(world.user, id)?.['state']).toBe(isRefused ? state : undefined);
    if (isRefused) expect(job.result['errortext']).toMatch(`due to it is in ${state} Status`);
  });
}

function jobRefusal(world: TestWorld, command: string, values: Values): [number, string] {
  const before = listedVolume(world.user, String(values['id']));
  const outcome = world.user.run(command, values);
  expect(outcome.status).toBe(2);
  expect(listedVolume(world.user, String(values['id']))).toEqual(before);
  return [outcome.resultcode, outcome.result['errortext'] as string];
}

function vmInState({ simulator, user }: TestWorld, vmId: string, state: string): void {
  const { vms } = simulator.world;
  const vm = vms.require(vmId);
  switch (state) {
    case 'Stopping':
      vms.move(vm, 'StopRequested');
      return;
    case 'Stopped':
      user.done('stopVirtualMachine', { id: vmId });
      return;
    case 'Starting':
    case 'Error':
      user.done('stopVirtualMachine', { id: vmId });
      vms.move(vm, state === 'Starting' ? 'StartRequested' : 'OperationFailedToError');
      return;
    case 'Destroyed':
    case 'Expunging':
      user.done('destroyVirtualMachine', { id: vmId });
      if (state === 'Expunging') vms.move(vm, 'ExpungeOperation');
  }
}

/** A snapshot of a volume in the middle of things, where the clock stands still. */
function snapshotInState(world: TestWorld, state: (typeof snapshotStates)[number]): string {
  const { simulator, user } = world;
  const { snapshots } = simulator.world;
  const volumeid = readyVolume(world, user);
  if (state === 'Destroying') {
    const { id } = snapshotOf(user, volumeid);
    snapshots.move(snapshots.require(id as string), 'DestroyRequested');
    return id as string;
  }
  const { id } = user.call('createSnapshot', { volumeid, quiescevm: state === 'Allocated' });
  simulator.kernel.advanceBy(50);
  const snapshot = snapshots.require(id as string);
  // From here on the job is nobody's concern.
  for (const job of simulator.world.jobs.where('instanceId', snapshot.id)) {
    const completedMs = simulator.kernel.nowMs;
    if (job.state === 'pending') {
      simulator.world.jobs.move(job, 'OperationFailed', { result: {}, completedMs });
    }
  }
  if (state === 'BackingUp') {
    snapshots.move(snapshot, 'OperationSucceeded');
    snapshots.move(snapshot, 'BackupToSecondary');
  }
  if (state === 'Error') snapshots.move(snapshot, 'OperationFailed');
  expect(snapshot.state).toBe(state);
  return snapshot.id;
}
