// Proves that a request which CloudStack carried out but whose answer was lost is found again or
// taken back: the zone ends as if the call had succeeded, or had never been; over HTTP with a
// connection that breaks after chosen commands.
import { expect, test } from '@playwright/test';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const world = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };
const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
const otherAgent = 'b0000000-0000-4000-8000-000000000002';

async function createVm(zone: CpiZone): Promise<string> {
  return ((await zone.result('create_vm', vmArguments())) as [string])[0];
}

async function createDisk(zone: CpiZone): Promise<string> {
  const args = [1024, { disk_offering: 'shared.custom' }, null];
  return (await zone.result('create_disk', args)) as string;
}

for (const command of [
  'deployVirtualMachine',
  'updateVirtualMachine',
  'startVirtualMachine',
  'associateIpAddress',
  'enableStaticNat',
]) {
  test(`create_vm without the answer to ${command} leaves nothing`, async () => {
    await using zone = await startZone({ world });
    // With its first VM the network takes an address for itself.
    await zone.result('delete_vm', [await createVm(zone)]);
    const before = zone.holdings();
    const request = vmArguments({ agentId: otherAgent, networks });
    const error = await zone.error('create_vm', request, { loseAnswersOf: command });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(zone.holdings()).toEqual(before);
  });
}

test('create_disk without the answer to createVolume leaves nothing', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const args = [1024, { disk_offering: 'shared.custom' }, null];
  const { message } = await zone.error('create_disk', args, { loseAnswersOf: 'createVolume' });
  expect(message).toContain('whatever it did is undone: the call may be repeated');
  expect(message).not.toMatch(/look before|look after/);
  expect(zone.holdings()).toEqual(before);
});

test('create_disk whose createVolume is nowhere to be seen asks people to look', async () => {
  await using zone = await startZone();
  const args = [1024, { disk_offering: 'shared.custom' }, null];
  const lost = (transport: Transport): Transport => ({
    ...transport,
    send: (request) =>
      typeof request.body === 'string' && request.body.includes('command=createVolume&')
        ? Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'))
        : transport.send(request),
  });
  const { message } = await zone.error('create_disk', args, { through: lost });
  expect(message).toContain('may have had an effect; look before repeating it');
});

test('a VM that appears only after its answer was lost is found all the same', async () => {
  await using zone = await startZone({ world });
  await zone.result('delete_vm', [await createVm(zone)]);
  const before = zone.holdings();
  const request = vmArguments({ agentId: otherAgent });
  const error = await zone.error('create_vm', request, { answersAreLate: 'deployVirtualMachine' });
  expect(error.message).toContain('deployVirtualMachine');
  expect(zone.holdings()).toEqual(before);
});

test('a VM that is made only after the call has ended goes with the repeated call', async () => {
  await using zone = await startZone({ world }, 'direct');
  let arrive: () => Promise<unknown> = () => Promise.reject(new Error('nothing was sent'));
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (request) => {
      const { body } = request;
      if (typeof body !== 'string' || !body.includes('command=deployVirtualMachine&')) {
        return transport.send(request);
      }
      arrive = () => transport.send(request);
      return Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'));
    },
  });
  const error = await zone.error('create_vm', vmArguments(), { through });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(zone.holdings()['vms']).toEqual([]);
  await arrive();
  zone.simulator.kernel.advanceUntilIdle();
  expect(zone.holdings()['vms']).toHaveLength(1);
  await createVm(zone);
  expect(zone.holdings()['vms'], 'only the one that is handed out').toHaveLength(1);
});

test('attach_disk and detach_disk may be called again after a lost answer', async () => {
  await using zone = await startZone();
  const [vm, disk] = [await createVm(zone), await createDisk(zone)];
  const attached = (): unknown =>
    at(zone.user.call('listVolumes', { id: disk }), 'volume', 0, 'virtualmachineid');
  await zone.call('attach_disk', [vm, disk], { loseAnswersOf: 'attachVolume' });
  expect(await zone.result('attach_disk', [vm, disk])).toHaveProperty('path');
  expect(attached()).toBe(vm);
  await zone.call('detach_disk', [vm, disk], { loseAnswersOf: 'detachVolume' });
  expect(await zone.result('detach_disk', [vm, disk])).toBeNull();
  expect(attached()).toBeUndefined();
});

