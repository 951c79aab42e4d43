// Proves the life of a persistent disk through the CPI, the hints in every API version, and what
// each method does where there is nothing to do; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { commandOf } from '../../crash/interruption.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const unknownId = 'b0000000-0000-4000-8000-00000000000f';
const gib = 1024 ** 3;

async function createVm(
  zone: CpiZone,
  variation: Parameters<typeof vmArguments>[0] = {},
): Promise<string> {
  return ((await zone.result('create_vm', vmArguments(variation))) as [string])[0];
}

function otherVm(zone: CpiZone): Promise<string> {
  return createVm(zone, {
    agentId: 'b0000000-0000-4000-8000-000000000002',
    networks: { n: manualNetwork('10.203.6.41') },
  });
}

async function createDisk(zone: CpiZone, sizeMib = 1024, properties: object = {}): Promise<string> {
  const args = [sizeMib, { disk_offering: 'shared.custom', ...properties }, null];
  return (await zone.result('create_disk', args)) as string;
}

function volumeOf(zone: CpiZone, id: string): unknown {
  return at(zone.user.call('listVolumes', { id }), 'volume', 0);
}

function persistentOf(zone: CpiZone, vm: string): unknown {
  const found = zone.user.call('listVirtualMachines', { id: vm, userdata: true });
  const userData = at(found, 'virtualmachine', 0, 'userdata') as string;
  return at(JSON.parse(Buffer.from(userData, 'base64').toString()), 'disks', 'persistent');
}

test('a disk has at least the size that was asked for, and our marks', async () => {
  await using zone = await startZone();
  expect(volumeOf(zone, await createDisk(zone, 2048))).toMatchObject({ size: 2 * gib });
  const disk = await createDisk(zone, 2049, { name: 'dynamic-1' });
  expect(volumeOf(zone, disk)).toMatchObject({ size: 3 * gib, state: 'Allocated' });
  expect(at(volumeOf(zone, disk), 'tags')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'persistent-disk' }),
      expect.objectContaining({ key: 'name', value: 'dynamic-1' }),
    ]),
  );
});

test('an offering of a fixed size serves disks that fit in it', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone, 20 * 1024, { disk_offering: 'DO1 - Small STD' });
  expect(volumeOf(zone, disk)).toMatchObject({ size: 20 * gib });
});

