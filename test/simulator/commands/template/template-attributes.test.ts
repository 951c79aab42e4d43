// Proves what registerTemplate, createTemplate and updateTemplate make of what a template says of itself:
// what lists then show of it, whose it is, on which hosts its VMs run, and what is refused.
import { expect, test } from '@playwright/test';
import {
  createIdentityWorld,
  accountOf,
  domainOf,
  projectOf,
} from '../../../support/identity-world.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployment, refusedUnchanged } from '../../../support/simulator-vms.js';
import { cluster, createdVolume, storageWorld } from '../../../support/simulator-volumes.js';
import { listedTemplate, templateValues } from '../../../support/template-uploads.js';

const URL_OF_IMAGE = 'http://images.example.org/root.qcow2';

function registered(world: TestWorld, client: TestClient, values: Values = {}): Reply {
  const asked = templateValues(world, { url: URL_OF_IMAGE, ...values });
  return (client.call('registerTemplate', asked)['template'] as Reply[])[0]!;
}

test('what is registered is listed, and what is left out has a default', () => {
  const world = testSimulator();
  const values = {
    displaytext: 'a stemcell',
    isextractable: true,
    passwordenabled: true,
    sshkeyenabled: true,
    isdynamicallyscalable: true,
    requireshvm: false,
  };
  const { id } = registered(world, world.user, { ...values, arch: 'aarch64', templatetype: 'vnf' });
  expect(listedTemplate(world.user, id as string)).toMatchObject({
    ...values,
    arch: 'aarch64',
    templatetype: 'VNF',
  });
  expect(registered(world, world.user)).toMatchObject({
    displaytext: 'stemcell',
    isextractable: false,
    passwordenabled: false,
    sshkeyenabled: false,
    isdynamicallyscalable: false,
    requireshvm: true,
    arch: 'x86_64',
    templatetype: 'USER',
    crossZones: false,
    details: {},
  });
  expect(registered(world, world.admin, { isfeatured: true })).toMatchObject({ isfeatured: true });
});

test('types, and whose they are', () => {
  const world = testSimulator();
  const { admin, user } = world;
  const refused = (client: TestClient, values: Values): unknown[] => {
    const asked = templateValues(world, { url: URL_OF_IMAGE, ...values });
    const { errorcode, errortext } = refusedUnchanged(world, client, 'registerTemplate', asked);
    return [errorcode, errortext];
  };
  const every = 'ROUTING,SYSTEM,BUILTIN,PERHOST,USER,VNF,DATADISK,ISODISK';
  expect(refused(user, { templatetype: 'rock' })).toEqual([
    431,
    `Please specify a valid templatetype: ${every}`,
  ]);
  expect(refused(user, { templatetype: 'ROUTING' })).toEqual([
    431,
    'Users can not register template with template type ROUTING.',
  ]);
  expect(refused(admin, { templatetype: 'SYSTEM' })).toEqual([
    431,
    'System and Builtin templates must be cross zone.',
  ]);
  expect(refused(admin, { templatetype: 'USER', isrouting: true })).toEqual([
    431,
    'Please specify a valid templatetype (consistent with isrouting parameter).',
  ]);
  for (const [name, value] of [['isrouting', true] as const, ['templatetag', 'gpu'] as const]) {
    expect(refused(user, { [name]: value })).toEqual([
      531,
      `Parameter ${name} can only be specified by a Root Admin, permission denied`,
    ]);
  }
  expect(refused(user, { arch: 'sparc' })).toEqual([431, 'Unsupported arch type: sparc']);
  expect(registered(world, admin, { isrouting: true })).toMatchObject({ templatetype: 'ROUTING' });
  expect(registered(world, admin, { templatetag: 'gpu' })).toMatchObject({ templatetag: 'gpu' });
  const builtin = registered(world, admin, { templatetype: 'BUILTIN', zoneid: -1 });
  expect(builtin).toMatchObject({ templatetype: 'BUILTIN', crossZones: true });
});

