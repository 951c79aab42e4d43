// Proves restoreVirtualMachine: the VM has a new root volume of its own template or of another one, keeps
// all else, and runs again if it ran; sizes, templates, states and limits that do not allow it are refused,
// and nothing changes.
import { expect, test } from '@playwright/test';
import type { TemplateRow } from '../../../../simulator/world/entities.js';
import { allocateSnapshot, beginSnapshot } from '../../../../simulator/world/storage/snapshots.js';
import { addVm } from '../../../support/network-world.js';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, diskOfferingId, guestState, listed } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const COMMAND = 'restoreVirtualMachine';
const GIB = 1_024 ** 3;

/** A second template, ready in the zone, which belongs to the user. */
function secondTemplate({ simulator }: TestWorld, changes: Partial<TemplateRow> = {}): TemplateRow {
  const { templates, templateZones, osTypes } = simulator.world;
  const first = templates.all()[0]!;
  const template = templates.insert({
    ...first,
    id: simulator.kernel.ids.uuid(),
    internalId: simulator.kernel.ids.next('template'),
    name: 'second',
    accountId: simulator.world.accounts.all().find(({ name }) => name === 'bosh')!.id,
    osTypeId: osTypes.all()[1]!.id,
    state: 'Active',
    ...changes,
  });
  const zone = templateZones.where('templateId', first.id)[0]!;
  templateZones.insert({
    ...zone,
    id: simulator.kernel.ids.uuid(),
    internalId: simulator.kernel.ids.next('templatezone'),
    templateId: template.id,
  });
  return template;
}

function rootsOf({ simulator }: TestWorld, vmId: string): object[] {
  return simulator.world.volumes.where('vmId', vmId).filter(({ type }) => type === 'ROOT');
}

test('a running VM is stopped, gets a new root volume, and runs again', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id, nic } = deployed(world, user, {
    diskofferingid: diskOfferingId(world, 'shared.custom'),
    size: 5,
  });
  const old = simulator.world.volumes.where('vmId', id as string)[0]!;
  const { jobid } = user.call(COMMAND, { virtualmachineid: id });
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(listed(user, { id })?.['state']).toBe('Stopping');
  simulator.kernel.advanceUntilIdle();
  const vm = user.job(jobid as string).result['virtualmachine'] as Reply;
  expect(vm).toMatchObject({ id, state: 'Running', nic });
  expect(old).toMatchObject({ state: 'Destroy', vmId: null });
  expect(rootsOf(world, id as string)).toMatchObject([
    { name: old.name, state: 'Ready', sizeBytes: old.sizeBytes, templateId: old.templateId },
  ]);
  expect(simulator.world.volumes.where('vmId', id as string)).toHaveLength(2);
  assertSound(simulator);
});

test('it answers under a wrapper of its own', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user);
  expect(Object.keys(world.user.send(COMMAND, { virtualmachineid: id }).body)).toEqual([
    'restorevmresponse',
  ]);
});

test('a stopped VM stays stopped, its new root volume is created when it starts', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  user.done('stopVirtualMachine', { id });
  const vm = user.done(COMMAND, { virtualmachineid: id })['virtualmachine'] as Reply;
  expect(vm['state']).toBe('Stopped');
  expect(rootsOf(world, id as string)).toMatchObject([{ state: 'Allocated', poolId: null }]);
  user.done('startVirtualMachine', { id });
  assertSound(simulator);
});

test('a root volume that never existed stays, unless another template is asked for', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user, { startvm: false });
  const before = guestState(world);
  user.done(COMMAND, { virtualmachineid: id });
  expect(guestState(world)).toBe(before);
  const [old] = rootsOf(world, id as string);
  user.done(COMMAND, { virtualmachineid: id, templateid: secondTemplate(world).id });
  expect(rootsOf(world, id as string)).not.toEqual([old]);
  expect(old).toMatchObject({ state: 'Expunged' });
});

