// Proves what has_disk and get_disks tell: which disks there are, and which of a VM's volumes are
// persistent ones; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

const unknownId = 'b0000000-0000-4000-8000-00000000000f';

async function createDisk(zone: CpiZone): Promise<string> {
  const args = [1024, { disk_offering: 'shared.custom' }, null];
  return (await zone.result('create_disk', args)) as string;
}

async function createVm(zone: CpiZone): Promise<string> {
  const properties = { disk: 1024, ephemeral_disk_offering: 'ephemeral' };
  return ((await zone.result('create_vm', vmArguments({ properties }))) as [string])[0];
}

test('has_disk knows a disk until it is deleted', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone);
  expect(await zone.result('has_disk', [disk])).toBe(true);
  await zone.result('delete_disk', [disk]);
  expect(await zone.result('has_disk', [disk])).toBe(false);
});

test('has_disk knows a disk by the name of an older CPI, and none that is destroyed', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone);
  const { volumes } = zone.simulator.world;
  volumes.change(volumes.require(disk), { name: 'cpi-disk-1' });
  expect(await zone.result('has_disk', ['cpi-disk-1'])).toBe(true);
  expect(await zone.result('has_disk', ['cpi-disk-2'])).toBe(false);
  const moved = await createDisk(zone);
  volumes.change(volumes.require(moved), { name: 'cpi-disk-1' });
  volumes.move(volumes.require(moved), 'DestroyRequested');
  expect(await zone.result('has_disk', ['cpi-disk-1'])).toBe(true);
  volumes.move(volumes.require(disk), 'DestroyRequested');
  expect(await zone.result('has_disk', [disk])).toBe(false);
});

test('a disk that was destroyed by hand is told with the way back, until it is expunged', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const disk = await createDisk(zone);
  await zone.result('attach_disk', [vm, disk]);
  zone.user.done('detachVolume', { id: disk });
  zone.user.done('destroyVolume', { id: disk });
  expect(await zone.result('has_disk', [disk])).toBe(false);
  for (const text of [zone.diagnostics.join('\n'), await messageOf(zone, vm, disk)]) {
    expect(text).toMatch(new RegExp(`Disk ${disk} .*recoverVolume.* do not let .bosh cloud-check`));
  }
  zone.admin.call('recoverVolume', { id: disk });
  expect(await zone.result('has_disk', [disk])).toBe(true);
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  await zone.result('delete_disk', [disk]);
  expect(await messageOf(zone, vm, disk)).not.toContain('recoverVolume');
});

async function messageOf(zone: CpiZone, vm: string, disk: string): Promise<string> {
  const error = await zone.error('attach_disk', [vm, disk]);
  expect(error.type).toBe('Bosh::Clouds::DiskNotFound');
  return error.message;
}

test('has_disk takes no VM for a disk, and no disk of somebody else', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const foreign = await createDisk(zone);
  for (const cid of [unknownId, vm, 'gone']) {
    expect(await zone.result('has_disk', [cid])).toBe(false);
  }
  const { volumes, users } = zone.simulator.world;
  const { accountId } = users.where('apiKey', zone.admin.keys.apiKey)[0]!;
  volumes.change(volumes.require(foreign), { accountId });
  expect(await zone.result('has_disk', [foreign])).toBe(false);
});

test('get_disks lists persistent disks only, in the order of their devices', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  expect(await zone.result('get_disks', [vm])).toEqual([]);
  const disks = [await createDisk(zone), await createDisk(zone)];
  for (const disk of disks) await zone.result('attach_disk', [vm, disk]);
  expect(await zone.result('get_disks', [vm])).toEqual(disks);
  const { volumes } = zone.simulator.world;
  volumes.change(volumes.require(disks[0]!), { name: 'cpi-disk-1' });
  expect(await zone.result('get_disks', [vm])).toEqual(['cpi-disk-1', disks[1]]);
  await zone.result('detach_disk', [vm, disks[1]]);
  expect(await zone.result('get_disks', [vm])).toEqual(['cpi-disk-1']);
});

test('get_disks of a VM that is gone is VMNotFound', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  await zone.result('delete_vm', [vm]);
  for (const cid of [vm, unknownId, 'vm-gone']) {
    const error = await zone.error('get_disks', [cid]);
    expect(error.type).toBe('Bosh::Clouds::VMNotFound');
    expect(error.message).toContain(cid);
  }
});

for (const [method, args, message] of [
  ['has_disk', [], /takes 1 \(disk_cid\)/],
  ['has_disk', ['a', 'b'], /got 2/],
  ['has_disk', [{}], /disk_cid/],
  ['get_disks', [], /takes 1 \(vm_cid\)/],
  ['get_disks', ['a', 'b'], /got 2/],
  ['get_disks', [7], /vm_cid/],
] as const) {
  test(`${method}(${JSON.stringify(args)}) is a CpiError`, async () => {
    await using zone = await startZone();
    const error = await zone.error(method, args);
    expect(error.type).toBe('Bosh::Clouds::CpiError');
    expect(error.message).toMatch(message);
  });
}