test('nothing is called as a template of the cloud’s own VMs, and no user’s VM is made of one', () => {
  const templates = [
    { name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' },
    { name: 'SystemVM Template (KVM)', zone: 'zone1', account: 'admin', type: 'SYSTEM' as const },
  ];
  const world = testSimulator({ world: storageWorld({}, { templates }) });
  const asked = (values: Values): Values => templateValues(world, { url: URL_OF_IMAGE, ...values });
  for (const values of [
    { name: 'systemvm template (kvm)' },
    { name: 'x', displaytext: 'SystemVM Template (KVM)' },
  ]) {
    expect(refusedUnchanged(world, world.admin, 'registerTemplate', asked(values))).toMatchObject({
      errorcode: 431,
      errortext: 'Cannot use reserved names for templates',
    });
    expect(
      refusedUnchanged(world, world.user, 'getUploadParamsForTemplate', {
        ...templateValues(world, values),
      }),
    ).toMatchObject({ errorcode: 431, errortext: 'Cannot use reserved names for templates' });
  }
  expect(registered(world, world.user, { name: 'SystemVM' })).toMatchObject({ name: 'SystemVM' });
  const system = world.simulator.world.templates.all().find(({ type }) => type === 'SYSTEM')!;
  const { errorcode, errortext } = refusedUnchanged(
    world,
    world.user,
    'deployVirtualMachine',
    deployment(world, { templateid: system.id }),
  );
  expect([errorcode, errortext.replace(/\{.*\}/, '{…}')]).toEqual([
    431,
    'Unable to use system template Template {…} to deploy a user vm',
  ]);
});

test('for another account, for a project, and for none that the caller may have', () => {
  const world = createIdentityWorld();
  const [admin, bosh, other] = ['admin', 'bosh', 'other'].map((name) => world.clientOf(name));
  const values = templateValues(
    { simulator: world.simulator, admin: admin!, user: bosh! },
    { url: URL_OF_IMAGE },
  );
  const ownerOf = (client: TestClient, owner: Values): Reply =>
    (client.call('registerTemplate', { ...values, ...owner })['template'] as Reply[])[0]!;
  const domainid = domainOf(world, 'ROOT').id;
  expect(ownerOf(admin!, { account: 'bosh', domainid })).toMatchObject({ account: 'bosh' });
  const project = projectOf(world, 'alpha');
  const ofProject = ownerOf(bosh!, { projectid: project.id });
  // What projects own, everybody sees the status of.
  expect(ofProject).toMatchObject({ projectid: project.id, project: 'alpha', status: '' });
  expect(ofProject).not.toHaveProperty('account');
  const foreign = { ...values, account: 'bosh', domainid };
  expect(other!.fails('registerTemplate', foreign)).toMatchObject({ errorcode: 531 });
  expect(admin!.fails('registerTemplate', { ...foreign, account: 'nobody' })).toMatchObject({
    errorcode: 431,
  });
});

test('createTemplate: what it is told, whose it is, and what its disk knew', () => {
  const world = testSimulator();
  const { admin, user } = world;
  const volumeid = createdVolume(world, user);
  const ostypeid = world.simulator.world.osTypes.all()[0]!.id;
  const asked = { name: 'golden', ostypeid, volumeid };
  const values = {
    displaytext: 'a golden one',
    passwordenabled: true,
    sshkeyenabled: true,
    isdynamicallyscalable: true,
    requireshvm: false,
    arch: 'aarch64',
  };
  const made = user.done('createTemplate', {
    ...asked,
    ...values,
    isfeatured: true,
    'details[0].rootDiskController': 'scsi',
  });
  expect(made['template']).toMatchObject({
    ...values,
    isfeatured: false,
    details: { rootDiskController: 'scsi' },
  });
  expect(user.fails('createTemplate', { ...asked, templatetag: 'gpu' })).toMatchObject({
    errorcode: 531,
    errortext: 'Parameter templatetag can only be specified by a Root Admin, permission denied',
  });
  const { domainId } = accountOf(world.simulator, 'bosh');
  const ofBosh = { account: 'bosh', domainid: domainId, templatetag: 'gpu', isfeatured: true };
  expect(admin.done('createTemplate', { ...asked, ...ofBosh })['template']).toMatchObject({
    account: 'bosh',
    templatetag: 'gpu',
    isfeatured: true,
  });
  // An owner that there is not is not missed.
  const unknown = { ...asked, account: 'nobody', domainid: domainId };
  expect(admin.done('createTemplate', unknown)['template']).toMatchObject({ account: 'admin' });
});

test('updateTemplate: type, tag, processor, format and place in lists', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id } = registered(world, user);
  const values = { arch: 'aarch64', templatetag: 'gpu', format: 'raw', templatetype: 'VNF' };
  expect(user.call('updateTemplate', { id, bootable: false, ...values })['template']).toMatchObject(
    {
      format: 'RAW',
      bootable: false,
    },
  );
  expect(listedTemplate(user, id as string)).toMatchObject({
    arch: 'aarch64',
    templatetag: 'gpu',
    templatetype: 'VNF',
  });
  user.call('updateTemplate', { id, templatetag: ' ' });
  expect(listedTemplate(user, id as string)).not.toHaveProperty('templatetag');
  admin.call('updateTemplate', { id, isrouting: true });
  expect(simulator.world.templates.require(id as string).type).toBe('ROUTING');
  admin.call('updateTemplate', { id, isrouting: false });
  expect(simulator.world.templates.require(id as string).type).toBe('USER');
  const refused = (client: TestClient, asked: Values): unknown[] => {
    const answer = refusedUnchanged(world, client, 'updateTemplate', { id, ...asked });
    return [answer.errorcode, answer.errortext];
  };
  expect(refused(user, { templatetype: 'ROUTING' })).toEqual([
    431,
    'Users can not update template to template type ROUTING.',
  ]);
  expect(refused(user, { isrouting: true })[0]).toBe(531);
  expect(refused(user, { arch: 'sparc' })).toEqual([431, 'Unsupported arch type: sparc']);
  expect(refused(user, { format: 'rock' })[1]).toMatch(/^Image format: rock is incorrect/);
  expect(refused(user, { 'details[0].UEFI': 'fast' })).toEqual([
    431,
    'Invalid bootmode: fast specified. Valid values are: [LEGACY, SECURE]',
  ]);
});

