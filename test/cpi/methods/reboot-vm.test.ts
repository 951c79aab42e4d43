// Proves reboot_vm: a running VM boots again, one that is off starts, lost answers and states that
// change meanwhile end the same; VMs that are gone or broken are named; against the simulated zone.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

async function createVm(zone: CpiZone): Promise<string> {
  return ((await zone.result('create_vm', vmArguments())) as [string])[0];
}

function stateOf(zone: CpiZone, id: string): unknown {
  return at(zone.user.call('listVirtualMachines', { id }), 'virtualmachine', 0, 'state');
}

/** When the guest of a VM last booted. */
function bootedMs(zone: CpiZone, id: string): number {
  return zone.simulator.world.vms.require(id).bootedMs ?? 0;
}

test('a running VM boots again', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const before = bootedMs(zone, vm);
  expect(await zone.result('reboot_vm', [vm])).toBeNull();
  expect(stateOf(zone, vm)).toBe('Running');
  expect(bootedMs(zone, vm)).toBeGreaterThan(before);
});

test('a VM that is off starts', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  zone.user.done('stopVirtualMachine', { id: vm });
  expect(await zone.result('reboot_vm', [vm])).toBeNull();
  expect(stateOf(zone, vm)).toBe('Running');
});

test('a VM that is stopping starts when it has stopped', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const { jobid } = zone.user.call('stopVirtualMachine', { id: vm });
  zone.user.call('queryAsyncJobResult', { jobid });
  expect(zone.simulator.world.vms.require(vm).state).toBe('Stopping');
  expect(await zone.result('reboot_vm', [vm])).toBeNull();
  expect(stateOf(zone, vm)).toBe('Running');
});

/** Acts when the CPI has looked ten times at a VM that it waits for. */
function afterTenLooks(zone: CpiZone, act: () => void): void {
  let looks: number | undefined;
  zone.onDiagnostic((line) => {
    if (line.includes('waiting until that is over')) looks = 0;
    if (looks === undefined || !line.startsWith('cloudstack listVirtualMachines')) return;
    looks += 1;
    if (looks === 10) act();
  });
}

for (const [state, events, command] of [
  ['Migrating', ['MigrationRequested'], 'rebootVirtualMachine'],
  ['Starting', ['FollowAgentPowerOffReport', 'StartRequested'], 'rebootVirtualMachine'],
  ['Stopping', ['StopRequested'], 'startVirtualMachine'],
] as const) {
  test(`a VM that is ${state} for long is waited for: then ${command}`, async () => {
    await using zone = await startZone();
    const vm = await createVm(zone);
    const before = bootedMs(zone, vm);
    const linesBefore = zone.diagnostics.length;
    const { vms } = zone.simulator.world;
    for (const event of events) vms.move(vms.require(vm), event);
    afterTenLooks(zone, () => {
      vms.move(vms.require(vm), 'OperationSucceeded');
    });
    expect(await zone.result('reboot_vm', [vm])).toBeNull();
    expect(stateOf(zone, vm)).toBe('Running');
    expect(bootedMs(zone, vm)).toBeGreaterThan(before);
    const lines = zone.diagnostics.slice(linesBefore);
    expect(lines.filter((line) => line.startsWith(`cloudstack ${command}`))).toHaveLength(1);
  });
}

test('a VM that goes while it is waited for is not found', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const { vms } = zone.simulator.world;
  vms.move(vms.require(vm), 'MigrationRequested');
  afterTenLooks(zone, () => {
    for (const event of ['FollowAgentPowerOffReport', 'DestroyRequested'] as const) {
      vms.move(vms.require(vm), event);
    }
  });
  const error = await zone.error('reboot_vm', [vm]);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMNotFound', ok_to_retry: false });
  expect(error.message).toContain(vm);
});

test('a VM that is stopped before the reboot gets its turn starts', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  zone.user.call('stopVirtualMachine', { id: vm });
  expect(stateOf(zone, vm)).toBe('Running');
  expect(await zone.result('reboot_vm', [vm])).toBeNull();
  expect(stateOf(zone, vm)).toBe('Running');
  expect(zone.diagnostics.join('\n')).toContain(`VM ${vm} was Running a moment ago`);
});

for (const [command, first] of [
  ['rebootVirtualMachine', undefined],
  ['startVirtualMachine', 'stopVirtualMachine'],
] as const) {
  test(`an answer to ${command} that was lost is made up for`, async () => {
    await using zone = await startZone();
    const vm = await createVm(zone);
    if (first !== undefined) zone.user.done(first, { id: vm });
    const before = bootedMs(zone, vm);
    await zone.result('reboot_vm', [vm], { losesFirstAnswerOf: command });
    expect(stateOf(zone, vm)).toBe('Running');
    expect(bootedMs(zone, vm)).toBeGreaterThan(before);
  });

  test(`without any answer to ${command} the call fails, the VM ends Running all the same`, async () => {
    await using zone = await startZone();
    const vm = await createVm(zone);
    if (first !== undefined) zone.user.done(first, { id: vm });
    const error = await zone.error('reboot_vm', [vm], { loseAnswersOf: command });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toContain(command);
    zone.simulator.kernel.advanceUntilIdle();
    expect(stateOf(zone, vm)).toBe('Running');
  });
}

test('what is gone is not found, whatever the id', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  const disk = (await zone.result('create_disk', [
    1024,
    { disk_offering: 'shared.custom' },
    vm,
  ])) as string;
  await zone.result('delete_vm', [vm]);
  for (const cid of [vm, disk, '00000000-0000-4000-8000-00000000abcd', 'vm-unknown']) {
    const error = await zone.error('reboot_vm', [cid]);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMNotFound', ok_to_retry: false });
    expect(error.message).toContain(cid);
  }
});

test('a VM in state Error is named', async () => {
  await using zone = await startZone();
  const vm = await createVm(zone);
  zone.user.done('stopVirtualMachine', { id: vm });
  const { vms } = zone.simulator.world;
  vms.move(vms.require(vm), 'OperationFailedToError');
  const error = await zone.error('reboot_vm', [vm]);
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(error.message).toMatch(/is in state Error, in which CloudStack cannot boot it; recreate/);
});

test('arguments of other types, missing and superfluous ones are refused', async () => {
  await using zone = await startZone();
  for (const args of [[], [null], [''], [7], [['vm']], [{}], ['vm', 'more']]) {
    const error = await zone.error('reboot_vm', args);
    expect(error.type).toBe('Bosh::Clouds::CpiError');
    expect(error.message).toMatch(/^reboot_vm: /);
  }
});
