// Proves how much a pool promises and when it takes nothing more: overprovisioning, the thresholds of
// what is promised and of what is in use, as settings for everything, for a zone and for one pool;
// templates and destroyed disks in the account; growth beyond the threshold where it is allowed; and
// which error a caller gets when there is no room.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, deployment, diskOfferingId, networkId } from '../../../support/simulator-vms.js';
import { attached, createdVolume, storageWorld } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 2 ** 30;
const ALLOCATED = 'pool.storage.allocated.capacity.disablethreshold';
const USED = 'pool.storage.capacity.disablethreshold';
const FACTOR = 'storage.overprovisioning.factor';
const RESIZE = 'pool.storage.allocated.resize.capacity.disablethreshold';

/** One shared pool of 100 GiB, and a VM there: 5 GiB of template and 5 GiB of root disk. */
function onePool(): TestWorld & { readonly vm: string; readonly pool: string } {
  const world = testSimulator({
    world: {
      ...storageWorld({
        pods: [
          {
            name: 'pod1',
            clusters: [
              {
                name: 'cluster1',
                hosts: [{ name: 'host1', localStorageGib: 100 }],
                pools: [{ name: 'shared', sizeGib: 100 }],
              },
            ],
          },
        ],
      }),
      settings: {},
    },
  });
  const vm = deployed(world, world.user)['id'] as string;
  const pool = world.simulator.world.storagePools.all().find(({ name }) => name === 'shared')!;
  return { ...world, vm, pool: pool.id };
}

/** Whether a volume of so many GiB can be created there; it is deleted again. */
function takes(world: TestWorld & { readonly vm: string }, size: number): boolean {
  const id = createdVolume(world, world.user, { size });
  const { status, resultcode } = world.user.run('attachVolume', {
    id,
    virtualmachineid: world.vm,
  });
  if (status === 1) world.user.done('detachVolume', { id });
  else expect(resultcode).toBe(530);
  world.user.call('deleteVolume', { id });
  return status === 1;
}

function set(world: TestWorld, name: string, value: number | string, where = {}): void {
  world.admin.call('updateConfiguration', { name, value, ...where });
}

function listedPool(world: TestWorld, id: string): Reply {
  return (world.admin.call('listStoragePools', { id })['storagepool'] as Reply[])[0]!;
}

test('a pool promises twice its size, and gives away 85 % of that', () => {
  const world = onePool();
  expect(takes(world, 160)).toBe(true);
  expect(takes(world, 161)).toBe(false);
  expect(listedPool(world, world.pool)).toMatchObject({
    disksizetotal: 100 * GIB,
    disksizeallocated: 10 * GIB,
    disksizeused: 5 * GIB,
    overprovisionfactor: '2.0',
  });
  assertSound(world.simulator);
});

test('the factor: for all pools, or for one', () => {
  const world = onePool();
  set(world, FACTOR, 1);
  expect([takes(world, 75), takes(world, 76)]).toEqual([true, false]);
  set(world, FACTOR, 1.5, { storageid: world.pool });
  expect([takes(world, 117), takes(world, 118)]).toEqual([true, false]);
  expect(listedPool(world, world.pool)['overprovisionfactor']).toBe('1.5');
  const local = world.simulator.world.storagePools.all().find(({ scope }) => scope === 'HOST')!;
  expect(listedPool(world, local.id)['overprovisionfactor']).toBe('1.0');
});

test('the threshold of what is promised: for everything, or for the zone', () => {
  const world = onePool();
  set(world, ALLOCATED, 1);
  expect([takes(world, 190), takes(world, 191)]).toEqual([true, false]);
  set(world, ALLOCATED, 0.5, { zoneid: world.simulator.world.zones.all()[0]!.id });
  expect([takes(world, 90), takes(world, 91)]).toEqual([true, false]);
  set(world, ALLOCATED, 0);
  expect(takes(world, 1)).toBe(true);
});

test('the threshold of what is in use: the template, or all that others have taken', () => {
  const world = onePool();
  set(world, USED, 0.06);
  expect(takes(world, 1)).toBe(true);
  set(world, USED, 0.05);
  expect(takes(world, 1)).toBe(false);
  set(world, USED, 1);
  const { storagePools } = world.simulator.world;
  expect(takes(world, 1)).toBe(true);
  storagePools.change(storagePools.require(world.pool), { full: true });
  expect(takes(world, 1)).toBe(false);
  expect(listedPool(world, world.pool)['disksizeused']).toBe(100 * GIB);
});

