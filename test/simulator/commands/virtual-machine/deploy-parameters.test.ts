// Proves the parameters of deployVirtualMachine beside those of its networks, disks and keys: what each
// leaves in the VM, who may send it, and how a value that is none is refused.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  guestState,
  listed,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const UUID = '12345678-90ab-4cde-8f01-234567890abc';
const GIB = 1_024 ** 3;

function ofUser({ simulator }: TestWorld): Values {
  const { name, domainId } = simulator.world.accounts.all().find((row) => row.name === 'bosh')!;
  return { account: name, domainid: domainId };
}

function refused(world: TestWorld, values: Values): { code: number; text: string } {
  const outcome = refusedUnchanged(
    world,
    world.user,
    'deployVirtualMachine',
    deployment(world, values),
  );
  return { code: outcome.httpStatus, text: outcome.errortext };
}

test('a VM without details boots by BIOS; one with details does not say how', () => {
  const world = testSimulator();
  expect(deployed(world, world.user)).toMatchObject({ boottype: 'Bios', bootmode: 'legacy' });
  const vm = deployed(world, world.user, {
    boottype: 'bios',
    bootmode: 'legacy',
    keyboard: 'uk',
    iothreadsenabled: true,
    iodriverpolicy: 'IO_URING',
    nicmultiqueuenumber: 4,
    nicpackedvirtqueuesenabled: true,
  });
  expect(vm).not.toHaveProperty('boottype');
  expect(vm['details']).toEqual({
    keyboard: 'uk',
    iothreads: 'true',
    'io.policy': 'io_uring',
    'nic.multiqueue.number': '4',
    'nic.packed.virtqueues.enabled': 'true',
  });
});

test('no host boots by UEFI: such a VM can be deployed stopped, and does not start', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user, {
    boottype: 'UEFI',
    bootmode: 'Secure',
    startvm: false,
  });
  expect(vm).toMatchObject({
    boottype: 'Uefi',
    bootmode: 'secure',
    details: { UEFI: 'SECURE' },
  });
  const outcome = world.user.run('startVirtualMachine', { id: vm['id'] });
  expect(outcome.resultcode).toBe(533);
  expect(outcome.result['errortext']).toMatch(/^No destination found/);
});

for (const [values, code, text] of [
  [
    { boottype: 'floppy', name: 'web' },
    431,
    'Invalid bootType floppySpecified for vm web Valid values are: [UEFI, BIOS]',
  ],
  [
    { boottype: 'UEFI' },
    431,
    'bootmode must be specified for the VM with boot type: UEFI. Valid values are: [LEGACY, SECURE]',
  ],
  [
    { boottype: 'UEFI', bootmode: 'x' },
    431,
    'Invalid bootmode: x specified for VM: null. Valid values are: [LEGACY, SECURE]',
  ],
  [
    { boottype: 'BIOS' },
    530,
    'Internal error executing command, please contact your system administrator',
  ],
  [
    { iodriverpolicy: 'fast' },
    431,
    'Invalid io policy fast specified for vm null. Valid values are: [native, threads, io_uring, storage_specific]',
  ],
  [
    { securitygroupnames: 'default' },
    431,
    "Can't create vm with security groups; security group feature is not enabled per zone",
  ],
  [
    { securitygroupids: UUID },
    431,
    "Can't create vm with security groups; security group feature is not enabled per zone",
  ],
  [
    { customid: UUID },
    531,
    'Please check your permissions, you are not allowed to create/update custom id',
  ],
] as const) {
  test(`refused: ${JSON.stringify(values)}`, () => {
    expect(refused(testSimulator(), values)).toEqual({ code, text });
  });
}

test('root admins choose the id of a VM', () => {
  const world = testSimulator();
  const { admin } = world;
  const values = { ...ofUser(world), customid: UUID.toUpperCase() };
  expect(deployed(world, admin, values)).toMatchObject({ id: UUID, name: `VM-${UUID}` });
  const again = deployment(world, { ...values, name: 'other' });
  expect(refusedUnchanged(world, admin, 'deployVirtualMachine', again)).toMatchObject({
    httpStatus: 431,
    errortext: `UUID: ${UUID.toUpperCase()} already exists so can't create/update with custom id`,
  });
  const none = deployment(world, { ...values, customid: 'x' });
  expect(refusedUnchanged(world, admin, 'deployVirtualMachine', none).errortext).toBe(
    "UUID: x doesn't follow the UUID format",
  );
});

test('a hidden VM is shown to root admins only, and counts for nothing', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id } = deployed(world, admin, { ...ofUser(world), displayvm: false });
  expect(listed(user, { id })).toBeUndefined();
  expect(listed(admin, { id })).toMatchObject({ displayvm: false });
  const shown = (displayvm: boolean): unknown =>
    admin.call('listVirtualMachines', { listall: true, displayvm })['count'];
  expect([shown(false), shown(true)]).toEqual([1, undefined]);
  const account = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  expect(simulator.world.vms.total('accountId', account.id, 'user_vm')).toBe(0);
  admin.call('updateVirtualMachine', { id, displayvm: true });
  expect(simulator.world.vms.total('accountId', account.id, 'user_vm')).toBe(1);
  expect(listed(user, { id })).not.toHaveProperty('displayvm');
});

