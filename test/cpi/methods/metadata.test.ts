// Proves that metadata becomes tags by the least change, that foreign tags and our marks stay, that
// metadata cannot pass for a mark, and that a VM gets its name; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

async function createVm(zone: CpiZone): Promise<string> {
  return ((await zone.result('create_vm', vmArguments())) as [string])[0];
}

function vmOf(zone: CpiZone, id: string): unknown {
  return at(zone.user.call('listVirtualMachines', { id }), 'virtualmachine', 0);
}

function tagsOf(resource: unknown): Record<string, string> {
  const tags = (at(resource, 'tags') ?? []) as { key: string; value: string }[];
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

const metadata = {
  director: 'bosh-init',
  deployment: 'd',
  job: 'bosh',
  index: '0',
  name: 'bosh/0',
  created_at: '2026-11-22T22:20:39Z',
};

test('metadata of a VM: tags and display name, beside marks and foreign tags', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  zone.user.done('createTags', {
    resourcetype: 'UserVm',
    resourceids: vm,
    'tags[0].key': 'foreign',
    'tags[0].value': 'kept',
  });
  await zone.result('set_vm_metadata', [vm, metadata]);
  await zone.result('set_vm_metadata', [
    vm,
    { ...metadata, compiling: 'ruby', job: null, index: 1 },
  ]);
  const found = vmOf(zone, vm);
  expect(tagsOf(found)).toMatchObject({
    deployment: 'd',
    compiling: 'ruby',
    index: '1',
    foreign: 'kept',
  });
  expect(tagsOf(found)).toHaveProperty('bosh-cpi-purpose', 'vm');
  expect(tagsOf(found)).not.toHaveProperty('job');
  expect(found).toMatchObject({
    displayname: 'bosh/0',
    name: expect.stringMatching(/^vm-/),
  });
});

for (const [given, shown] of [
  [{ job: 'web', index: '0' }, 'web/0'],
  [{ job: 'web', index: 3 }, 'web/3'],
  [{ job: 'compilation', index: 0, compiling: 'ruby' }, 'compiling/ruby'],
  [{ job: 'web', index: 0, compiling: 'ruby', name: 'web/1' }, 'web/1'],
] as const) {
  test(`a VM of ${JSON.stringify(given)} is shown as ${shown}`, async () => {
    await using zone = await startZone();
    const vm = await createVm(zone);
    await zone.result('set_vm_metadata', [vm, given]);
    expect(vmOf(zone, vm)).toMatchObject({ displayname: shown });
  });
}

test('a name that CloudStack would refuse is shown as far as it takes it', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  await zone.result('set_vm_metadata', [vm, { name: `web\t${'0'.repeat(300)}` }]);
  expect(vmOf(zone, vm)).toMatchObject({ displayname: `web ${'0'.repeat(251)}` });
});

test('a VM is not renamed for metadata that say nothing of its name', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const before = at(vmOf(zone, vm), 'displayname');
  await zone.result('set_vm_metadata', [vm, { deployment: 'd', job: 'web', name: '' }]);
  await zone.result('set_vm_metadata', [vm, { job: '', index: 0, name: 7 }]);
  expect(at(vmOf(zone, vm), 'displayname')).toBe(before);
});

test('values longer than CloudStack takes are cut, empty ones left out', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  await zone.result('set_vm_metadata', [vm, { long: 'ü'.repeat(300), empty: '', '': 'x' }]);
  expect(tagsOf(vmOf(zone, vm))['long']).toBe('ü'.repeat(255));
  expect(tagsOf(vmOf(zone, vm))).not.toHaveProperty('empty');
});

test('metadata of a disk', async () => {
  await using zone = await startZone();
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  await zone.result('set_disk_metadata', [disk, { deployment: 'd', attached_at: 'now' }]);
  const volume = at(zone.user.call('listVolumes', { id: String(disk) }), 'volume', 0);
  expect(tagsOf(volume)).toMatchObject({
    deployment: 'd',
    attached_at: 'now',
    'bosh-cpi-purpose': 'persistent-disk',
  });
});

test('metadata cannot pass for a mark: a disk that claims to be ephemeral outlives its VM', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, vm]);
  await zone.result('attach_disk', [vm, disk]);
  const claim = { 'BOSH-cpi-purpose': 'ephemeral-disk', 'bosh-cpi-vm': vm, deployment: 'd' };
  await zone.result('set_disk_metadata', [disk, claim]);
  await zone.result('delete_vm', [vm]);
  const volume = at(zone.user.call('listVolumes', { id: String(disk) }), 'volume', 0);
  expect(tagsOf(volume)).toMatchObject({ deployment: 'd', 'bosh-cpi-purpose': 'persistent-disk' });
});

test('metadata that the database of CloudStack cannot hold are told as far as it can', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  await zone.result('set_vm_metadata', [vm, { team: 'rockets 🚀', ['k'.repeat(300)]: 'x' }]);
  expect(tagsOf(vmOf(zone, vm))).toMatchObject({
    team: 'rockets \uFFFD',
    ['k'.repeat(255)]: 'x',
  });
});

test('control characters, which CloudStack refuses, become spaces; line breaks stay', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  await zone.result('set_vm_metadata', [vm, { 'a\tkey': 'one\ttwo\u0007\nthree' }]);
  expect(tagsOf(vmOf(zone, vm))).toHaveProperty('a key', 'one two \nthree');
});