test('VMs run on hosts with the template’s tag, and on none of another processor', () => {
  const tagged = cluster('cluster1', []);
  const hosts = [
    { name: 'host1', localStorageGib: 100 },
    { name: 'host2', localStorageGib: 100, tags: ['gpu'] },
  ];
  const pods = [{ name: 'pod1', clusters: [{ ...tagged, hosts }] }];
  const world = testSimulator({ world: storageWorld({ pods }) });
  const { admin, user, simulator } = world;
  const { id } = simulator.world.templates.all()[0]!;
  const hostOf = (): string | null => {
    const { id: vmId } = user.done('deployVirtualMachine', deployment(world))[
      'virtualmachine'
    ] as Reply;
    const { hostId } = simulator.world.vms.require(vmId as string);
    return hostId === null ? null : simulator.world.hosts.require(hostId).name;
  };
  admin.call('updateTemplate', { id, templatetag: 'gpu' });
  for (let nth = 0; nth < 4; nth += 1) expect(hostOf()).toBe('host2');
  for (const values of [{ templatetag: 'tpu' }, { templatetag: '', arch: 'aarch64' }]) {
    admin.call('updateTemplate', { id, ...values });
    const outcome = user.run('deployVirtualMachine', deployment(world));
    expect(outcome).toMatchObject({ status: 2, resultcode: 533 });
  }
});

test('templates for XenServer bring tools of some version along', () => {
  const world = testSimulator({ world: 'advanced-xenserver' });
  const values = { format: 'VHD', hypervisor: 'XenServer', url: 'http://images.example.org/x.vhd' };
  const detailsOf = (asked: Values): unknown => registered(world, world.user, asked)['details'];
  expect(detailsOf(values)).toEqual({ hypervisortoolsversion: 'xenserver61' });
  const own = { ...values, 'details[0].hypervisortoolsversion': 'xenserver56' };
  expect(detailsOf(own)).toEqual({ hypervisortoolsversion: 'xenserver56' });
});
