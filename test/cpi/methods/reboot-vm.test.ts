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
  expect(stateOf(zone, vm)).toBe('Stopping');
  expect(await zone.result('reboot_vm', [vm])).toBeNull();
  expect(stateOf(zone, vm)).toBe('Running');
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