test('another template makes the VM one of that template', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user);
  const { id: templateid, osTypeId } = secondTemplate(world);
  const { virtualmachine } = user.done(COMMAND, { virtualmachineid: id, templateid });
  expect(virtualmachine).toMatchObject({ templateid, templatename: 'second', ostypeid: osTypeId });
  expect(rootsOf(world, id as string)).toMatchObject([{ templateId: templateid }]);
});

test('a template with passwords gives a new one', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user);
  const { id: templateid } = secondTemplate(world, { passwordEnabled: true });
  const vm = world.user.done(COMMAND, { virtualmachineid: id, templateid })[
    'virtualmachine'
  ] as Reply;
  expect(vm['password']).toMatch(/^\w{6}$/);
  expect(listed(world.user, { id })).not.toHaveProperty('password');
});

test('the size is what is asked for, else what the VM had, and noted', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = deployed(world, user, { rootdisksize: 20 });
  user.done(COMMAND, { virtualmachineid: id });
  expect(rootsOf(world, id as string)).toMatchObject([{ sizeBytes: 20 * GIB }]);
  user.done(COMMAND, { virtualmachineid: id, rootdisksize: 30 });
  expect(rootsOf(world, id as string)).toMatchObject([{ sizeBytes: 30 * GIB }]);
  user.done(COMMAND, { virtualmachineid: id, rootdisksize: 30, 'details[0].rootdisksize': 40 });
  expect(rootsOf(world, id as string)).toMatchObject([{ sizeBytes: 40 * GIB }]);
  expect(world.simulator.world.vms.require(id as string).details['rootdisksize']).toBe('40');
});

test('a disk offering gives its size and is the offering of the new root volume', () => {
  const world = testSimulator();
  const { diskOfferings } = world.simulator.world;
  const offering = diskOfferings.all().find(({ sizeGib }) => sizeGib > 10)!;
  const { id } = deployed(world, world.user);
  world.user.done(COMMAND, { virtualmachineid: id, diskofferingid: offering.id });
  expect(rootsOf(world, id as string)).toMatchObject([
    { sizeBytes: offering.sizeGib * GIB, diskOfferingId: offering.id, serviceOfferingId: null },
  ]);
  assertSound(world.simulator);
});

test('with expunge the old root volume is gone at once', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user);
  const [old] = rootsOf(world, id as string);
  world.user.done(COMMAND, { virtualmachineid: id, expunge: true });
  expect(old).toMatchObject({ state: 'Expunged' });
  world.simulator.world.settings.set('allow.user.expunge.recover.volume', false);
  expect(world.user.run(COMMAND, { virtualmachineid: id, expunge: true })).toMatchObject({
    resultcode: 530,
    result: {
      errortext:
        'Expunging a volume can only be done by an Admin. Or when the allow.user.expunge.recover.volume key is set.',
    },
  });
});

for (const state of ['Destroyed', 'Error', 'Starting', 'Expunging'] as const) {
  test(`a VM that is ${state} is not restored`, () => {
    const world = testSimulator();
    const vm = addVm(world.simulator.world, state);
    const before = guestState(world);
    expect(world.user.run(COMMAND, { virtualmachineid: vm.id })).toMatchObject({
      resultcode: 530,
      result: {
        errortext: `Vm ${vm.id} currently in ${state} state, restore vm can only execute when VM in Running or Stopped`,
      },
    });
    expect(guestState(world)).toBe(before);
  });
}

test('sizes below that of the template are refused', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  const bytes = simulator.world.templateZones.all()[0]!.sizeBytes;
  const small = simulator.world.diskOfferings.insert({
    ...simulator.world.diskOfferings.all()[0]!,
    id: '99999999-0000-4000-8000-000000000000',
    internalId: 99,
    name: 'small',
    sizeGib: 1,
  });
  const before = guestState(world);
  expect(user.run(COMMAND, { virtualmachineid: id, rootdisksize: 1 }).result).toEqual({
    errorcode: 431,
    errortext: `Root disk size [1] is smaller than the template size [${bytes}]`,
  });
  expect(user.run(COMMAND, { virtualmachineid: id, diskofferingid: small.id }).result).toEqual({
    errorcode: 431,
    errortext: `Disk size for selected offering [${GIB}] is less than the template's size [${bytes}]`,
  });
  expect(
    user.run(COMMAND, { virtualmachineid: id, 'details[0].extraconfig-1': 'x' }).result,
  ).toEqual({
    errorcode: 431,
    errortext: "'extraconfig' should not be included in details as key",
  });
  expect(guestState(world)).toBe(before);
});

