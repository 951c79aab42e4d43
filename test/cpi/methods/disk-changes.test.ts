// Proves that resize_disk and update_disk change disks in place or leave them as they were, and say
// NotSupported exactly where a Director is to copy instead; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { forceState } from '../../support/simulator-snapshots.js';
import { promisesNoMore } from '../../support/simulator-volumes.js';
import { impatient } from '../support/impatience.js';
import { vmArguments } from './vm-requests.js';

const unknownId = 'b0000000-0000-4000-8000-00000000000f';
const gib = 1024 ** 3;

/** A detached disk of 2 GiB, which exists on a pool unless it is `fresh`. */
async function createDisk(
  zone: CpiZone,
  { offering = 'shared.custom', sizeMib = 2048, fresh = false } = {},
): Promise<string> {
  const args = [sizeMib, { disk_offering: offering }, null];
  const disk = (await zone.result('create_disk', args)) as string;
  if (fresh) return disk;
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  await zone.result('delete_vm', [vm]);
  return disk;
}

function volumeOf(zone: CpiZone, id: string): unknown {
  return at(zone.user.call('listVolumes', { id }), 'volume', 0);
}

async function notSupported(
  zone: CpiZone,
  method: string,
  args: readonly unknown[],
): Promise<string> {
  const before = volumeOf(zone, String(args[0]));
  const error = await zone.error(method, args);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::NotSupported', ok_to_retry: false });
  expect(error.message).toContain(String(args[0]));
  expect(volumeOf(zone, String(args[0]))).toEqual(before);
  return error.message;
}

for (const fresh of [false, true]) {
  test(`resize_disk rounds up to whole GiB, and again is a success (fresh: ${fresh})`, async () => {
    await using zone = await startZone();
    const disk = await createDisk(zone, { fresh });
    expect(await zone.result('resize_disk', [disk, 4097])).toBeNull();
    expect(volumeOf(zone, disk)).toMatchObject({ size: 5 * gib });
    const jobs = zone.simulator.world.jobs.all().length;
    expect(await zone.result('resize_disk', [disk, 5120])).toBeNull();
    expect(await zone.result('resize_disk', [disk, 4100])).toBeNull();
    expect(zone.simulator.world.jobs.all()).toHaveLength(jobs);
  });
}

test('resize_disk refuses to shrink before it sends anything', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, { fresh: true });
  const jobs = zone.simulator.world.jobs.all().length;
  expect(await notSupported(zone, 'resize_disk', [disk, 1024])).toMatch(/has 2 GiB .*\(1 GiB\)/);
  expect(zone.simulator.world.jobs.all()).toHaveLength(jobs);
});

test('a disk of a fixed offering grows only as far as it is large already', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, { offering: 'DO1 - Small STD', fresh: true });
  expect(await zone.result('resize_disk', [disk, 10 * 1024])).toBeNull();
  expect(volumeOf(zone, disk)).toMatchObject({ size: 20 * gib });
  expect(await notSupported(zone, 'resize_disk', [disk, 30 * 1024])).toMatch(
    /DO1 - Small STD has a fixed size/,
  );
});

test('a disk of a running VM grows on KVM', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, { fresh: true });
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('attach_disk', [vm, disk]);
  expect(await zone.result('resize_disk', [disk, 4096])).toBeNull();
  expect(volumeOf(zone, disk)).toMatchObject({ size: 4 * gib, virtualmachineid: vm });
});

test('what CloudStack refuses for good is to be copied: a pool without room', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone);
  const { storagePools } = zone.simulator.world;
  for (const pool of storagePools.all()) storagePools.change(pool, { sizeBytes: 10 * gib });
  expect(await notSupported(zone, 'resize_disk', [disk, 20 * 1024])).toMatch(/enough space/);
});

/** A disk of which CloudStack backs up a snapshot, and does nothing else with it meanwhile. */
async function diskWithSnapshotOnItsWay(zone: CpiZone): Promise<string> {
  const disk = await createDisk(zone);
  const { jobid } = zone.user.call('createSnapshot', { volumeid: disk, asyncbackup: true });
  zone.simulator.kernel.advanceBy(1_600);
  expect(zone.user.job(jobid as string).status).toBe(1);
  return disk;
}