test('a template takes its room once, on each pool to which it came', () => {
  const world = onePool();
  expect(listedPool(world, world.pool)['disksizeallocated']).toBe(10 * GIB);
  const { id } = deployed(world, world.user);
  expect(listedPool(world, world.pool)['disksizeallocated']).toBe(15 * GIB);
  for (const vm of [world.vm, id as string]) {
    world.admin.done('destroyVirtualMachine', { id: vm, expunge: true });
  }
  expect(listedPool(world, world.pool)['disksizeallocated']).toBe(0);
});

test('a destroyed disk leaves its room, and takes it back when it is recovered', () => {
  const world = onePool();
  const id = createdVolume(world, world.user, { size: 100 });
  attached(world.user, id, world.vm);
  world.user.done('detachVolume', { id });
  expect(takes(world, 61)).toBe(false);
  world.user.done('destroyVolume', { id });
  expect(takes(world, 160)).toBe(true);
  world.user.call('recoverVolume', { id });
  expect(takes(world, 61)).toBe(false);
  expect(takes(world, 60)).toBe(true);
});

test('volumes grow within the threshold, and beyond it where that is allowed', () => {
  const world = onePool();
  const id = createdVolume(world, world.user, { size: 150 });
  attached(world.user, id, world.vm);
  const grows = (size: number): boolean =>
    world.user.run('resizeVolume', { id, size }).status === 1;
  expect([grows(161), grows(160)]).toEqual([false, true]);
  set(world, 'volume.resize.allowed.beyond.allocation', 'true');
  expect([grows(171), grows(170)]).toEqual([false, true]);
  set(world, RESIZE, 0.95);
  expect([grows(181), grows(180)]).toEqual([false, true]);
  set(world, 'volume.resize.allowed.beyond.allocation', 'false', { storageid: world.pool });
  expect(grows(181)).toBe(false);
  assertSound(world.simulator);
});

test('what the settings refuse', () => {
  const world = onePool();
  const refused = (name: string, value: string, where = {}): string =>
    world.admin.fails('updateConfiguration', { name, value, ...where }).errortext;
  for (const name of [ALLOCATED, USED, RESIZE]) {
    for (const value of ['1.01', '-0.1']) {
      expect(refused(name, value)).toBe(
        `Please enter a value between 0 and 1 for the configuration parameter: [${name}].`,
      );
    }
    expect(refused(name, 'half')).toBe('Value [half] is not a valid [class java.lang.Double].');
  }
  for (const value of ['0', '-1']) {
    expect(refused(FACTOR, value)).toBe(
      `Value for configuration [${FACTOR}] should be greater than 0.`,
    );
  }
  const zoneid = world.simulator.world.zones.all()[0]!.id;
  expect(refused(FACTOR, '1', { zoneid })).toMatch(/^Invalid scope id provided/);
  expect(refused(ALLOCATED, '1', { storageid: world.pool })).toMatch(/^Invalid scope id provided/);
  const listedTypes = [ALLOCATED, FACTOR].map(
    (name) =>
      (world.admin.call('listConfigurations', { name })['configuration'] as Reply[])[0]!['type'],
  );
  expect(listedTypes).toEqual(['Range', 'Decimal']);
});

test('no room: each command tells it in its own way', () => {
  const world = onePool();
  const { user, simulator, vm, pool } = world;
  const { storagePools } = simulator.world;
  const small = createdVolume(world, user, { name: 'small', size: 1 });
  attached(user, small, vm);
  storagePools.change(storagePools.require(pool), { full: true });
  const fresh = createdVolume(world, user, { name: 'fresh', size: 1 });
  expect(user.run('attachVolume', { id: fresh, virtualmachineid: vm })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: `Unable to find suitable primary storage when creating volume [{"name":"fresh","uuid":"${fresh}"}].`,
    },
  });
  expect(user.run('resizeVolume', { id: small, size: 2 }).result['errortext']).toContain(
    'since the storage pool does not have enough space to accommodate new size',
  );
  const deploy = user.run('deployVirtualMachine', deployment(world));
  expect(deploy).toMatchObject({ status: 2, resultcode: 533 });
  expect(deploy.result['errortext']).toMatch(/^No destination found for a deployment for VM/);
  const disk = {
    networkids: networkId(world, 'NET_CS'),
    diskofferingid: diskOfferingId(world, 'local.custom'),
    size: 171,
  };
  storagePools.change(storagePools.require(pool), { full: false });
  expect(user.run('deployVirtualMachine', deployment(world, disk)).resultcode).toBe(533);
  storagePools.change(storagePools.require(pool), { full: true });
  // What is there stays usable.
  user.done('stopVirtualMachine', { id: vm });
  user.done('startVirtualMachine', { id: vm });
  assertSound(simulator);
});
