// Proves what updateStoragePool changes of a pool and what follows for volumes: tags and sizes that the
// planner goes by, and a pool that is disabled, takes nothing new, and stays in use by what it has.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, listed, refusedUnchanged } from '../../../support/simulator-vms.js';
import {
  attached,
  cluster,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const UPDATE = 'updateStoragePool';
const GIB = 2 ** 30;

/** Two pools of one cluster, of which the first is taken as long as it suits. */
function twoPools(): TestWorld & { first: string; second: string } {
  const pools = ['first', 'second'].map((name) => ({ name, sizeGib: 100 }));
  const clusters = [cluster('cluster1', ['host1', 'host2'], { pools })];
  const world = testSimulator({
    settings: { 'volume.allocation.algorithm': 'firstfit' },
    world: storageWorld({ pods: [{ name: 'pod1', clusters }] }),
  });
  const [first = '', second = ''] = ['first', 'second'].map(
    (name) => world.simulator.world.storagePools.all().find((pool) => pool.name === name)!.id,
  );
  return { ...world, first, second };
}

/** On which pool a new disk comes when it is attached to a VM. */
function poolOfNew(world: TestWorld, vmId: string, offering = 'shared.custom'): unknown {
  const id = createdVolume(world, world.user, { size: 1 }, offering);
  attached(world.user, id, vmId);
  return listedVolume(world.admin, id)!['storageid'];
}

function shown({ admin }: TestWorld, id: string): Reply {
  return (admin.call('listStoragePools', { id })['storagepool'] as Reply[])[0]!;
}

test('name, tags, sizes: the answer is what lists show then', () => {
  const world = twoPools();
  const { admin, first } = world;
  const values = { id: first, name: 'fast', tags: 'ssd, nvme,', capacitybytes: 50 * GIB };
  const { storagepool } = admin.call(UPDATE, { ...values, capacityiops: 5_000 });
  expect(storagepool).toMatchObject({
    id: first,
    name: 'fast',
    tags: 'ssd,nvme',
    disksizetotal: 50 * GIB,
    capacityiops: 5_000,
    state: 'Up',
  });
  expect(shown(world, first)).toEqual(storagepool);
  expect(admin.call(UPDATE, { id: first, tags: '' })['storagepool']).not.toHaveProperty('tags');
});

test('the planner goes by the tags and the size that a pool has now', () => {
  const world = twoPools();
  const { admin, user, first, second } = world;
  const { id: vmId } = deployed(world, user);
  expect(poolOfNew(world, vmId as string)).toBe(first);
  admin.call(UPDATE, { id: second, tags: 'ssd' });
  expect(poolOfNew(world, vmId as string, 'fast.custom')).toBe(second);
  // Less than what is promised already.
  admin.call(UPDATE, { id: first, capacitybytes: GIB });
  expect(poolOfNew(world, vmId as string)).toBe(second);
  assertSound(world.simulator);
});

test('a disabled pool takes nothing new, and what is there goes on', () => {
  const world = twoPools();
  const { admin, user, simulator, first, second } = world;
  const { id: vmId } = deployed(world, user);
  const disk = createdVolume(world, user, { size: 1 });
  attached(user, disk, vmId as string);
  const { storagepool } = admin.call(UPDATE, { id: first, enabled: false });
  expect(storagepool).toMatchObject({ id: first, state: 'Disabled' });
  expect(admin.call('listStoragePools', { status: 'disabled' })['count']).toBe(1);
  expect(poolOfNew(world, vmId as string)).toBe(second);
  user.done('stopVirtualMachine', { id: vmId });
  user.done('startVirtualMachine', { id: vmId });
  expect(listed(user, { id: vmId })).toMatchObject({ state: 'Running' });
  expect(listedVolume(admin, disk)).toMatchObject({ storageid: first });
  assertSound(simulator);
  expect(admin.call(UPDATE, { id: first, enabled: true })['storagepool']).toMatchObject({
    state: 'Up',
  });
  expect(poolOfNew(world, vmId as string)).toBe(first);
});

test('to cancel a maintenance that there is not enables a disabled pool', () => {
  const world = twoPools();
  const { admin, first } = world;
  admin.call(UPDATE, { id: first, enabled: false });
  const began = admin.run('enableStorageMaintenance', { id: first });
  expect(began.result['errortext']).toMatch(
    /is not ready for migration, as the status is:Disabled$/,
  );
  admin.done('cancelStorageMaintenance', { id: first });
  expect(shown(world, first)).toMatchObject({ state: 'Up' });
});

for (const [what, values, errorcode, errortext] of [
  ['nothing', {}, 530, 'Failed to update storage pool'],
  [
    'a rule as its tag',
    { tags: 'x', istagarule: true },
    431,
    'The parameter istagarule cannot be set to true as JS interpretation is disabled',
  ],
  [
    'what it is already',
    { name: 'other', enabled: true },
    431,
    /^Primary storage StoragePool \{.*\} cannot be enabled\. Storage pool state : Up$/,
  ],
  ['less than nothing', { capacitybytes: -1 }, 530, /^DB Exception on: Out of range value/],
  ['fewer requests than none', { capacityiops: -1 }, 530, /'capacity_iops'/],
] as const) {
  test(`a pool that is to be given ${what} stays as it is`, () => {
    const world = twoPools();
    const asked: Values = { id: world.first, ...values };
    const refused = refusedUnchanged(world, world.admin, UPDATE, asked);
    expect(refused.errorcode).toBe(errorcode);
    expect(refused.errortext).toMatch(errortext);
  });
}

test('a pool in maintenance cannot be disabled, and nobody but root admins may ask', () => {
  const world = twoPools();
  const { admin, user, first } = world;
  admin.done('enableStorageMaintenance', { id: first });
  const asked = { id: first, enabled: false };
  expect(refusedUnchanged(world, admin, UPDATE, asked).errortext).toMatch(
    /cannot be disabled\. Storage pool state : Maintenance$/,
  );
  expect(user.fails(UPDATE, asked).httpStatus).toBe(432);
});
