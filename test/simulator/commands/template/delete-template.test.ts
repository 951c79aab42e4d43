// Proves when a template can be deleted, that VMs made from it go on, and that every refusal, all
// of them in the job, leaves the template as it is.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
} from '../../../support/simulator-client.js';
import { deployed, deployment, idOf, networkId } from '../../../support/simulator-vms.js';
import { registeredIso } from '../../../support/isos.js';
import { registered } from '../../../support/template-downloads.js';
import {
  listedTemplate,
  templateValues,
  twoZones,
  uploadParams,
} from '../../../support/template-uploads.js';
import { storageWorld } from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

function refusedJob(
  world: TestWorld,
  client: TestClient,
  values: Record<string, string | boolean>,
): { resultcode: number; errortext: string } {
  const { templates, templateZones } = world.simulator.world;
  const state = () => JSON.stringify([templates.all(), templateZones.all()]);
  const before = state();
  const { status, resultcode, result } = client.run('deleteTemplate', values);
  expect(status).toBe(2);
  expect(state(), 'the refused deletion changed something').toBe(before);
  return { resultcode, errortext: result['errortext'] };
}

function ubuntu({ simulator }: TestWorld): string {
  return idOf(simulator.world.templates.all(), 'ubuntu-jammy');
}

test('an unused template is gone, with its tags', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const id = ubuntu(world);
  admin.done('createTags', {
    resourceids: id,
    resourcetype: 'Template',
    'tags[0].key': 'os',
    'tags[0].value': 'jammy',
  });
  expect(admin.run('deleteTemplate', { id })).toMatchObject({
    status: 1,
    result: { success: true },
  });
  expect(admin.call('listTemplates', { templatefilter: 'all' })).toEqual({});
  expect(simulator.world.tags.where('resourceId', id)).toEqual([]);
  expect(simulator.world.templates.require(id).state).toBe('Inactive');
  assertSound(simulator);
});

test('while VMs use it, destroyed ones too, only force deletes it', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const id = ubuntu(world);
  const vm = deployed(world, user);
  const { instanceName, internalId } = world.simulator.world.vms.require(vm['id']);
  const inUse = refusedJob(world, admin, { id });
  expect(inUse.resultcode).toBe(431);
  expect(inUse.errortext).toMatch(
    /^Unable to delete template: Template \{.*\} because VM instances: \[VM instance \{.*\}\] are using it\.$/,
  );
  expect(inUse.errortext).toContain(`"id":${String(internalId)},"instanceName":"${instanceName}"`);
  user.done('destroyVirtualMachine', { id: vm['id'] });
  expect(refusedJob(world, admin, { id }).resultcode).toBe(431);
  admin.done('expungeVirtualMachine', { id: vm['id'] });
  expect(admin.run('deleteTemplate', { id }).status).toBe(1);
});

test('forced, it goes although VMs use it, and they go on', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const vm = deployed(world, user);
  expect(admin.run('deleteTemplate', { id: ubuntu(world), forced: true }).status).toBe(1);
  expect(user.call('listVirtualMachines', { id: vm['id'] })['virtualmachine'][0]).toMatchObject({
    state: 'Running',
  });
  expect(user.call('listVolumes', { virtualmachineid: vm['id'] })['volume'][0]).toMatchObject({
    templatename: 'ubuntu-jammy',
  });
  user.done('stopVirtualMachine', { id: vm['id'] });
  user.done('startVirtualMachine', { id: vm['id'] });
  assertSound(simulator);
});

test('a template that is still awaited cannot be deleted', () => {
  const world = testSimulator();
  const { id } = uploadParams(world, world.user);
  expect(refusedJob(world, world.user, { id, forced: true })).toEqual({
    resultcode: 431,
    errortext:
      'The template is either getting uploaded or it may be initiated shortly, please wait for it to be completed',
  });
  world.simulator.kernel.advanceBy(62 * 60_000);
  expect(listedTemplate(world.user, id)).toMatchObject({ status: 'UploadAbandoned' });
  expect(world.user.run('deleteTemplate', { id }).status).toBe(1);
});

