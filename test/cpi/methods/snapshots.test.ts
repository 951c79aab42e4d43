// Proves the life of a snapshot through the CPI, what it carries, how its refusals are explained, and
// that what fails leaves nothing; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { impatient } from '../support/impatience.js';
import { vmArguments } from './vm-requests.js';

const unknownId = 'b0000000-0000-4000-8000-00000000000f';
const allowed = { ...advancedKvm, settings: { 'kvm.snapshot.enabled': true } };
const metadata = {
  deployment: 'db',
  job: 'db',
  index: 0,
  director_name: 'rig-director',
  director_uuid: '6be9db55-8872-459a-857f-d2901ee0d022',
  agent_id: 'f75d22ba-5550-4989-99bb-fb56ec863e6e',
  instance_id: '92e7e03d-10d8-4416-91ef-a39ba38f011e',
};

async function attachedDisk(
  zone: CpiZone,
  offering = 'shared.custom',
): Promise<{ vm: string; disk: string }> {
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  const disk = (await zone.result('create_disk', [
    1024,
    { disk_offering: offering },
    vm,
  ])) as string;
  await zone.result('attach_disk', [vm, disk]);
  return { vm, disk };
}

function snapshots(zone: CpiZone): Record<string, unknown>[] {
  return (zone.user.call('listSnapshots')['snapshot'] ?? []) as Record<string, unknown>[];
}

/** Has somebody else's snapshot of the root disk stand just before its end. */
function snapshotOfRootOnItsWay(zone: CpiZone, vm: string): unknown {
  const { volumes } = zone.simulator.world;
  const root = volumes.where('vmId', vm).find(({ type }) => type === 'ROOT')!;
  const { id } = zone.user.call('createSnapshot', { volumeid: root.id, asyncbackup: true });
  zone.simulator.kernel.advanceBy(1_600);
  expect(snapshots(zone)).toMatchObject([{ id, state: 'BackingUp' }]);
  return id;
}

test('a snapshot is backed up when the call answers, and carries the metadata and our marks', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk } = await attachedDisk(zone);
  const snapshot = await zone.result('snapshot_disk', [disk, { ...metadata, empty: '' }]);
  const [listed, ...others] = snapshots(zone);
  expect(others).toEqual([]);
  expect(listed).toMatchObject({ id: snapshot, volumeid: disk, state: 'BackedUp' });
  const tags = (listed!['tags'] as { key: string; value: string }[]).map(({ key, value }) => [
    key,
    value,
  ]);
  expect(Object.fromEntries(tags)).toEqual({
    ...metadata,
    index: '0',
    'bosh-cpi-director': directorUuid,
    'bosh-cpi-purpose': 'snapshot',
  });
});

test('a snapshot is deleted, and again, also after its disk', async () => {
  await using zone = await startZone({ world: allowed });
  const { vm, disk } = await attachedDisk(zone);
  const first = await zone.result('snapshot_disk', [disk, metadata]);
  const second = await zone.result('snapshot_disk', [disk, metadata]);
  expect(first).not.toBe(second);
  expect(await zone.result('delete_snapshot', [first])).toBeNull();
  expect(await zone.result('delete_snapshot', [first])).toBeNull();
  await zone.result('detach_disk', [vm, disk]);
  await zone.result('delete_disk', [disk]);
  expect(snapshots(zone)).toMatchObject([{ id: second }]);
  expect(await zone.result('delete_snapshot', [second])).toBeNull();
  expect(snapshots(zone)).toEqual([]);
});

test('a snapshot that CloudStack does not delete is named, and stays', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk } = await attachedDisk(zone);
  const snapshot = (await zone.result('snapshot_disk', [disk, metadata])) as string;
  const error = await zone.error('delete_snapshot', [snapshot], { refuse: 'deleteSnapshot' });
  expect(error.message).toContain(`Snapshot ${snapshot} is not deleted: `);
  expect(snapshots(zone)).toMatchObject([{ id: snapshot }]);
});

for (const [what, cid] of [
  ['that never was', unknownId],
  ['whose id is no id', 'snap-1'],
] as const) {
  test(`delete_snapshot of one ${what} is a success`, async () => {
    await using zone = await startZone();
    expect(await zone.result('delete_snapshot', [cid])).toBeNull();
  });
}

test("delete_snapshot with a disk's id leaves the disk alone", async () => {
  await using zone = await startZone();
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  expect(await zone.result('delete_snapshot', [disk])).toBeNull();
  expect(await zone.result('has_disk', [disk])).toBe(true);
});

test('delete_snapshot waits while CloudStack still works on the snapshot', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk } = await attachedDisk(zone);
  const { id } = zone.user.call('createSnapshot', { volumeid: disk, asyncbackup: true });
  await zone.result('delete_snapshot', [id]);
  expect(snapshots(zone)).toEqual([]);
});

test('snapshot_disk waits while another snapshot of the VM is on its way', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk, vm } = await attachedDisk(zone);
  const other = snapshotOfRootOnItsWay(zone, vm);
  let waits = 0;
  zone.onDiagnostic((line) => {
    if (!line.includes('another snapshot of the same VM')) return;
    waits += 1;
    if (waits === 2) zone.simulator.kernel.advanceUntilIdle();
  });
  expect(await zone.result('snapshot_disk', [disk, metadata])).not.toBe(other);
  expect(waits).toBe(2);
  expect(snapshots(zone)).toHaveLength(2);
});