test('a snapshot on its way is waited for', async () => {
  await using zone = await startZone({}, 'direct');
  const disk = await diskWithSnapshotOnItsWay(zone);
  zone.onDiagnostic((line) => {
    if (line.includes('a snapshot is being taken')) zone.simulator.kernel.advanceBy(600_000);
  });
  expect(await zone.result('resize_disk', [disk, 4096])).toBeNull();
  expect(volumeOf(zone, disk)).toMatchObject({ size: 4 * gib });
  expect(zone.diagnostics.join('\n')).toContain('a snapshot is being taken; waiting');
});

test('a snapshot that does not end is an error of its own: nothing is copied for that', async () => {
  await using zone = await startZone({}, 'direct');
  const disk = await diskWithSnapshotOnItsWay(zone);
  const options = impatient({ state_timeout_volume: 10 });
  const error = await zone.error('resize_disk', [disk, 4096], options);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError' });
  expect(error.message).toMatch(/unbacked up snapshot/);
});

for (const state of ['Creating', 'Attaching', 'Snapshotting', 'Resizing', 'Migrating']) {
  test(`a disk that is ${state} is waited for, and not for ever`, async () => {
    await using zone = await startZone();
    const disk = await createDisk(zone);
    forceState(zone, disk, state);
    for (const [method, rest] of [
      ['resize_disk', [4096]],
      ['update_disk', [4096, { disk_offering: 'ephemeral' }]],
      ['snapshot_disk', [{}]],
    ] as const) {
      const options = impatient({ state_timeout_volume: 1 });
      const error = await zone.error(method, [disk, ...rest], options);
      expect(error.type).toBe('Bosh::Clouds::CloudError');
      expect(error.message).toMatch(state);
    }
    expect(volumeOf(zone, disk)).toMatchObject({ state, size: 2 * gib });
    const { volumes } = zone.simulator.world;
    zone.onDiagnostic((line) => {
      if (!line.includes('waiting until')) return;
      volumes.move(volumes.require(disk), 'OperationSucceeded');
    });
    expect(await zone.result('resize_disk', [disk, 4096])).toBeNull();
    expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready', size: 4 * gib });
  });
}

const otherVm = {
  agentId: 'b0000000-0000-4000-8000-000000000002',
  networks: { n: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } },
};

function remove({ simulator: { world } }: CpiZone, disk: string): void {
  world.volumes.remove(world.volumes.require(disk));
}

function beginDeletion(zone: CpiZone, disk: string): void {
  const { volumes } = zone.simulator.world;
  volumes.move(volumes.require(disk), 'OperationSucceeded');
  forceState(zone, disk, 'Destroy');
}

for (const [how, goes] of [
  ['is removed', remove],
  ['is being deleted', beginDeletion],
] as const) {
  test(`a disk that ${how} while it is waited for is not found, whatever was to be done`, async () => {
    await using zone = await startZone({}, 'direct');
    const [vm] = (await zone.result('create_vm', vmArguments(otherVm))) as [string];
    let disk = '';
    zone.onDiagnostic((line) => {
      if (line.includes('waiting until that is over')) goes(zone, disk);
    });
    for (const [method, args] of [
      ['resize_disk', (id: string) => [id, 4096]],
      ['update_disk', (id: string) => [id, 4096, { disk_offering: 'ephemeral' }]],
      ['snapshot_disk', (id: string) => [id, {}]],
      ['attach_disk', (id: string) => [vm, id]],
      ['detach_disk', (id: string) => [vm, id]],
    ] as const) {
      disk = await createDisk(zone);
      forceState(zone, disk, 'Attaching');
      const error = await zone.error(method, args(disk));
      expect(error, method).toMatchObject({
        type: 'Bosh::Clouds::DiskNotFound',
        ok_to_retry: false,
      });
      expect(error.message, method).toContain(disk);
    }
  });
}