for (const command of [
  'destroyVirtualMachine',
  'stopVirtualMachine',
  'updateVmNicIp',
  'deleteVolume',
]) {
  test(`delete_vm may be called again after the answer to ${command} was lost`, async () => {
    await using zone = await startZone();
    const properties = { disk: 1024, ephemeral_disk_offering: 'ephemeral' };
    const [vm] = (await zone.result('create_vm', vmArguments({ properties }))) as [string];
    await zone.call('delete_vm', [vm], { loseAnswersOf: command });
    await zone.result('delete_vm', [vm]);
    expect(await zone.result('has_vm', [vm])).toBe(false);
    expect(zone.user.call('listVolumes', { type: 'DATADISK' })).toEqual({});
    const next = vmArguments({ agentId: otherAgent });
    await zone.result('create_vm', next);
  });
}

const snapshots = { ...advancedKvm, settings: { 'kvm.snapshot.enabled': true } };

async function attachedDisk(zone: CpiZone): Promise<string> {
  const [vm, disk] = [await createVm(zone), await createDisk(zone)];
  await zone.result('attach_disk', [vm, disk]);
  return disk;
}

test('snapshot_disk without the answer to createSnapshot leaves no snapshot', async () => {
  await using zone = await startZone({ world: snapshots });
  const disk = await attachedDisk(zone);
  for (const how of [{ loseAnswersOf: 'createSnapshot' }, { answersAreLate: 'createSnapshot' }]) {
    const error = await zone.error('snapshot_disk', [disk, {}], how);
    expect(error.type).toBe('Bosh::Clouds::CloudError');
    expect(error.message).not.toContain('could be undone');
    expect(zone.user.call('listSnapshots')).toEqual({});
  }
});

test('delete_snapshot without the answer to deleteSnapshot finds it gone, or deletes again', async () => {
  await using zone = await startZone({ world: snapshots });
  const disk = await attachedDisk(zone);
  for (const how of [
    { loseAnswersOf: 'deleteSnapshot' },
    { losesFirstAnswerOf: 'deleteSnapshot' },
  ]) {
    const snapshot = await zone.result('snapshot_disk', [disk, {}]);
    await zone.call('delete_snapshot', [snapshot], how);
    expect(await zone.result('delete_snapshot', [snapshot])).toBeNull();
    expect(zone.user.call('listSnapshots')).toEqual({});
  }
});

for (const [method, command, properties] of [
  ['resize_disk', 'resizeVolume', []],
  ['update_disk', 'resizeVolume', [{ disk_offering: 'shared.custom' }]],
  ['update_disk', 'changeOfferingForVolume', [{ disk_offering: 'ephemeral' }]],
] as const) {
  test(`${method} without the answer to ${command} sees that the disk was changed`, async () => {
    await using zone = await startZone({ clock: 'auto' });
    const disk = await createDisk(zone);
    const [vm] = [await createVm(zone)];
    await zone.result('attach_disk', [vm, disk]);
    await zone.result('detach_disk', [vm, disk]);
    const args = [disk, 3072, ...properties];
    expect(await zone.result(method, args, { loseAnswersOf: command })).toBeNull();
    expect(at(zone.user.call('listVolumes', { id: disk }), 'volume', 0)).toMatchObject({
      size: 3 * 1024 ** 3,
      state: 'Ready',
    });
    expect(await zone.result(method, args)).toBeNull();
  });

  test(`${method} whose ${command} never arrived is an error, and may be called again`, async () => {
    await using zone = await startZone();
    const disk = await createDisk(zone);
    const args = [disk, 3072, ...properties];
    const error = await zone.error(method, args, { answersAreLate: command });
    expect(error.type).toBe('Bosh::Clouds::CloudError');
    expect(await zone.result(method, args)).toBeNull();
  });
}