test('snapshot_disk does not wait for ever', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk, vm } = await attachedDisk(zone);
  const other = snapshotOfRootOnItsWay(zone, vm);
  const options = impatient({ state_timeout_snapshot: 1 });
  const error = await zone.error('snapshot_disk', [disk, metadata], options);
  expect(error.message).toMatch(/other active snapshot/);
  expect(snapshots(zone)).toMatchObject([{ id: other }]);
});

test('delete_snapshot removes what failed snapshots left, and one that is being deleted', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk } = await attachedDisk(zone);
  const { snapshots: rows } = zone.simulator.world;
  const failed = zone.user.run('createSnapshot', { volumeid: disk, quiescevm: true }).id;
  const broken = zone.user.run('createSnapshot', { volumeid: disk, quiescevm: true }).id;
  zone.simulator.world.volumes.move(
    zone.simulator.world.volumes.require(disk),
    'SnapshotRequested',
  );
  rows.move(rows.require(broken!), 'CreateRequested');
  zone.simulator.world.volumes.move(zone.simulator.world.volumes.require(disk), 'OperationFailed');
  rows.move(rows.require(broken!), 'OperationFailed');
  const going = (await zone.result('snapshot_disk', [disk, metadata])) as string;
  rows.move(rows.require(going), 'DestroyRequested');
  expect(snapshots(zone).map(({ state }) => state)).toEqual(['Allocated', 'Error', 'Destroying']);
  for (const id of [failed, broken, going]) await zone.result('delete_snapshot', [id]);
  expect(snapshots(zone)).toEqual([]);
});

for (const as of ['User', 'Admin'] as const) {
  test(`a running VM whose cloud forbids snapshots is explained to ${as}`, async () => {
    await using zone = await startZone();
    const { disk, vm } = await attachedDisk(zone);
    const error = await zone.error('snapshot_disk', [disk, metadata], { as });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toContain(disk);
    expect(error.message).toContain(vm);
    expect(error.message).toContain('kvm.snapshot.enabled');
    expect(error.message).toContain('director.enable_snapshots');
    expect(snapshots(zone)).toEqual([]);
  });
}

test('a stopped VM, and local storage, have snapshots all the same', async () => {
  await using zone = await startZone();
  const { disk, vm } = await attachedDisk(zone);
  zone.user.done('stopVirtualMachine', { id: vm });
  await zone.result('snapshot_disk', [disk, metadata]);
  await using other = await startZone();
  const local = await attachedDisk(other, 'local.custom');
  await other.result('snapshot_disk', [local.disk, metadata]);
});

test('another reason that CloudStack hides is not mistaken for the setting', async () => {
  await using zone = await startZone();
  const { disk } = await attachedDisk(zone);
  const error = await zone.error('snapshot_disk', [disk, metadata], { refuse: 'createSnapshot' });
  expect(error.message).not.toContain('kvm.snapshot.enabled');
  expect(error.message).toContain('createSnapshot');
});

test('a disk that was never attached has nothing to snapshot', async () => {
  await using zone = await startZone({ world: allowed });
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  const error = await zone.error('snapshot_disk', [disk, metadata]);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError' });
  expect(error.message).toMatch(/never attached/);
});

test('a snapshot that fails in its job is taken back', async () => {
  await using zone = await startZone({ world: allowed });
  const { disk } = await attachedDisk(zone);
  zone.onDiagnostic((line) => {
    if (!line.includes('createSnapshot')) return;
    const { volumes } = zone.simulator.world;
    const volume = volumes.require(disk);
    if (volumes.allows(volume, 'ResizeRequested')) volumes.move(volume, 'ResizeRequested');
  });
  const error = await zone.error('snapshot_disk', [disk, metadata]);
  expect(error.message).toContain(disk);
  expect(snapshots(zone)).toEqual([]);
});

for (const [method, args, type, message] of [
  ['snapshot_disk', [unknownId, {}], 'DiskNotFound', /b0000000/],
  ['snapshot_disk', ['cpi-disk-gone', {}], 'DiskNotFound', /cpi-disk-gone/],
  ['snapshot_disk', [], 'CpiError', /got 0: the method takes 2 \(disk_cid, metadata\)/],
  ['snapshot_disk', ['x'], 'CpiError', /got 1/],
  ['snapshot_disk', ['x', {}, 1], 'CpiError', /got 3/],
  ['snapshot_disk', [1, {}], 'CpiError', /argument 1 \(disk_cid\) must be a non-empty string/],
  ['snapshot_disk', ['x', 'tags'], 'CpiError', /argument 2 \(metadata\) must be an object/],
  ['delete_snapshot', [], 'CpiError', /takes 1 \(snapshot_cid\)/],
  ['delete_snapshot', [null], 'CpiError', /snapshot_cid/],
  ['delete_snapshot', ['', ''], 'CpiError', /got 2/],
] as const) {
  test(`${method}(${JSON.stringify(args)}) is a ${type}`, async () => {
    await using zone = await startZone();
    const error = await zone.error(method, args);
    expect(error.type).toBe(`Bosh::Clouds::${type}`);
    expect(error.message).toMatch(message);
  });
}

test('a VM id is no disk', async () => {
  await using zone = await startZone({ world: allowed });
  const { vm } = await attachedDisk(zone);
  const error = await zone.error('snapshot_disk', [vm, {}]);
  expect(error.type).toBe('Bosh::Clouds::DiskNotFound');
  expect(at(zone.user.call('listVirtualMachines', { id: vm }), 'virtualmachine', 0)).toBeDefined();
});