/** Acts when a command has been sent, however it was answered. */
function after(command: string, act: () => void): (line: Transport) => Transport {
  return (line) => ({
    close: () => {
      line.close();
    },
    send: async (request) => {
      try {
        return await line.send(request);
      } finally {
        const { body } = request;
        if (typeof body === 'string' && body.includes(`command=${command}&`)) act();
      }
    },
  });
}

test('a disk that goes when nobody knows how its change ends is not found', async () => {
  await using zone = await startZone({}, 'direct');
  for (const [method, rest, loses] of [
    ['resize_disk', [4096], 'resizeVolume'],
    ['update_disk', [4096, { disk_offering: 'ephemeral' }], 'changeOfferingForVolume'],
    ['snapshot_disk', [{}], 'createSnapshot'],
  ] as const) {
    const disk = await createDisk(zone);
    const through = after(loses, () => remove(zone, disk));
    const error = await zone.error(method, [disk, ...rest], { loseAnswersOf: loses, through });
    expect(error, method).toMatchObject({ type: 'Bosh::Clouds::DiskNotFound', ok_to_retry: false });
    expect(error.message, method).toContain(disk);
  }
});

test('detach_disk waits for an attachment that is on its way, and undoes it', async () => {
  await using zone = await startZone({ clock: 'auto' });
  const disk = await createDisk(zone);
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  // As after an attach_disk that was killed: its job goes on.
  zone.simulator.setClockMode({ kind: 'manual' });
  zone.user.call('attachVolume', { id: disk, virtualmachineid: vm });
  zone.simulator.kernel.advanceBy(100);
  expect(volumeOf(zone, disk)).toMatchObject({ state: 'Attaching' });
  expect(volumeOf(zone, disk)).not.toHaveProperty('virtualmachineid');
  zone.onDiagnostic((line) => {
    if (line.includes('waiting until')) zone.simulator.setClockMode({ kind: 'auto' });
  });
  expect(await zone.result('detach_disk', [vm, disk])).toBeNull();
  zone.simulator.kernel.advanceUntilIdle();
  expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready' });
  expect(volumeOf(zone, disk)).not.toHaveProperty('virtualmachineid');
});

test('detach_disk waits for an attachment that has not begun, and undoes it', async () => {
  await using zone = await startZone({}, 'direct');
  const disk = await createDisk(zone);
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  const other = await createDisk(zone, { fresh: true });
  // As after an attach_disk that was killed; nothing of the disk tells of it.
  zone.user.call('attachVolume', { id: disk, virtualmachineid: vm });
  expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready' });
  expect(volumeOf(zone, disk)).not.toHaveProperty('virtualmachineid');
  expect(await zone.result('detach_disk', [vm, other]), 'another one').toBeNull();
  expect(zone.diagnostics.join()).not.toContain('waiting until');
  expect(await zone.result('detach_disk', [vm, disk])).toBeNull();
  zone.simulator.kernel.advanceUntilIdle();
  expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready' });
  expect(volumeOf(zone, disk)).not.toHaveProperty('virtualmachineid');
});

for (const { to } of [{ to: 'the same VM' }, { to: 'another VM' }]) {
  test(`attach_disk to ${to} waits for a detachment that is on its way, and undoes it`, async () => {
    await using zone = await startZone({}, 'direct');
    const [disk, stays] = [await createDisk(zone), await createDisk(zone)];
    const [from] = (await zone.result('create_vm', vmArguments())) as [string];
    const [other] = (await zone.result('create_vm', vmArguments(otherVm))) as [string];
    const hint = await zone.result('attach_disk', [from, disk]);
    const stayingHint = await zone.result('attach_disk', [from, stays]);
    // As after a detach_disk that was killed; nothing of the disk tells of it.
    zone.user.call('detachVolume', { id: disk });
    expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready', virtualmachineid: from });
    expect(await zone.result('attach_disk', [from, stays]), 'another disk').toEqual(stayingHint);
    expect(zone.diagnostics.join()).not.toContain('waiting until');
    const vm = to === 'the same VM' ? from : other;
    expect(await zone.result('attach_disk', [vm, disk])).toEqual(hint);
    zone.simulator.kernel.advanceUntilIdle();
    expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready', virtualmachineid: vm });
  });
}

