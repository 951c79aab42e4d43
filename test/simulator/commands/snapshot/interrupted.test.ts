// Proves in which state a host that fails, and a restart of the management server, leave snapshots
// and volumes at work: nothing stays between two states, and the volume can be used again.
import { expect, test } from '@playwright/test';
import { countOfAccount } from '../../../../simulator/world/identity/resource-counts.js';
import { faultyZone, rule } from '../../../support/faulty-zone.js';
import type { TestWorld } from '../../../support/simulator-client.js';
import {
  listedSnapshot,
  readyVolume,
  severalZones,
  shownOnStores,
  snapshotOf,
} from '../../../support/simulator-snapshots.js';
import { diskOfferingId } from '../../../support/simulator-vms.js';
import { listedVolume } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const fails = { effect: 'job-fails', text: 'the host is on fire' } as const;
const restarts = { effect: 'management-server-restart' } as const;

for (const [step, state] of [
  [1, 'Allocated'],
  [2, 'Error'],
] as const) {
  test(`a snapshot whose host fails at step ${step} is ${state}, and can be deleted`, () => {
    const world = faultyZone(rule({ command: 'createSnapshot', step, nth: 1 }, fails));
    const { user, simulator } = world;
    const volumeid = readyVolume(world, user);
    const { id, status } = user.run('createSnapshot', { volumeid });
    expect(status).toBe(2);
    expect(listedSnapshot(user, id!)).toMatchObject({ state });
    expect(listedSnapshot(user, id!)).not.toHaveProperty('zoneid');
    expect(listedVolume(user, volumeid)).toMatchObject({ state: 'Ready' });
    assertSound(simulator);
    const { accounts, snapshots } = simulator.world;
    const owner = accounts.require(snapshots.require(id!).accountId);
    expect(countOfAccount(simulator.world, owner, 'snapshot')).toBe(state === 'Error' ? 0 : 1);
    expect(user.done('deleteSnapshot', { id: id! })).toEqual({ success: true });
    expect(user.call('listSnapshots')).toEqual({});
    expect(snapshotOf(user, volumeid)).toMatchObject({ state: 'BackedUp' });
  });
}

test('a snapshot that was taken and could not be backed up is gone', () => {
  const world = faultyZone(rule({ command: 'createSnapshot', step: 3, nth: 1 }, fails));
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id, status } = user.run('createSnapshot', { volumeid });
  expect(status).toBe(2);
  expect(user.call('listSnapshots')).toEqual({});
  expect(user.run('deleteSnapshot', { id: id! }).result).toMatchObject({
    errorcode: 431,
    errortext: expect.stringMatching(/^unable to find a snapshot with id \d+$/),
  });
  assertSound(simulator);
});

for (const [step, state] of [
  [1, undefined],
  [2, 'Error'],
  [3, 'Error'],
] as const) {
  test(`a restart at step ${step} of a snapshot leaves it ${state ?? 'gone'}`, () => {
    const world = faultyZone(
      rule({ command: 'createSnapshot', phase: 'job-step', step, nth: 1 }, restarts),
    );
    const { user, simulator } = world;
    const volumeid = readyVolume(world, user);
    const { id } = user.run('createSnapshot', { volumeid });
    expect(listedSnapshot(user, id!)?.['state']).toBe(state);
    expect(listedVolume(user, volumeid)).toMatchObject({ state: 'Ready' });
    assertSound(simulator);
  });
}

test('a restart goes on with a deletion, and ends a backup in the background', () => {
  const when = { command: 'deleteSnapshot', phase: 'job-step', step: 2, nth: 1 } as const;
  const world = faultyZone(rule(when, restarts));
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id } = snapshotOf(user, volumeid);
  const { id: later } = user.call('createSnapshot', { volumeid, asyncbackup: true });
  simulator.kernel.advanceBy(1_600);
  expect(listedSnapshot(user, later as string)).toMatchObject({ state: 'BackingUp' });
  expect(user.run('deleteSnapshot', { id }).status).toBe(2);
  expect(listedSnapshot(user, id)).toBeUndefined();
  expect(listedSnapshot(user, later as string)).toMatchObject({ state: 'Error' });
  simulator.kernel.advanceBy(10_000);
  expect(listedSnapshot(user, later as string)).toMatchObject({ state: 'Error' });
  assertSound(simulator);
});

test('a revert that fails leaves the volume as it was', () => {
  const world = faultyZone(rule({ command: 'revertSnapshot', step: 2, nth: 1 }, fails));
  const { user, simulator } = world;
  const volumeid = readyVolume(world, user);
  const { id } = snapshotOf(user, volumeid);
  const before = listedVolume(user, volumeid);
  expect(user.run('revertSnapshot', { id }).status).toBe(2);
  expect(listedVolume(user, volumeid)).toEqual(before);
  assertSound(simulator);
  expect(user.run('revertSnapshot', { id }).status).toBe(1);
});

test('of a copy that fails nothing is left in the other zone', () => {
  const world = severalZones({
    faults: rule({ command: 'copySnapshot', step: 2, nth: 1 }, fails),
  });
  const { user, simulator, zones } = world;
  const { id } = snapshotOf(user, readyVolume(world, user));
  const before = shownOnStores(world, id);
  expect(user.run('copySnapshot', { id, destzoneid: zones[1] }).status).toBe(2);
  expect(shownOnStores(world, id)).toEqual(before);
  assertSound(simulator);
  expect(user.run('copySnapshot', { id, destzoneid: zones[1] }).status).toBe(1);
});

test('a deletion that fails leaves the snapshot as it was', () => {
  const world = faultyZone(rule({ command: 'deleteSnapshot', step: 2, nth: 1 }, fails));
  const { user } = world;
  const { id } = snapshotOf(user, readyVolume(world, user));
  expect(user.run('deleteSnapshot', { id }).status).toBe(2);
  expect(listedSnapshot(user, id)).toMatchObject({ state: 'BackedUp' });
  expect(user.done('deleteSnapshot', { id })).toEqual({ success: true });
});

for (const command of ['resizeVolume', 'changeOfferingForVolume'] as const) {
  test(`${command} that fails leaves the volume as it was`, () => {
    const world = faultyZone(rule({ command, step: 2, nth: 1 }, fails));
    const { user, simulator } = world;
    const id = readyVolume(world, user);
    const before = listedVolume(user, id);
    const values = { id, size: 20, ...offering(world, command) };
    expect(user.run(command, values).status).toBe(2);
    expect(listedVolume(user, id)).toEqual(before);
    assertSound(simulator);
    expect(user.done(command, values)['volume']).toMatchObject({ state: 'Ready' });
  });
}

function offering(world: TestWorld, command: string): { diskofferingid?: string } {
  if (command === 'resizeVolume') return {};
  return { diskofferingid: diskOfferingId(world, 'ephemeral') };
}

for (const [what, effect, state] of [
  ['a host that fails', fails, 'Destroy'],
  ['a restart', restarts, undefined],
] as const) {
  test(`${what} leaves a volume from a snapshot ${state ?? 'gone'}`, () => {
    // A volume that no snapshot fills has no second step.
    const when = { command: 'createVolume', phase: 'job-step', step: 2 } as const;
    const world = faultyZone(rule(when, effect));
    const { user, simulator } = world;
    const { id: snapshotid } = snapshotOf(user, readyVolume(world, user));
    const { id, status } = user.run('createVolume', { snapshotid });
    expect(status).toBe(2);
    expect(listedVolume(user, id!)?.['state']).toBe(state);
    assertSound(simulator);
  });
}
