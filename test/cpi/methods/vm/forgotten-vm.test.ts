// Proves which VMs in the way create_vm removes: those of interrupted attempts, and never one with
// a disk that is not its own or one that may be somebody's work; against the simulated zone, whose
// clock is told by the Date header.
import { expect, test } from '@playwright/test';
import { at as inside, startZone, type CpiZone } from '../../../support/cpi-zone.js';
import { agentId, vmArguments, type VmVariation } from '../vm-requests.js';

function vmOf(zone: CpiZone, id: string): { created: string; state: string } {
  const found = zone.user.call('listVirtualMachines', { id });
  return inside(found, 'virtualmachine', 0) as { created: string; state: string };
}

async function create(zone: CpiZone, variation?: VmVariation): Promise<string> {
  return ((await zone.result('create_vm', vmArguments(variation))) as [string])[0];
}

/** Ten waits for VM jobs and one for a volume job, each of 1200 s. */
const longestCreateVmMs = 11 * 1200 * 1000;
const otherAgent = { agentId: 'b0000000-0000-4000-8000-000000000002' };

async function attachNewDisk(zone: CpiZone, vm: string): Promise<string> {
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, vm]);
  await zone.result('attach_disk', [vm, disk]);
  return disk as string;
}

function laterThan(zone: CpiZone, vm: string, ms: number): Date {
  return new Date(Date.parse(vmOf(zone, vm).created) + ms);
}

test('a forgotten VM of this Director gives way to the one that needs its address', async () => {
  await using zone = await startZone();
  const properties = { disk: 1024, ephemeral_disk_offering: 'ephemeral' };
  const forgotten = await create(zone, { properties });
  const date = laterThan(zone, forgotten, longestCreateVmMs);
  const [cid] = (await zone.result('create_vm', vmArguments(otherAgent), { date })) as [string];
  expect(vmOf(zone, cid)).toMatchObject({ state: 'Running' });
  expect(await zone.result('has_vm', [forgotten])).toBe(false);
});

test('a VM with a data disk that is not its own is never taken for forgotten', async () => {
  await using zone = await startZone();
  const holder = await create(zone);
  const disk = await attachNewDisk(zone, holder);
  const date = laterThan(zone, holder, 2 * longestCreateVmMs);
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmArguments(otherAgent), { date });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
  expect(error.message).toContain(`10.203.6.40 in network NET_CS is held by VM vm-${agentId}`);
  expect(error.message).toContain(`(${holder}, Running), which is in use: it carries disk`);
  expect(error.message).toContain(disk);
  expect(zone.holdings()).toEqual(before);
});

for (const [whose, claim] of [
  [
    'that this Director has told of itself',
    (zone, vm) => zone.result('set_vm_metadata', [vm, { deployment: 'd' }]),
  ],
  [
    'without a mark',
    async (zone, vm) =>
      Promise.resolve(zone.user.done('deleteTags', { resourcetype: 'UserVm', resourceids: vm })),
  ],
] satisfies [string, (zone: CpiZone, vm: string) => Promise<unknown>][]) {
  test(`a VM ${whose} is in use, however old it is`, async () => {
    await using zone = await startZone();
    const holder = await create(zone);
    await claim(zone, holder);
    const date = laterThan(zone, holder, 2 * longestCreateVmMs);
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments(otherAgent), { date });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
    expect(error.message).toContain(`(${holder}, Running): delete that VM or`);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const [clock, ageMs] of [
  ['a clock that says it is young', longestCreateVmMs - 1000],
  ['no clock but its own creation', undefined],
] as const) {
  test(`a VM on which another create_vm may be at work stays: ${clock}`, async () => {
    await using zone = await startZone();
    const holder = await create(zone);
    const before = zone.holdings();
    const options = ageMs === undefined ? {} : { date: laterThan(zone, holder, ageMs) };
    const error = await zone.error('create_vm', vmArguments(otherAgent), options);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
    const from = laterThan(zone, holder, longestCreateVmMs).toISOString();
    expect(error.message).toContain(holder);
    expect(error.message).toContain(`it counts as forgotten from ${from} on`);
    expect(zone.holdings()).toEqual(before);
  });
}

test('a VM of the same agent stays if it carries a data disk that is not its own', async () => {
  await using zone = await startZone();
  const cid = await create(zone);
  const disk = await attachNewDisk(zone, cid);
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmArguments());
  expect(error.ok_to_retry).toBe(false);
  expect(error.message).toContain(`VM vm-${agentId} (${cid}) has the name of this agent's VM`);
  expect(error.message).toContain(disk);
  expect(zone.holdings()).toEqual(before);
});
