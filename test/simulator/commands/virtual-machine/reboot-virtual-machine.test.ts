// Proves rebootVirtualMachine: the guest boots again while the VM keeps its state and host; forced,
// the VM stops and starts there; what does not run, is gone, foreign or unknown is refused, unchanged.
import { expect, test } from '@playwright/test';
import { assertSound } from '../../../support/sound-world.js';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import {
  deployed,
  guestState,
  listed,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

const GONE = '00000000-0000-4000-8000-000000000000';

function bootedMs({ simulator }: TestWorld, id: string): number | null {
  return simulator.world.vms.require(id).bootedMs;
}

test('a reboot boots the guest again, on its host, and takes its time', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  const { hostname } = listed(admin, { id })!;
  const first = bootedMs(world, id)!;
  const { jobid } = user.call('rebootVirtualMachine', { id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(listed(user, { id })).toMatchObject({ state: 'Running', jobid });
  expect(bootedMs(world, id)).toBe(first);
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result['virtualmachine']).toMatchObject({ id, state: 'Running', jobid });
  expect(listed(admin, { id })).toMatchObject({ hostname });
  expect(bootedMs(world, id)! - first).toBeGreaterThanOrEqual(
    simulator.world.settings.get('duration.vm.reboot'),
  );
  assertSound(simulator);
});

test('a forced reboot stops the VM and starts it on the same host', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  const { hostname } = listed(admin, { id })!;
  const { jobid } = user.call('rebootVirtualMachine', { id, forced: true });
  const { settings } = simulator.world;
  simulator.kernel.advanceBy(settings.get('duration.job'));
  expect(listed(user, { id })!['state']).toBe('Stopping');
  simulator.kernel.advanceBy(settings.get('duration.vm.stop'));
  expect(listed(user, { id })!['state']).toBe('Starting');
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).status).toBe(1);
  expect(listed(admin, { id })).toMatchObject({ state: 'Running', hostname });
  expect(bootedMs(world, id)).toBe(simulator.kernel.nowMs);
  assertSound(simulator);
});

test('a host that takes no VMs lets none be rebooted by force, but in the plain way', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  const host = simulator.world.hosts.require(simulator.world.vms.require(id).hostId!);
  simulator.world.hosts.move(host, 'Disable');
  const before = guestState(world);
  expect(user.run('rebootVirtualMachine', { id, forced: true })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: `Unable to force reboot the VM as the host: ${String(host.internalId)} is not in the right state`,
    },
  });
  expect(guestState(world)).toBe(before);
  user.done('rebootVirtualMachine', { id });
});

for (const [state, bring] of [
  ['Stopped', 'stopVirtualMachine'],
  ['Destroyed', 'destroyVirtualMachine'],
] as const) {
  test(`a ${state} VM is not rebooted`, () => {
    const world = testSimulator();
    const { user } = world;
    const { id } = deployed(world, user, { displayname: 'Mine' });
    user.done(bring, { id });
    const before = guestState(world);
    for (const forced of [false, true]) {
      expect(user.run('rebootVirtualMachine', { id, forced })).toMatchObject({
        status: 2,
        resultcode: 431,
        result: { errortext: `The VM ${id} (Mine) is not running, unable to reboot it` },
      });
    }
    expect(guestState(world)).toBe(before);
  });
}

test('a VM in state Error is not rebooted', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user, { startvm: false });
  simulator.world.vms.move(simulator.world.vms.require(id), 'OperationFailedToError');
  expect(user.run('rebootVirtualMachine', { id }).resultcode).toBe(431);
});

test('an expunged VM is told by its internal id; unknown ids, none, and other kinds are refused', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id, nic } = deployed(world, user);
  admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(user.run('rebootVirtualMachine', { id })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Unable to find a virtual machine with id 1' },
  });
  for (const stranger of [GONE, networkId(world, 'NET_CS'), 'vm-1']) {
    expect(
      refusedUnchanged(world, user, 'rebootVirtualMachine', { id: stranger }).errortext,
    ).toContain(`Invalid parameter id value=${stranger} due to incorrect long value format`);
  }
  expect(nic).toBeDefined();
  expect(refusedUnchanged(world, user, 'rebootVirtualMachine', {}).errortext).toBe(
    'Unable to execute API command rebootvirtualmachine due to missing parameter id',
  );
});

test("another account's VM is not rebooted, and an unsupported parameter is named", () => {
  const world = testSimulator();
  const { user, admin } = world;
  const { id } = deployed(world, admin, { networkids: networkId(world, 'NET_SHARED') });
  expect(refusedUnchanged(world, user, 'rebootVirtualMachine', { id })).toMatchObject({
    httpStatus: 531,
    cserrorcode: 4365,
  });
  expect(
    refusedUnchanged(world, admin, 'rebootVirtualMachine', { id, color: 'red' }).errortext,
  ).toContain('color');
});

test('a KVM guest has no setup to boot into, and a VM whose offering is gone is not rebooted', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  const before = guestState(world);
  expect(user.run('rebootVirtualMachine', { id, bootintosetup: true }).result).toEqual({
    errorcode: 431,
    errortext: 'Booting into a hardware setup menu is not implemented on KVM',
  });
  const { serviceOfferings, vms } = simulator.world;
  const offering = serviceOfferings.require(vms.require(id as string).serviceOfferingId);
  serviceOfferings.remove(offering);
  expect(user.run('rebootVirtualMachine', { id }).result).toEqual({
    errorcode: 431,
    errortext: `Unable to find service offering: ${offering.internalId} corresponding to the vm`,
  });
  expect(guestState(world)).toBe(before);
});
