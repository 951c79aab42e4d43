// Proves that with automigrate a volume moves to another pool when its size or its new offering asks
// for that, keeping its id, and when CloudStack cannot move it.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { attachedVolume, readyVolume } from '../../../support/simulator-snapshots.js';
import { deployed, diskOfferingId, refusedUnchanged } from '../../../support/simulator-vms.js';
import {
  attached,
  cluster,
  createdVolume,
  listedVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

const GIB = 1024 ** 3;

test('a volume moves where it has room to grow, and nobody can use it meanwhile', () => {
  const world = twoPools();
  const { user, admin, simulator } = world;
  const id = readyVolume(world, user);
  putOn(world, id, 'plain');
  fill(world, 'plain');
  expect(user.run('resizeVolume', { id, size: 50 })).toMatchObject({ resultcode: 530 });
  const { jobid } = user.call('resizeVolume', { id, size: 50, automigrate: true });
  simulator.kernel.advanceBy(50);
  expect(listedVolume(admin, id)).toMatchObject({ state: 'Migrating', storage: 'plain' });
  assertSound(simulator);
  expect(refusedUnchanged(world, user, 'deleteVolume', { id }).httpStatus).toBe(530);
  simulator.kernel.advanceBy(5_000);
  expect(listedVolume(admin, id)).toMatchObject({ state: 'Resizing', storage: 'fast' });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result['volume']).toMatchObject({ id, state: 'Ready', size: 50 * GIB });
  assertSound(simulator);
});

test('a volume that fits stays where it is', () => {
  const world = twoPools();
  const id = readyVolume(world, world.user);
  putOn(world, id, 'plain');
  world.user.done('resizeVolume', { id, size: 50, automigrate: true });
  expect(listedVolume(world.admin, id)).toMatchObject({ storage: 'plain', size: 50 * GIB });
});

test('a volume moves to a pool with the tags of its new offering, and grows there', () => {
  const world = twoPools();
  const { user, admin } = world;
  const id = readyVolume(world, user);
  putOn(world, id, 'plain');
  const values = { id, diskofferingid: diskOfferingId(world, 'fast.custom'), automigrate: true };
  expect(user.done('changeOfferingForVolume', { ...values, size: 10 })['volume']).toMatchObject({
    id,
    diskofferingname: 'fast.custom',
    size: 10 * GIB,
  });
  expect(listedVolume(admin, id)).toMatchObject({ storage: 'fast', state: 'Ready' });
  const other = readyVolume(world, user);
  putOn(world, other, 'plain');
  expect(
    user.done('changeOfferingForVolume', { ...values, id: other, size: 30 })['volume'],
  ).toMatchObject({ size: 30 * GIB, diskofferingname: 'fast.custom' });
  assertSound(world.simulator);
});

test('a volume whose VM is stopped moves, too', () => {
  const world = twoPools();
  const { user, admin } = world;
  const { id, vmId } = attachedVolume(world, user);
  putOn(world, id, 'plain');
  user.done('stopVirtualMachine', { id: vmId });
  user.done('changeOfferingForVolume', change(world, id));
  expect(listedVolume(admin, id)).toMatchObject({ storage: 'fast', virtualmachineid: vmId });
  user.done('startVirtualMachine', { id: vmId });
  assertSound(world.simulator);
});

test('on KVM the volume of a running VM does not move', () => {
  const world = twoPools();
  const { user } = world;
  const { id } = attachedVolume(world, user);
  putOn(world, id, 'plain');
  expect(refusal(world, 'changeOfferingForVolume', change(world, id))).toMatch(
    /^Volume change offering operation failed for volume: Volume \{.*\} migration failed to storage pool StoragePool \{.*"name":"fast".*\} due to KVM does not support volume live migration /,
  );
  fill(world, 'plain');
  expect(refusal(world, 'resizeVolume', { id, size: 50, automigrate: true })).toMatch(
    /^Volume resize operation failed for volume ID: .* as migration failed to storage pool \d+ accommodating new size$/,
  );
});

test('no pool that suits, and none with room', () => {
  const world = testSimulator({ world: storageWorld({}) });
  const { user } = world;
  const vm = deployed(world, user);
  const id = readyVolume(world, user);
  const values = change(world, id);
  expect(refusal(world, 'changeOfferingForVolume', values)).toMatch(
    /^Volume change offering operation failed for volume: .* as no suitable pool\(s\) found for migrating to support new disk offering$/,
  );
  attached(user, id, vm['id']);
  expect(refusal(world, 'changeOfferingForVolume', values)).toMatch(/ as no suitable pool\(s\) /);
  for (const pool of world.simulator.world.storagePools.all()) fill(world, pool.name);
  expect(refusal(world, 'resizeVolume', { id, size: 50, automigrate: true })).toBe(
    `Volume resize failed for volume ID: ${id} as no suitable pool(s) with enough space found.`,
  );
});

test('room that is gone by the end of the move fails it, and the volume stays', () => {
  const world = twoPools();
  const { user, admin, simulator } = world;
  const ids = [readyVolume(world, user), readyVolume(world, user)];
  for (const id of ids) putOn(world, id, 'plain');
  fill(world, 'fast', 15);
  const jobs = ids.map((id) => user.call('changeOfferingForVolume', change(world, id))['jobid']);
  simulator.kernel.advanceUntilIdle();
  expect(jobs.map((job) => user.job(job).status)).toEqual([1, 2]);
  expect(listedVolume(admin, ids[1]!)).toMatchObject({ storage: 'plain', state: 'Ready' });
  assertSound(simulator);
});