test('the second deletion names the internal id', () => {
  const world = testSimulator();
  const id = ubuntu(world);
  const { internalId } = world.simulator.world.templates.require(id);
  world.admin.done('deleteTemplate', { id });
  expect(refusedJob(world, world.admin, { id })).toEqual({
    resultcode: 431,
    errortext: `unable to find template with id ${String(internalId)}`,
  });
});

test("somebody else's template stays, public or not", () => {
  const world = testSimulator();
  const refused = refusedJob(world, world.user, { id: ubuntu(world), forced: true });
  expect(refused).toEqual({
    resultcode: 530,
    errortext: 'Domain Admin and regular users can modify only their own Public templates',
  });
  const { templates } = world.simulator.world;
  templates.change(templates.require(ubuntu(world)), { isPublic: false });
  const unseen = refusedJob(world, world.user, { id: ubuntu(world), forced: true });
  expect(unseen.resultcode).toBe(530);
  expect(unseen.errortext).toContain('does not have permission to launch instances from template');
});

test('of a zone, only the zone’s copy is deleted; with the last one the template goes', () => {
  const world = twoZones();
  const { admin, simulator } = world;
  const id = ubuntu(world);
  const [first, second] = ['zone1', 'zone2'].map((name) =>
    idOf(simulator.world.zones.all(), name),
  ) as [string, string];
  expect(admin.run('deleteTemplate', { id, zoneid: first }).status).toBe(1);
  expect(admin.call('listTemplates', { templatefilter: 'all' })).toMatchObject({
    count: 1,
    template: [{ zonename: 'zone2' }],
  });
  // Where it is not, there is nothing to do.
  expect(admin.run('deleteTemplate', { id, zoneid: first }).status).toBe(1);
  expect(simulator.world.templates.require(id).removedMs).toBeNull();
  expect(admin.run('deleteTemplate', { id, zoneid: second }).status).toBe(1);
  expect(simulator.world.templates.require(id).removedMs).not.toBeNull();
});

test('a template of the cloud’s own VMs goes only if that is said', () => {
  const system = { name: 'system', zone: 'zone1', account: 'admin', type: 'SYSTEM' as const };
  const world = testSimulator({ world: storageWorld({}, { templates: [system] }) });
  const { admin, simulator } = world;
  const { id } = simulator.world.templates.all()[0]!;
  expect(refusedJob(world, admin, { id })).toMatchObject({
    resultcode: 431,
    errortext: 'Could not delete template as it is a SYSTEM template and isSystem is set to false.',
  });
  admin.done('deleteTemplate', { id, issystem: true });
  expect(simulator.world.templates.require(id).removedMs).not.toBeNull();
});

test('a VM cannot be deployed from a template that is not ready or gone', () => {
  const world = testSimulator();
  const networkids = networkId(world, 'NET_CS');
  const { id } = uploadParams(world, world.user);
  const outcome = world.user.run(
    'deployVirtualMachine',
    deployment(world, { templateid: id, networkids }),
  );
  expect(outcome).toMatchObject({ status: 2, resultcode: 530 });
});

test('what is ordered cannot be deleted before its download begins, by force neither', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id } = registered(world, 'http://images.example.org/root.qcow2');
  for (const values of [{}, { forced: true }]) {
    expect(refusedJob(world, user, { id: id as string, ...values })).toEqual({
      resultcode: 530,
      errortext: 'Failed to update state',
    });
  }
  simulator.setFaults([{ then: { effect: 'no-secondary-storage-vm' } }]);
  expect(listedTemplate(user, id as string)).toMatchObject({
    status: 'Storage agent or storage VM disconnected',
  });
  expect(user.done('deleteTemplate', { id })).toEqual({ success: true });
  // What nobody was there to order can be deleted at once.
  const { id: never } = registered(world, 'http://images.example.org/root.qcow2');
  expect(user.done('deleteTemplate', { id: never })).toEqual({ success: true });
  assertSound(simulator);
});

