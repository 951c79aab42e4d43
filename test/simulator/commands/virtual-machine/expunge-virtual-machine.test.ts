// Proves who may expunge which VM with expungeVirtualMachine, and that it frees what the VM held.
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../../support/simulator-client.js';
import { deployed, deployment, guestState, listed } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

test('users are refused in the job, and nothing changes', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user);
  user.done('destroyVirtualMachine', { id });
  const before = guestState(world);
  expect(user.run('expungeVirtualMachine', { id })).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext:
        'Expunging a vm can only be done by an Admin. ' +
        'Or when the allow.user.expunge.recover.vm key is set.',
    },
  });
  expect(guestState(world)).toBe(before);
});

test('users whom the setting lets, and admins, expunge a destroyed VM', () => {
  for (const role of ['user', 'admin'] as const) {
    const world = testSimulator();
    world.simulator.world.settings.set('allow.user.expunge.recover.vm', role === 'user');
    const { id } = deployed(world, world.user, { name: 'gone', ipaddress: '10.203.6.10' });
    world.user.done('destroyVirtualMachine', { id });
    expect(world[role].done('expungeVirtualMachine', { id })).toEqual({ success: true });
    expect(world.admin.call('listVirtualMachines', { id })).toEqual({});
    const again = deployed(world, world.user, { name: 'gone', ipaddress: '10.203.6.10' });
    expect(again['state']).toBe('Running');
    assertSound(world.simulator);
  }
});

test('a VM in Error can be expunged as it is', () => {
  const world = testSimulator();
  deployed(world, world.user, { ipaddress: '10.203.6.10' });
  world.user.fails(
    'deployVirtualMachine',
    deployment(world, { name: 'late', ipaddress: '10.203.6.10' }),
  );
  const { id } = listed(world.user, { name: 'late' })!;
  world.admin.done('expungeVirtualMachine', { id });
  expect(listed(world.admin, { id })).toBeUndefined();
});

test('a VM that is not destroyed, and one that is gone, are refused', () => {
  const world = testSimulator();
  const { admin, user } = world;
  const { id } = deployed(world, user);
  const before = guestState(world);
  expect(admin.run('expungeVirtualMachine', { id })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Please destroy vm with specified vmId before expunge' },
  });
  expect(guestState(world)).toBe(before);
  admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(admin.run('expungeVirtualMachine', { id })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Unable to find a virtual machine with specified vmId' },
  });
});