test('a detachment that fails leaves the disk on its VM, and a lesser role does not wait', async () => {
  await using zone = await startZone({}, 'direct');
  const disk = await createDisk(zone);
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  const hint = await zone.result('attach_disk', [vm, disk]);
  zone.simulator.setFaults([
    {
      when: { phase: 'job-step', command: 'detachVolume', times: 1 },
      then: { effect: 'job-fails', text: 'no path to the host' },
    },
  ]);
  zone.user.call('detachVolume', { id: disk });
  expect(await zone.result('attach_disk', [vm, disk])).toEqual(hint);
  expect(volumeOf(zone, disk)).toMatchObject({ state: 'Ready', virtualmachineid: vm });
  zone.user.call('detachVolume', { id: disk });
  const without = { refuse: 'listAsyncJobs' };
  expect(await zone.result('attach_disk', [vm, disk], without)).toEqual(hint);
  expect(zone.diagnostics.join()).toMatch(
    new RegExp(
      `warning: what earlier calls have ordered for disk ${disk} is not waited for: .*Jobs`,
    ),
  );
});

test('an attachment that fails after all, and one that never begins, are told apart', async () => {
  await using zone = await startZone({}, 'direct');
  const [failing, stuck] = [await createDisk(zone), await createDisk(zone)];
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  const attach = (id: string): void => {
    zone.user.call('attachVolume', { id, virtualmachineid: vm });
  };
  zone.simulator.setFaults([
    {
      when: { phase: 'job-step', command: 'attachVolume', times: 1 },
      then: { effect: 'job-fails', text: 'no path to the host' },
    },
    { when: { phase: 'job-step', command: 'attachVolume' }, then: { effect: 'job-never-ends' } },
  ]);
  attach(failing);
  expect(await zone.result('detach_disk', [vm, failing])).toBeNull();
  attach(stuck);
  const options = (): CallOptions => impatient({ state_timeout_volume: 1 });
  const error = await zone.error('detach_disk', [vm, stuck], options());
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toContain(`attachment of volume ${stuck} by an earlier call`);
  const without = { ...options(), refuse: 'listAsyncJobs' };
  expect(await zone.result('detach_disk', [vm, stuck], without), 'a lesser role').toBeNull();
});

test('a detached disk that is copied or looked at is detached already', async () => {
  await using zone = await startZone();
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  for (const state of ['Snapshotting', 'Resizing', 'Migrating']) {
    const disk = await createDisk(zone);
    forceState(zone, disk, state);
    expect(await zone.result('detach_disk', [vm, disk])).toBeNull();
  }
});

test('detach_disk does not wait for ever, and then tells that it does not know', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone);
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  forceState(zone, disk, 'Attaching');
  const options = impatient({ state_timeout_volume: 1 });
  const error = await zone.error('detach_disk', [vm, disk], options);
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toMatch(/Attaching/);
});

test('a role that may not resize is to copy', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, { fresh: true });
  const refuse = { refuse: 'resizeVolume' };
  expect(await zone.error('resize_disk', [disk, 4096], refuse)).toMatchObject({
    type: 'Bosh::Clouds::NotSupported',
  });
});

for (const fresh of [false, true]) {
  test(`update_disk changes size and offering, each or both (fresh: ${fresh})`, async () => {
    await using zone = await startZone();
    const disk = await createDisk(zone, { fresh });
    const update = (sizeMib: number, offering: string): Promise<unknown> =>
      zone.result('update_disk', [disk, sizeMib, { disk_offering: offering }]);
    expect(await update(3000, 'shared.custom')).toBeNull();
    expect(volumeOf(zone, disk)).toMatchObject({
      size: 3 * gib,
      diskofferingname: 'shared.custom',
    });
    expect(await update(3000, 'ephemeral')).toBeNull();
    expect(volumeOf(zone, disk)).toMatchObject({ size: 3 * gib, diskofferingname: 'ephemeral' });
    expect(await update(3000, 'ephemeral')).toBeNull();
    expect(await update(8 * 1024, 'DO1 - Small STD')).toBeNull();
    expect(volumeOf(zone, disk)).toMatchObject({
      size: 20 * gib,
      diskofferingname: 'DO1 - Small STD',
    });
    expect(await update(21 * 1024, 'shared.custom')).toBeNull();
    expect(volumeOf(zone, disk)).toMatchObject({
      size: 21 * gib,
      diskofferingname: 'shared.custom',
    });
  });
}