test('an ISO that is ordered cannot be deleted either', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = registeredIso(world, user);
  expect(user.run('deleteIso', { id: id as string })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Failed to update state' },
  });
});

test('of several zones those go before it where nothing is on its way', () => {
  const world = twoZones();
  const { user, simulator } = world;
  const two = simulator.world.zones.all()[1]!.id;
  const { zoneid, ...values } = templateValues(world, { url: 'http://a.example.org/a.qcow2' });
  const registeredThere = user.call('registerTemplate', { ...values, zoneids: `${zoneid},${two}` });
  const { id } = registeredThere['template'][0] as Reply;
  const { templateZones } = simulator.world;
  const [first] = templateZones.where('templateId', id as string);
  templateZones.move(first!, 'OperationSuccessed', { downloadState: 'DOWNLOADED' });
  expect(user.run('deleteTemplate', { id: id as string })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Failed to update state' },
  });
  expect(templateZones.where('templateId', id as string)).toMatchObject([
    { zoneId: two, state: 'Creating' },
  ]);
  assertSound(simulator);
});

test('while it is copied to another zone, and while it is made of a disk, it cannot be deleted', () => {
  const world = twoZones();
  const { user, admin, simulator } = world;
  const zone2 = idOf(simulator.world.zones.all(), 'zone2');
  admin.done('deleteTemplate', { id: ubuntu(world), zoneid: zone2 });
  const copy = admin.call('copyTemplate', { id: ubuntu(world), destzoneid: zone2 });
  simulator.kernel.advanceBy(1_000);
  const inZone = { templatefilter: 'all', id: ubuntu(world), zoneid: zone2 };
  expect(admin.call('listTemplates', inZone)['template'][0]).toMatchObject({
    isready: false,
    status: '0% Downloaded',
    downloaddetails: [{ downloadState: 'DOWNLOAD_IN_PROGRESS', downloadPercent: '0' }],
  });
  expect(admin.run('deleteTemplate', { id: ubuntu(world) })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Please specify a template that is not currently being downloaded.' },
  });
  expect(admin.job(copy['jobid'] as string)).toMatchObject({ status: 1 });

  const { id: vmId } = deployed(world, user);
  user.done('stopVirtualMachine', { id: vmId });
  const volumeid = simulator.world.volumes.where('vmId', vmId as string)[0]!.id;
  const ostypeid = simulator.world.osTypes.all()[0]!.id;
  const made = user.call('createTemplate', { name: 'made', ostypeid, volumeid });
  simulator.kernel.advanceBy(1_000);
  expect(listedTemplate(user, made['id'] as string)).toMatchObject({
    isready: false,
    status: 'Active',
    zonename: 'zone1',
    downloaddetails: [{ downloadState: '' }],
  });
  expect(user.run('deleteTemplate', { id: made['id'] as string })).toMatchObject({
    resultcode: 530,
    result: { errortext: 'Failed to update state' },
  });
  expect(user.job(made['jobid'] as string)).toMatchObject({ status: 1 });
  expect(user.done('deleteTemplate', { id: made['id'] })).toEqual({ success: true });
  assertSound(simulator);
});

test('an account leaves behind what is being fetched for it, until that has ended', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id } = registered(world, 'http://images.example.org/root.qcow2');
  const { templates, accounts } = simulator.world;
  const { accountId } = templates.require(id as string);
  admin.done('deleteAccount', { id: accountId });
  expect(templates.require(id as string).removedMs).toBeNull();
  expect(accounts.require(accountId)).toMatchObject({ needsCleanup: true });
  simulator.setFaults([{ then: { effect: 'no-secondary-storage-vm' } }]);
  admin.call('listZones');
  simulator.kernel.advanceBy(86_400_000);
  expect(templates.require(id as string).removedMs).not.toBeNull();
  expect(user.fails('listZones').httpStatus).toBe(401);
});