for (const [problem, args, type, message] of [
  [
    'an unknown offering',
    [1024, { disk_offering: 'gone' }, null],
    'CloudError',
    /no disk offering "gone"; the disk offerings are/,
  ],
  ['no offering', [1024, {}, null], 'CloudError', /default_disk_offering/],
  [
    'a fixed offering that is too small',
    [20 * 1024 + 1, { disk_offering: 'DO1 - Small STD' }, null],
    'CloudError',
    /21 GiB/,
  ],
  [
    'a VM that is gone',
    [1024, { disk_offering: 'shared.custom' }, unknownId],
    'VMNotFound',
    /b0000000/,
  ],
  ['size 0', [0, {}, null], 'CpiError', /size_mib/],
  ['a size beyond all bounds', [1e15, {}, null], 'CpiError', /size_mib.* from 1 to 1073741824/],
  [
    'a size above the limit',
    [4_000_000, { disk_offering: 'shared.custom' }, null],
    'CloudError',
    /out of allowed range/,
  ],
] as const) {
  test(`create_disk with ${problem} creates nothing`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const error = await zone.error('create_disk', args);
    expect(error.type).toBe(`Bosh::Clouds::${type}`);
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}

test('attach, again, detach, again, to another VM, delete, again', async () => {
  await using zone = await startZone();
  const [vm, other, disk] = [await createVm(zone), await otherVm(zone), await createDisk(zone)];
  const serial = disk.replaceAll('-', '').slice(0, 20);
  const hint = { path: `/dev/disk/by-id/virtio-${serial}` };
  expect(await zone.result('attach_disk', [vm, disk])).toEqual(hint);
  expect(await zone.result('attach_disk', [vm, disk])).toEqual(hint);
  expect(volumeOf(zone, disk)).toMatchObject({ virtualmachineid: vm });
  await zone.result('detach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  expect(at(volumeOf(zone, disk), 'virtualmachineid')).toBeUndefined();
  expect(await zone.result('attach_disk', [other, disk])).toEqual(hint);
  await zone.result('detach_disk', [other, disk]);
  const isTold = (): boolean =>
    zone.diagnostics.some((line) => line.includes(`disk ${disk} is gone already`));
  await zone.result('delete_disk', [disk]);
  expect(isTold()).toBe(false);
  await zone.result('delete_disk', [disk]);
  expect(isTold()).toBe(true);
  expect(volumeOf(zone, disk)).toBeUndefined();
});

test('two disks of one VM have hints of their own', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const hints = [];
  for (const disk of [await createDisk(zone), await createDisk(zone)]) {
    hints.push(JSON.stringify(await zone.result('attach_disk', [vm, disk])));
  }
  expect(new Set(hints).size).toBe(2);
});

test('in version 1 the hint is in the user data while the disk is attached', async () => {
  await using zone = await startZone();
  const [vm, disk] = [await createVm(zone), await createDisk(zone)];
  const v1 = { apiVersion: 1 };
  expect(await zone.result('attach_disk', [vm, disk], v1)).toBeNull();
  expect(persistentOf(zone, vm)).toEqual({
    [disk]: { path: expect.stringContaining('virtio-') },
  });
  await zone.result('detach_disk', [vm, disk], v1);
  expect(persistentOf(zone, vm)).toEqual({});
});

test('what version 1 told in the user data, version 2 takes back: agents look for all of it', async () => {
  await using zone = await startZone({}, 'direct');
  const vm = await createVm(zone);
  const [disk, other] = [await createDisk(zone), await createDisk(zone)];
  for (const one of [disk, other]) await zone.result('attach_disk', [vm, one], { apiVersion: 1 });
  await zone.result('detach_disk', [vm, disk], { apiVersion: 2 });
  expect(persistentOf(zone, vm)).toEqual({ [other]: { path: expect.stringContaining('virtio-') } });
});

test('in version 2 the user data stays as it was', async () => {
  await using zone = await startZone();
  const [vm, disk] = [await createVm(zone), await createDisk(zone)];
  await zone.result('attach_disk', [vm, disk]);
  expect(persistentOf(zone, vm)).toEqual({});
  await zone.result('detach_disk', [vm, disk]);
  expect(zone.diagnostics.filter((line) => line.includes('updateVirtualMachine'))).toHaveLength(1);
});

test('a disk of another VM is neither taken, detached nor deleted', async () => {
  await using zone = await startZone();
  const [vm, other, disk] = [await createVm(zone), await otherVm(zone), await createDisk(zone)];
  await zone.result('attach_disk', [vm, disk]);
  const before = zone.holdings();
  const attach = await zone.error('attach_disk', [other, disk]);
  expect(attach).toMatchObject({ type: 'Bosh::Clouds::CloudError' });
  expect(attach.message).toContain(vm);
  const detach = await zone.error('detach_disk', [other, disk]);
  expect(detach).toMatchObject({ type: 'Bosh::Clouds::DiskNotAttached' });
  const remove = await zone.error('delete_disk', [disk]);
  expect(remove.message).toContain(vm);
  expect(zone.holdings()).toEqual(before);
});

test('a disk that is protected from deletion is told at once, and goes when it is not', async () => {
  await using zone = await startZone();
  const disk = await createDisk(zone);
  zone.admin.run('updateVolume', { id: disk, deleteprotection: true });
  const requests: string[] = [];
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (request) => {
      requests.push(commandOf(request));
      return transport.send(request);
    },
  });
  const error = await zone.error('delete_disk', [disk], { through });
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toMatch(/is protected from deletion.*deleteprotection=false/);
  expect(requests).toEqual(['listVolumes']);
  expect(await zone.result('has_disk', [disk])).toBe(true);
  zone.admin.run('updateVolume', { id: disk, deleteprotection: false });
  await zone.result('delete_disk', [disk]);
  expect(await zone.result('has_disk', [disk])).toBe(false);
});

test('things that are not there', async () => {
  await using zone = await startZone();
  const [vm, disk] = [await createVm(zone), await createDisk(zone)];
  const typeOf = async (method: string, args: unknown[]): Promise<string> =>
    (await zone.error(method, args)).type.replace('Bosh::Clouds::', '');
  expect(await typeOf('attach_disk', [vm, unknownId])).toBe('DiskNotFound');
  expect(await typeOf('attach_disk', [unknownId, disk])).toBe('VMNotFound');
  expect(await typeOf('detach_disk', [vm, unknownId])).toBe('DiskNotFound');
  expect(await typeOf('set_disk_metadata', [unknownId, {}])).toBe('DiskNotFound');
  expect(await typeOf('set_vm_metadata', [unknownId, {}])).toBe('VMNotFound');
  expect(await zone.result('detach_disk', [unknownId, disk])).toBeNull();
  expect(await zone.result('delete_disk', [unknownId])).toBeNull();
  expect(await zone.result('has_vm', [unknownId])).toBe(false);
});
