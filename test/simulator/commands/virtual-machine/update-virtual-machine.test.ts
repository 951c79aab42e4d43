// Proves what updateVirtualMachine changes, whose details it protects, and what it refuses without
// changing anything.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  listed,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

test('changes names, group and user data at once, also of a running VM', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { name: 'old' });
  const vm = world.user.call('updateVirtualMachine', {
    id,
    name: 'new',
    displayname: 'New one',
    group: 'web',
    userdata: 'e30=',
  })['virtualmachine'] as Reply;
  expect(vm).toMatchObject({ id, name: 'new', displayname: 'New one', group: 'web' });
  expect(vm).not.toHaveProperty('userdata');
  expect(listed(world.user, { id, userdata: true })?.['userdata']).toBe('e30=');
});

test('leaves alone what is not given', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { name: 'web', group: 'a', userdata: 'e30=' });
  const before = listed(world.user, { id, userdata: true });
  world.user.call('updateVirtualMachine', { id, name: 'web', haenable: false });
  expect(listed(world.user, { id, userdata: true })).toEqual(before);
});

test('details replace all details; users keep those that they may not touch', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const given = {
    'details[0].mine': 1,
    'details[0].rootDiskController': 'scsi',
    'details[0].rootdisksize': 9,
  };
  const { id } = deployed(world, user, given);
  user.call('updateVirtualMachine', { id, 'details[0].other': 2 });
  expect(listed(admin, { id })?.['details']).toEqual({
    other: '2',
    rootDiskController: 'scsi',
    rootdisksize: '9',
  });
  admin.call('updateVirtualMachine', { id, 'details[0].rootDiskController': 'virtio' });
  expect(listed(admin, { id })?.['details']).toEqual({ rootDiskController: 'virtio' });
});

test('cleanupdetails removes the details that the caller may touch', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const given = { 'details[0].mine': 1, 'details[0].rootDiskController': 'scsi' };
  const { id } = deployed(world, user, given);
  user.call('updateVirtualMachine', { id, cleanupdetails: true });
  expect(listed(admin, { id })?.['details']).toEqual({ rootDiskController: 'scsi' });
  admin.call('updateVirtualMachine', { id, cleanupdetails: true });
  expect(listed(admin, { id })?.['details']).toEqual({});
});

test('details of a custom offering give the VM a new size', () => {
  const world = testSimulator();
  const size = { 'details[0].cpuNumber': 1, 'details[0].cpuSpeed': 500, 'details[0].memory': 512 };
  const values = deployment(world, size, 'custom');
  const { id } = world.user.done('deployVirtualMachine', values)['virtualmachine'] as Reply;
  const larger = { ...size, 'details[0].memory': 1_024 };
  expect(
    world.user.call('updateVirtualMachine', { id, ...larger })['virtualmachine'],
  ).toMatchObject({ memory: 1_024, cpunumber: 1 });
  const refused = refusedUnchanged(world, world.user, 'updateVirtualMachine', {
    id,
    'details[0].cpuNumber': 2,
  });
  expect(refused.errortext).toContain('Invalid cpu speed value');
});

test('refuses what CloudStack refuses', () => {
  const world = testSimulator();
  const { user } = world;
  deployed(world, user, { name: 'taken' });
  const { id } = deployed(world, user, { name: 'web' });
  for (const [values, text] of [
    [{ haenable: true }, "Can't enable ha for the vm as it's created from the Service offering"],
    [{ name: '1web' }, 'Invalid name. Vm name can contain ASCII letters'],
    [
      { name: 'taken' },
      'The vm with hostName taken already exists in the network domain: cs2cloud.internal; network=NET_CS',
    ],
    [
      { 'details[0].rootdisksize': 9 },
      "You're not allowed to add or edit the restricted setting: rootdisksize",
    ],
    [
      { 'details[0].rootDiskController': 'ide' },
      "You're not allowed to add or edit the read-only setting: rootDiskController",
    ],
    [{ 'details[0].extraconfig': 'x' }, "'extraconfig' should not be included in details as key"],
  ] as const) {
    const refused = refusedUnchanged(world, user, 'updateVirtualMachine', { id, ...values });
    expect(refused.httpStatus).toBe(431);
    expect(refused.errortext).toContain(text);
  }
});