test('templates that are gone, not ready in the zone or of others are refused', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { templates, templateZones, accounts } = simulator.world;
  const { id } = deployed(world, user);
  const before = guestState(world);
  const admin = accounts.all().find(({ name }) => name === 'admin')!;
  const unready = secondTemplate(world);
  templateZones.move(templateZones.where('templateId', unready.id)[0]!, 'DestroyRequested');
  const gone = secondTemplate(world);
  templates.remove(gone);
  const foreign = secondTemplate(world, { accountId: admin.id, isPublic: false });
  const refusal = (templateid: string): Reply =>
    user.run(COMMAND, { virtualmachineid: id, templateid }).result;
  expect(refusal(unready.id)).toEqual({
    errorcode: 431,
    errortext: `Cannot restore the vm as the template ${unready.id} isn't available in the zone`,
  });
  expect(refusal(gone.id)['errortext']).toBe(`Cannot find template with ID ${gone.internalId}`);
  expect(refusal(foreign.id)).toMatchObject({ errorcode: 530 });
  expect(guestState(world)).toBe(before);
});

test('the account must have room for a larger root volume', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  const { name, domainId: domainid } = simulator.world.accounts.require(
    simulator.world.vms.require(id as string).accountId,
  );
  admin.call('updateResourceLimit', { account: name, domainid, resourcetype: 10, max: 10 });
  const before = guestState(world);
  const outcome = user.run(COMMAND, { virtualmachineid: id, rootdisksize: 50 });
  expect(outcome.resultcode).toBe(530);
  expect(outcome.result['errortext']).toContain(
    `Failed to restore VM ${id as string} due to Maximum amount of resources of Type = 'primary_storage'`,
  );
  expect(guestState(world)).toBe(before);
});

test('a VM that does not start again stays stopped with its new root volume', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = deployed(world, user);
  for (const host of simulator.world.hosts.all()) simulator.world.hosts.change(host, { up: false });
  const outcome = user.run(COMMAND, { virtualmachineid: id });
  expect(outcome.resultcode).toBe(530);
  expect(outcome.result['errortext']).toMatch(
    /^Unable to start VM with specified idNo destination/,
  );
  expect(listed(user, { id })?.['state']).toBe('Stopped');
  expect(rootsOf(world, id as string)).toMatchObject([{ state: 'Allocated' }]);
});

test('a VM without a root volume, one that is snapshotted, and one that is gone are refused', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const bare = addVm(simulator.world);
  expect(user.run(COMMAND, { virtualmachineid: bare.id }).result).toEqual({
    errorcode: 431,
    errortext: `Can not find root volume for VM ${bare.id}`,
  });
  simulator.world.vms.remove(bare);
  expect(user.run(COMMAND, { virtualmachineid: bare.id }).result['errortext']).toBe(
    `Cannot find VM with ID ${bare.internalId}`,
  );
  const { id } = deployed(world, user);
  user.done('stopVirtualMachine', { id });
  const root = simulator.world.volumes.where('vmId', id as string)[0]!;
  const snapshot = allocateSnapshot(simulator.world, root, { name: 'snap', type: 'MANUAL' });
  beginSnapshot(simulator.world, snapshot, root);
  const before = guestState(world);
  expect(user.run(COMMAND, { virtualmachineid: id }).result).toEqual({
    errorcode: 530,
    errortext:
      'There is/are unbacked up snapshot(s) on ROOT volume, Re-install VM is not permitted, please try again later.',
  });
  expect(guestState(world)).toBe(before);
});