test('a resize that fails after the move leaves the volume moved, and the job succeeds', () => {
  const world = twoPools();
  const { user, admin, simulator } = world;
  const id = readyVolume(world, user);
  putOn(world, id, 'plain');
  user.call('changeOfferingForVolume', { ...change(world, id), size: 50 });
  simulator.kernel.advanceBy(5_000);
  fill(world, 'fast', 25);
  simulator.kernel.advanceUntilIdle();
  expect(listedVolume(admin, id)).toMatchObject({
    storage: 'fast',
    state: 'Ready',
    size: 10 * GIB,
    diskofferingname: 'fast.custom',
  });
  assertSound(simulator);
});

test('from shared to local storage nothing moves by itself', () => {
  const world = twoPools();
  const id = readyVolume(world, world.user);
  putOn(world, id, 'plain');
  const local = world.simulator.world.storagePools.all().find(({ scope }) => scope === 'HOST')!;
  world.simulator.world.storagePools.change(local, { tags: ['nvme'] });
  const diskofferingid = diskOfferingId(world, 'nvme.shared');
  const values = { id, diskofferingid, size: 10, automigrate: true };
  expect(refusal(world, 'changeOfferingForVolume', values)).toMatch(
    /due to You cannot move the volume to a shared storage and assign a disk offering for local storage and vice versa\.$/,
  );
  const { storagePools } = world.simulator.world;
  storagePools.change(local, { tags: [] });
  storagePools.change(poolNamed(world, 'fast'), { tags: ['nvme'] });
  const both = diskOfferingId(world, 'nvme.and.more');
  expect(refusal(world, 'changeOfferingForVolume', { ...values, diskofferingid: both })).toMatch(
    /due to Migration failed: target pool \[.*, tags:\[nvme\]\] has no matching tags for volume \[disk, uuid:.*, tags:nvme,more\]$/,
  );
});

test('strict offerings keep their volumes as they are', () => {
  const world = testSimulator({
    world: storageWorld(
      {},
      {
        diskOfferings: [
          { name: 'strict.custom', sizeStrictness: true },
          { name: 'strict.10', sizeGib: 10, sizeStrictness: true },
          { name: 'strict.20', sizeGib: 20, sizeStrictness: true },
          { name: 'shared.custom' },
        ],
      },
    ),
  });
  const { user } = world;
  const id = createdVolume(world, user, {}, 'strict.custom');
  const offering = (name: string): Values => ({ id, diskofferingid: diskOfferingId(world, name) });
  expect(user.call('listDiskOfferings', { name: 'strict.10' })).toMatchObject({
    diskoffering: [{ disksizestrictness: true }],
  });
  const texts = [
    refusal(world, 'resizeVolume', { id, size: 20 }),
    refusal(world, 'resizeVolume', { ...offering('shared.custom'), size: 10 }),
    refusal(world, 'resizeVolume', offering('strict.20')),
    refusal(world, 'changeOfferingForVolume', offering('strict.20')),
    refusal(world, 'changeOfferingForVolume', { ...offering('shared.custom'), size: 10 }),
  ];
  expect(texts).toEqual([
    `Resize of volume ${id} is not allowed, since disk size is strictly fixed as per the disk offering`,
    'Disk offering size strictness does not match with new disk offering',
    "Resize volume for disk is not allowed since disk offering's size is fixed",
    "Resize volume for disk is not allowed since disk offering's size is fixed",
    'Disk offering size strictness does not match with new disk offering.',
  ]);
  expect(user.done('changeOfferingForVolume', offering('strict.10'))['volume']).toMatchObject({
    diskofferingname: 'strict.10',
  });
});

function change(world: TestWorld, id: string): Values {
  const diskofferingid = diskOfferingId(world, 'fast.custom');
  return { id, diskofferingid, size: 10, automigrate: true };
}

/** The text with which the job fails, leaving the volume as it is. */
function refusal(world: TestWorld, command: string, values: Values): string {
  const before = listedVolume(world.admin, String(values['id']));
  const outcome = world.user.run(command, values);
  expect(outcome.status).toBe(2);
  expect(listedVolume(world.admin, String(values['id']))).toEqual(before);
  return outcome.result['errortext'] as string;
}

/** A zone with a pool for everything and a larger one for what is tagged. */
function twoPools(): TestWorld {
  return testSimulator({
    world: storageWorld(
      {
        pods: [
          {
            name: 'pod1',
            clusters: [
              cluster('cluster1', ['host1'], {
                pools: [
                  { name: 'plain', sizeGib: 1_000 },
                  { name: 'fast', sizeGib: 1_500, tags: ['ssd'] },
                ],
              }),
            ],
          },
        ],
      },
      {
        diskOfferings: [
          { name: 'shared.custom' },
          { name: 'fast.custom', storageTags: ['ssd'] },
          { name: 'nvme.shared', storageTags: ['nvme'] },
          { name: 'nvme.and.more', storageTags: ['nvme', 'more'] },
        ],
      },
    ),
  });
}

function poolNamed({ simulator }: TestWorld, name: string) {
  return simulator.world.storagePools.all().find((pool) => pool.name === name)!;
}

function putOn(world: TestWorld, id: string, name: string): void {
  const { volumes } = world.simulator.world;
  volumes.change(volumes.require(id), { poolId: poolNamed(world, name).id });
}

/** Leaves a pool the room for what it holds, and a little more. */
function fill(world: TestWorld, name: string, moreGib = 20): void {
  const { storagePools, volumes } = world.simulator.world;
  const pool = poolNamed(world, name);
  const held = volumes.where('poolId', pool.id).reduce((sum, row) => sum + row.sizeBytes, 0);
  storagePools.change(pool, { sizeBytes: held + moreGib * GIB });
}