test('from users displayvm and deploymentplanner are ignored', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { displayvm: false, deploymentplanner: 'x' });
  expect(listed(world.user, { id })).toBeDefined();
});

test('a planner must be one', () => {
  const world = testSimulator();
  const { admin } = world;
  const values = { ...ofUser(world), deploymentplanner: 'FirstFitPlanner' };
  expect(deployed(world, admin, values)['state']).toBe('Running');
  const { id } = deployed(world, admin, { ...ofUser(world), startvm: false });
  expect(admin.run('startVirtualMachine', { id, deploymentplanner: 'Mine' })).toMatchObject({
    resultcode: 431,
    result: { errortext: "Can't find a planner by name Mine" },
  });
  expect(listed(admin, { id })!['state']).toBe('Stopped');
});

test('a KVM guest has no setup to boot into', () => {
  const world = testSimulator();
  const { user } = world;
  const outcome = user.run('deployVirtualMachine', deployment(world, { bootintosetup: true }));
  expect(outcome).toMatchObject({
    resultcode: 431,
    result: { errortext: 'bootintosetup makes no sense for KVM' },
  });
  const { id } = deployed(world, user, { startvm: false });
  const before = guestState(world);
  expect(user.run('startVirtualMachine', { id, bootintosetup: true }).resultcode).toBe(431);
  expect(guestState(world)).toBe(before);
});

test('another disk offering is that of the root volume, and shown as such', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const overridediskofferingid = diskOfferingId(world, 'shared.custom');
  const vm = deployed(world, user, { overridediskofferingid, rootdisksize: 12 });
  expect(vm).toMatchObject({
    diskofferingid: overridediskofferingid,
    diskofferingname: 'shared.custom',
  });
  const [root] = simulator.world.volumes.where('vmId', vm['id'] as string);
  expect(root).toMatchObject({
    sizeBytes: 12 * GIB,
    diskOfferingId: overridediskofferingid,
    serviceOfferingId: null,
  });
  expect(deployed(world, user)).not.toHaveProperty('diskofferingid');
  assertSound(simulator);
});

test('an offering of a fixed size decides the size of the root volume; one that is gone is refused', () => {
  const world = testSimulator();
  const { diskOfferings, volumes } = world.simulator.world;
  const offering = diskOfferings.all().find(({ sizeGib }) => sizeGib > 10)!;
  const vm = deployed(world, world.user, {
    overridediskofferingid: offering.id,
    rootdisksize: 12,
  });
  expect(volumes.where('vmId', vm['id'] as string)).toMatchObject([
    { sizeBytes: offering.sizeGib * GIB },
  ]);
  diskOfferings.remove(offering);
  expect(refused(world, { overridediskofferingid: offering.id }).text).toBe(
    `Unable to find disk offering ${offering.internalId}`,
  );
});

test('extraconfig is switched off: the VM is there all the same, and no job is', () => {
  const world = testSimulator();
  const { user } = world;
  const outcome = user.fails(
    'deployVirtualMachine',
    deployment(world, { name: 'web', extraconfig: 'a=b' }),
  );
  const text = 'attempted setting extraconfig but enable.additional.vm.configuration is disabled';
  expect(outcome).toMatchObject({ httpStatus: 431, errortext: text });
  const vm = listed(user, { name: 'web' })!;
  expect(vm['state']).toBe('Stopped');
  expect(vm).not.toHaveProperty('jobid');
  const update = { id: vm['id'], extraconfig: 'a=b' };
  expect(refusedUnchanged(world, user, 'updateVirtualMachine', update).errortext).toBe(text);
});

test('a VM takes the tags of its template along if it is to', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  admin.done('createTags', {
    resourceids: simulator.world.templates.all()[0]!.id,
    resourcetype: 'Template',
    'tags[0].key': 'os',
    'tags[0].value': 'jammy',
  });
  const vm = deployed(world, user, { copyimagetags: true });
  expect(listed(user, { id: vm['id'] })!['tags']).toMatchObject([
    { key: 'os', value: 'jammy', resourcetype: 'UserVm' },
  ]);
  expect(deployed(world, user)['tags']).toEqual([]);
  assertSound(simulator);
});

test('the pool of the root volume and, for root admins, the processor are shown', () => {
  const world = testSimulator();
  const vm = deployed(world, world.user);
  const seen = listed(world.admin, { id: vm['id'] })!;
  expect(seen['arch']).toBe('x86_64');
  expect(vm).not.toHaveProperty('arch');
  expect(vm['pooltype']).toBe('NetworkFilesystem');
});