test('without an offering the default counts, and without one the disk keeps its own', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, { fresh: true });
  await zone.result('update_disk', [disk, 3072, {}]);
  expect(volumeOf(zone, disk)).toMatchObject({ size: 3 * gib, diskofferingname: 'shared.custom' });
  const properties = { default_disk_offering: 'ephemeral' };
  await zone.result('update_disk', [disk, 3072, { name: 'data' }], { properties });
  expect(volumeOf(zone, disk)).toMatchObject({ diskofferingname: 'ephemeral' });
  expect(at(volumeOf(zone, disk), 'tags')).toEqual(
    expect.arrayContaining([expect.objectContaining({ key: 'name', value: 'data' })]),
  );
});

test('update_disk leaves to copying: shrinking, other storage, too small, no pool', async () => {
  const diskOfferings = [...advancedKvm.diskOfferings!, { name: 'ssd', storageTags: ['ssd'] }];
  await using zone = await startZone({ world: { ...advancedKvm, diskOfferings } });
  const disk = await createDisk(zone);
  const refusal = (sizeMib: number, offering: string): Promise<string> =>
    notSupported(zone, 'update_disk', [disk, sizeMib, { disk_offering: offering }]);
  expect(await refusal(1024, 'shared.custom')).toMatch(/cannot be made smaller/);
  expect(await refusal(1024, 'ephemeral')).toMatch(/cannot be made smaller/);
  expect(await refusal(2048, 'local.custom')).toMatch(/shared storage .* local storage/);
  expect(await refusal(30 * 1024, 'DO1 - Small STD')).toMatch(/gives disks of 20 GiB/);
  expect(await refusal(2048, 'ssd')).toMatch(/no suitable pool/);
});

test('update_disk has the disk moved where its offering wants it, unless its VM runs', async () => {
  await using zone = await startZone({ world: withSsd() });
  const disk = await createDisk(zone);
  const poolOf = (): unknown =>
    at(zone.admin.call('listVolumes', { id: disk }), 'volume', 0, 'storage');
  putOnPrimary(zone, disk);
  const args = [disk, 3072, { disk_offering: 'ssd' }];
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('attach_disk', [vm, disk]);
  expect(await notSupported(zone, 'update_disk', args)).toMatch(/live migrat/);
  await zone.result('detach_disk', [vm, disk]);
  expect(poolOf()).toBe('primary1');
  expect(await zone.result('update_disk', args)).toBeNull();
  expect(poolOf()).toBe('fast1');
  expect(volumeOf(zone, disk)).toMatchObject({ size: 3 * gib, diskofferingname: 'ssd' });
});

test('update_disk notices a disk that was moved, but found no room to grow', async () => {
  await using zone = await startZone({ world: withSsd() });
  const disk = await createDisk(zone);
  putOnPrimary(zone, disk);
  zone.simulator.subscribe(({ id, to }) => {
    if (id !== disk || to !== 'Migrating') return;
    const { storagePools, volumes } = zone.simulator.world;
    const fast = storagePools.all().find(({ name }) => name === 'fast1')!;
    const taken = volumes.where('poolId', fast.id).reduce((sum, row) => sum + row.sizeBytes, 0);
    storagePools.change(fast, { sizeBytes: taken + 2 * gib });
  });
  const error = await zone.error('update_disk', [disk, 3072, { disk_offering: 'ssd' }]);
  expect(error.type).toBe('Bosh::Clouds::NotSupported');
  expect(volumeOf(zone, disk)).toMatchObject({ size: 2 * gib, diskofferingname: 'ssd' });
});

