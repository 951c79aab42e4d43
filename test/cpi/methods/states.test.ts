// Proves what methods make of VMs and disks in every state that CloudStack has, also where somebody
// else left them there: what is being cleared away counts as gone, also for a root admin who still sees
// it, and what CloudStack refuses is told with the id, while the zone stays as it was.
import { expect, test } from '@playwright/test';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { forceState, waysFromReady } from '../../support/simulator-snapshots.js';
import { impatient } from '../support/impatience.js';
import { vmArguments } from './vm-requests.js';

const asAdmin = { as: 'Admin' } as const;

type VmEvent = Parameters<CpiZone['simulator']['world']['vms']['move']>[1];

/** The events that bring a VM from Running to each state. */
const waysFromRunning: Readonly<Record<string, readonly VmEvent[]>> = {
  Running: [],
  Stopping: ['StopRequested'],
  Stopped: ['FollowAgentPowerOffReport'],
  Starting: ['FollowAgentPowerOffReport', 'StartRequested'],
  Migrating: ['MigrationRequested'],
  Error: ['FollowAgentPowerOffReport', 'OperationFailedToError'],
  Destroyed: ['FollowAgentPowerOffReport', 'DestroyRequested'],
  Expunging: ['FollowAgentPowerOffReport', 'DestroyRequested', 'ExpungeOperation'],
};

async function vmInState(zone: CpiZone, state: string): Promise<string> {
  const networks = { n: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } };
  const [id] = (await zone.result('create_vm', vmArguments({ networks }), asAdmin)) as [string];
  const { vms } = zone.simulator.world;
  for (const event of waysFromRunning[state]!) vms.move(vms.require(id), event);
  expect(vms.require(id).state).toBe(state);
  return id;
}

/** A detached disk, and a running VM of the same account. */
async function diskInState(zone: CpiZone, state: string): Promise<{ disk: string; vm: string }> {
  const args = [2048, { disk_offering: 'shared.custom' }, null];
  const disk = (await zone.result('create_disk', args)) as string;
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  if (state === 'Allocated') return { disk, vm };
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  forceState(zone, disk, state);
  expect(zone.simulator.world.volumes.require(disk).state).toBe(state);
  return { disk, vm };
}

for (const state of ['Destroyed', 'Expunging']) {
  test(`a disk that was on a VM which is ${state} is detached, also for callers of version 1`, async () => {
    await using zone = await startZone({}, 'direct');
    const old = { ...asAdmin, apiVersion: 1 };
    const networks = { n: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } };
    const vm = (await zone.result('create_vm', vmArguments({ networks }), old)) as string;
    const disk = await zone.result('create_disk', [1024, { disk_offering: 'ephemeral' }, vm], old);
    await zone.result('attach_disk', [vm, disk], old);
    zone.admin.done('detachVolume', { id: String(disk) });
    const { vms } = zone.simulator.world;
    for (const event of waysFromRunning[state]!) vms.move(vms.require(vm), event);
    const before = zone.simulator.kernel.log.lastSeq;
    expect(await zone.result('detach_disk', [vm, disk], old)).toBeNull();
    expect(zone.simulator.kernel.log.lastSeq).toBe(before);
  });

  test(`a VM that is ${state} is gone for every method, also for a root admin`, async () => {
    await using zone = await startZone();
    const vm = await vmInState(zone, state);
    const { id: listed } = zone.admin.call('listVirtualMachines', { id: vm })['virtualmachine'][0];
    expect(listed).toBe(vm);
    expect(await zone.result('has_vm', [vm], asAdmin)).toBe(false);
    const disk = await zone.result('create_disk', [1024, { disk_offering: 'ephemeral' }], asAdmin);
    const before = zone.simulator.kernel.log.lastSeq;
    for (const [method, ...rest] of [
      ['reboot_vm'],
      ['get_disks'],
      ['set_vm_metadata', { a: 'b' }],
      ['attach_disk', disk],
    ] as const) {
      const error = await zone.error(method, [vm, ...rest], asAdmin);
      expect(error).toMatchObject({ type: 'Bosh::Clouds::VMNotFound', ok_to_retry: false });
      expect(error.message).toContain(vm);
    }
    const creation = [1024, { disk_offering: 'shared.custom' }, vm];
    const refusal = await zone.error('create_disk', creation, asAdmin);
    expect(refusal.type).toBe('Bosh::Clouds::VMNotFound');
    expect(zone.simulator.kernel.log.lastSeq).toBe(before);
  });
}

for (const state of ['Starting', 'Stopping', 'Migrating', 'Error']) {
  test(`a VM that stays ${state} is there, and its reboot fails in the end`, async () => {
    await using zone = await startZone();
    const vm = await vmInState(zone, state);
    expect(await zone.result('has_vm', [vm], asAdmin)).toBe(true);
    expect(await zone.result('get_disks', [vm], asAdmin)).toEqual([]);
    const options = { ...asAdmin, ...impatient({ state_timeout: 1 }) };
    const error = await zone.error('reboot_vm', [vm], options);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toContain(vm);
    expect(error.message).toContain(state);
    expect(zone.simulator.world.vms.require(vm).state).toBe(state);
    await zone.result('set_vm_metadata', [vm, { director: 'rig' }], asAdmin);
  });
}

for (const state of ['Destroy', 'Expunging']) {
  test(`a disk that is in state ${state} is gone for every method`, async () => {
    await using zone = await startZone();
    const { disk, vm } = await diskInState(zone, state);
    expect(await zone.result('has_disk', [disk])).toBe(false);
    expect(await zone.result('delete_disk', [disk])).toBeNull();
    const before = zone.simulator.kernel.log.lastSeq;
    for (const [method, args] of [
      ['resize_disk', [disk, 4096]],
      ['update_disk', [disk, 4096, {}]],
      ['snapshot_disk', [disk, {}]],
      ['set_disk_metadata', [disk, { a: 'b' }]],
      ['attach_disk', [vm, disk]],
      ['detach_disk', [vm, disk]],
    ] as const) {
      const error = await zone.error(method, args);
      expect(error).toMatchObject({ type: 'Bosh::Clouds::DiskNotFound', ok_to_retry: false });
      expect(error.message).toContain(disk);
    }
    expect(zone.simulator.kernel.log.lastSeq).toBe(before);
  });
}

for (const state of ['Allocated', 'Ready', ...Object.keys(waysFromReady)]) {
  test(`has_disk tells of a disk in state ${state} whether it is there`, async () => {
    await using zone = await startZone();
    const { disk } = await diskInState(zone, state);
    const isGone = state === 'Destroy' || state === 'Expunging';
    expect(await zone.result('has_disk', [disk])).toBe(!isGone);
  });
}

for (const state of ['Creating', 'Snapshotting', 'Resizing', 'Migrating']) {
  test(`a disk that stays ${state} is not attached`, async () => {
    await using zone = await startZone();
    const { disk, vm } = await diskInState(zone, state);
    const options = impatient({ state_timeout_volume: 1 });
    const error = await zone.error('attach_disk', [vm, disk], options);
    expect(error.type).toBe('Bosh::Clouds::CloudError');
    expect(error.message).toContain('end of what CloudStack does to the disk');
    expect(error.message).toContain(disk);
    expect(zone.simulator.world.volumes.require(disk)).toMatchObject({ state, vmId: null });
  });
}