test('a VM in Error or Expunging, and one that is gone, cannot be changed', () => {
  const world = testSimulator();
  const { user, admin } = world;
  deployed(world, user, { ipaddress: '10.203.6.10' });
  const late = deployment(world, { name: 'late', ipaddress: '10.203.6.10' });
  user.fails('deployVirtualMachine', late);
  const { id } = listed(user, { name: 'late' })!;
  const change = { id, displayname: 'x' };
  const text = 'Vm with id 2 is not in the right state';
  expect(refusedUnchanged(world, user, 'updateVirtualMachine', change).errortext).toBe(text);
  user.done('destroyVirtualMachine', { id });
  expect(refusedUnchanged(world, user, 'updateVirtualMachine', change).errortext).toBe(text);
  admin.done('expungeVirtualMachine', { id });
  expect(refusedUnchanged(world, user, 'updateVirtualMachine', change)).toMatchObject({
    httpStatus: 431,
    errortext: 'unable to find virtual machine with id: 2',
  });
});

test("another account's VM is refused, a root admin changes any", () => {
  const world = testSimulator();
  const { user, admin } = world;
  const mine = deployed(world, admin, { networkids: networkId(world, 'NET_SHARED') });
  const values = { id: mine['id'], displayname: 'yours' };
  expect(refusedUnchanged(world, user, 'updateVirtualMachine', values).httpStatus).toBe(531);
  const { id } = deployed(world, user);
  const changed = admin.call('updateVirtualMachine', { id, displayname: 'ours' });
  expect(changed['virtualmachine']['displayname']).toBe('ours');
});

test('wrong details are told before the wrong state', () => {
  const world = testSimulator();
  const { user } = world;
  deployed(world, user, { ipaddress: '10.203.6.10' });
  user.fails('deployVirtualMachine', deployment(world, { name: 'late', ipaddress: '10.203.6.10' }));
  const { id } = listed(user, { name: 'late' })!;
  const values = { id, 'details[0].rootDiskController': 'scsi' };
  expect(refusedUnchanged(world, user, 'updateVirtualMachine', values).errortext).toBe(
    "You're not allowed to add or edit the read-only setting: rootDiskController",
  );
});

test('a protected VM cannot be destroyed, until it is not protected any more', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user, { name: 'web' });
  const { virtualmachine } = user.call('updateVirtualMachine', { id, deleteprotection: true });
  expect(virtualmachine).toMatchObject({ deleteprotection: true });
  expect(user.run('destroyVirtualMachine', { id })).toMatchObject({
    resultcode: 431,
    result: {
      errortext: `Instance [id = ${id as string}, name = web] has delete protection enabled and cannot be deleted.`,
    },
  });
  expect(listed(user, { id })!['state']).toBe('Running');
  user.call('updateVirtualMachine', { id, deleteprotection: false });
  user.done('destroyVirtualMachine', { id });
});

test('the operating system and the name on the host change; the latter only for root admins', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  const other = deployed(world, user);
  const osType = simulator.world.osTypes.all()[1]!;
  user.call('updateVirtualMachine', { id, ostypeid: osType.id, instancename: 'mine' });
  expect(listed(admin, { id })).toMatchObject({
    ostypeid: osType.id,
    osdisplayname: osType.description,
    instancename: 'i-2-1-VM',
  });
  admin.call('updateVirtualMachine', { id, instancename: 'mine' });
  expect(listed(admin, { id })!['instancename']).toBe('mine');
  const values = { id: other['id'], instancename: 'mine' };
  expect(refusedUnchanged(world, admin, 'updateVirtualMachine', values)).toMatchObject({
    httpStatus: 530,
    errortext: 'Instance name : mine is not unique',
  });
  simulator.world.osTypes.remove(osType);
  expect(
    refusedUnchanged(world, user, 'updateVirtualMachine', { id, ostypeid: osType.id }).errortext,
  ).toBe('Please specify a valid guest OS ID.');
});

test('a VM can be made scalable while it runs if its template, its offering and the zone allow it', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { templates, serviceOfferings, settings, vms } = simulator.world;
  const { id } = deployed(world, user);
  const template = templates.all()[0]!;
  templates.change(template, { isDynamicallyScalable: false });
  const refusal = (): string =>
    refusedUnchanged(world, user, 'updateVirtualMachine', { id, isdynamicallyscalable: true })
      .errortext;
  const cannot = 'Dynamic Scaling cannot be enabled for the VM since';
  expect(refusal()).toBe(`${cannot} its template does not have dynamic scaling enabled`);
  templates.change(template, { isDynamicallyScalable: true });
  const offering = serviceOfferings.require(vms.require(id as string).serviceOfferingId);
  serviceOfferings.change(offering, { dynamicScaling: false });
  expect(refusal()).toBe(`${cannot} its service offering does not have dynamic scaling enabled`);
  serviceOfferings.change(offering, { dynamicScaling: true });
  expect(refusal()).toBe(`${cannot} corresponding global setting is set to false`);
  settings.set('enable.dynamic.scale.vm', true);
  user.call('updateVirtualMachine', { id, isdynamicallyscalable: true });
  expect(listed(user, { id })!['isdynamicallyscalable']).toBe(true);
});