for (const method of ['resize_disk', 'update_disk'] as const) {
  test(`${method} to more than any disk may have is no reason to copy`, async () => {
    await using zone = await startZone();
    const disk = await createDisk(zone);
    const properties = method === 'update_disk' ? [{ disk_offering: 'shared.custom' }] : [];
    const before = volumeOf(zone, disk);
    for (const sizeGib of [1_500, 3_000]) {
      const error = await zone.error(method, [disk, sizeGib * 1_024, ...properties]);
      expect(error.type).toBe('Bosh::Clouds::CloudError');
      expect(error.message).toMatch(/cannot be that large, nor can a new one: .*[Mm]ax/);
    }
    expect(volumeOf(zone, disk)).toEqual(before);
  });
}

test('resize_disk has a disk moved whose pool is full', async () => {
  await using zone = await startZone({ world: withSsd() });
  const disk = await createDisk(zone);
  putOnPrimary(zone, disk);
  const { storagePools } = zone.simulator.world;
  const primary = storagePools.all().find(({ name }) => name === 'primary1')!;
  storagePools.change(primary, { sizeBytes: 10 * gib });
  expect(await zone.result('resize_disk', [disk, 20 * 1024])).toBeNull();
  expect(volumeOf(zone, disk)).toMatchObject({ size: 20 * gib, state: 'Ready' });
});

/** The default world with a second pool, which has a tag and an offering that asks for it. */
function withSsd(): typeof advancedKvm {
  const world = structuredClone(advancedKvm);
  world.diskOfferings!.push({ name: 'ssd', storageTags: ['ssd'] });
  const pool = { name: 'fast1', sizeGib: 5_000, tags: ['ssd'] };
  world.settings = { 'volume.allocation.algorithm': 'firstfit', ...promisesNoMore };
  world.zones[0]!.pods[0]!.clusters[0]!.pools!.push(pool);
  return world;
}

function putOnPrimary(zone: CpiZone, disk: string): void {
  const { storagePools, volumes } = zone.simulator.world;
  const primary = storagePools.all().find(({ name }) => name === 'primary1')!;
  volumes.change(volumes.require(disk), { poolId: primary.id });
}

test('update_disk with an offering that is not there names those that are', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, { fresh: true });
  const error = await zone.error('update_disk', [disk, 4096, { disk_offering: 'gone' }]);
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toMatch(/no disk offering "gone"; the disk offerings are "DO1/);
});

for (const [method, args, type, message] of [
  ['resize_disk', [unknownId, 1024], 'DiskNotFound', /b0000000/],
  ['update_disk', [unknownId, 1024, {}], 'DiskNotFound', /b0000000/],
  ['update_disk', ['cpi-disk-gone', 1024, {}], 'DiskNotFound', /cpi-disk-gone/],
  ['resize_disk', ['x'], 'CpiError', /takes 2 \(disk_cid, new_size_mib\)/],
  ['resize_disk', ['x', 1, 2], 'CpiError', /got 3/],
  ['resize_disk', ['x', 0], 'CpiError', /new_size_mib.* whole number from 1 to/],
  ['resize_disk', ['x', 1.5], 'CpiError', /new_size_mib/],
  ['resize_disk', ['x', '1024'], 'CpiError', /new_size_mib/],
  ['resize_disk', [null, 1024], 'CpiError', /disk_cid/],
  ['update_disk', ['x', 1024], 'CpiError', /takes 3/],
  ['update_disk', ['x', 1024, []], 'CpiError', /cloud_properties/],
  ['update_disk', ['x', 1024, { disk_offering: 7 }], 'CpiError', /disk_offering/],
] as const) {
  test(`${method}(${JSON.stringify(args)}) is a ${type}`, async () => {
    await using zone = await startZone();
    const error = await zone.error(method, args);
    expect(error.type).toBe(`Bosh::Clouds::${type}`);
    expect(error.message).toMatch(message);
  });
}

test('a disk that is being deleted is none', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone);
  const { volumes } = zone.simulator.world;
  volumes.move(volumes.require(disk), 'DestroyRequested');
  for (const [method, rest] of [
    ['resize_disk', [4096]],
    ['update_disk', [4096, {}]],
    ['snapshot_disk', [{}]],
  ] as const) {
    expect(await zone.error(method, [disk, ...rest])).toMatchObject({
      type: 'Bosh::Clouds::DiskNotFound',
    });
  }
});
