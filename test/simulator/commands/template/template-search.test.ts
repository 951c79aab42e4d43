// Proves what narrows listTemplates down and in which order it lists: for admins of several kinds and
// the members of projects, by processor, type and pool, removed ones, each once, and with how much.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  createIdentityWorld,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, idOf } from '../../../support/simulator-vms.js';
import { templateValues, twoZones, uploadParams } from '../../../support/template-uploads.js';

function rows(client: TestClient, templatefilter: string, values: Values = {}): Reply[] {
  const { template = [] } = client.call('listTemplates', { templatefilter, ...values });
  return template as Reply[];
}

function names(client: TestClient, filter: string, values: Values = {}): string[] {
  return rows(client, filter, values).map(({ name }) => name as string);
}

interface Owned {
  readonly world: IdentityWorld;
  readonly of: (username: string) => TestClient;
}

/** Of each account a private template that is called as the account, and of worker a public one. */
function ownedTemplates(): Owned {
  const world = createIdentityWorld();
  const { simulator } = world;
  const of = (name: string): TestClient => world.clientOf(name);
  const asked = { simulator, admin: of('admin'), user: of('bosh') };
  for (const name of ['admin', 'bosh', 'chief', 'worker', 'diver', 'stranger']) {
    uploadParams(asked, of(name), { name });
  }
  uploadParams(asked, of('worker'), { name: 'public', ispublic: true });
  uploadParams(asked, of('bosh'), { name: 'alpha', projectid: projectOf(world, 'alpha').id });
  return { world, of };
}

test('whose templates each filter shows to users, to admins of domains, and to root admins', () => {
  const { world, of } = ownedTemplates();
  expect(names(of('bosh'), 'self')).toEqual(['bosh']);
  expect(names(of('bosh'), 'executable')).toEqual(['bosh', 'public']);
  expect(names(of('chief'), 'self')).toEqual(['chief']);
  expect(names(of('chief'), 'executable')).toEqual(['chief', 'public']);
  expect(names(of('chief'), 'all')).toEqual(['chief', 'worker', 'diver', 'public']);
  expect(names(of('admin'), 'all')).toEqual([
    'admin',
    'bosh',
    'chief',
    'worker',
    'diver',
    'stranger',
    'public',
  ]);
  const sub = { domainid: domainOf(world, 'ROOT/sub').id };
  expect(names(of('admin'), 'self', sub)).toEqual(['chief', 'worker', 'public']);
  expect(names(of('admin'), 'self', { ...sub, isrecursive: true })).toEqual([
    'chief',
    'worker',
    'diver',
    'public',
  ]);
  expect(names(of('admin'), 'executable', sub)).toEqual(['public']);
  const worker = { ...sub, account: 'worker' };
  expect(names(of('admin'), 'self', worker)).toEqual(['worker', 'public']);
  // Of one account, admins see only what is ready.
  expect(names(of('admin'), 'executable', worker)).toEqual([]);
  // Who asks for all asks for no account.
  expect(names(of('admin'), 'all', worker)).toHaveLength(7);
});

test('what projects own is shown to those who ask for projects', () => {
  const { world, of } = ownedTemplates();
  const projectid = projectOf(world, 'alpha').id;
  expect(names(of('other'), 'self', { projectid })).toEqual(['alpha']);
  expect(names(of('other'), 'self', { projectid: -1 })).toEqual(['alpha']);
  expect(names(of('stranger'), 'self', { projectid: -1 })).toEqual([]);
  expect(names(of('admin'), 'all', { projectid: -1 })).toHaveLength(8);
  expect(names(of('chief'), 'all', { projectid: -1 })).toEqual(['chief', 'public']);
  expect(
    of('stranger').fails('listTemplates', { templatefilter: 'self', projectid }),
  ).toMatchObject({
    errorcode: 531,
  });
});

test('shares are listed for the account that is asked for', () => {
  const { world, of } = ownedTemplates();
  const id = idOf(world.world.templates.all(), 'worker');
  of('worker').call('updateTemplatePermissions', { id, op: 'add', accounts: 'chief' });
  expect(names(of('chief'), 'shared')).toEqual(['worker']);
  expect(names(of('chief'), 'sharedexecutable')).toEqual([]);
  expect(names(of('admin'), 'shared')).toEqual([]);
  const { name: account, domainId: domainid } = accountOf(world, 'chief');
  expect(names(of('admin'), 'shared', { account, domainid })).toEqual(['worker']);
  expect(names(of('admin'), 'shared', { domainid })).toEqual([]);
});

test('by id, admins of domains are held to their domain', () => {
  const { world, of } = ownedTemplates();
  const id = (name: string): string => idOf(world.world.templates.all(), name);
  expect(names(of('chief'), 'self', { id: id('diver') })).toEqual(['diver']);
  expect(
    of('chief').fails('listTemplates', { templatefilter: 'self', id: id('stranger') }),
  ).toEqual(
    expect.objectContaining({
      errorcode: 531,
      errortext: expect.stringMatching(/^Account chief does not have permission to operate within/),
    }),
  );
});

test('by processor, type and hypervisor; what there is not is refused, or makes no difference', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const url = 'http://images.example.org/x.qcow2';
  const register = (values: Values): unknown =>
    user.call('registerTemplate', templateValues(world, { url, ...values }));
  register({ name: 'arm', arch: 'aarch64' });
  register({ name: 'vnf', templatetype: 'VNF' });
  expect(names(user, 'self', { arch: 'aarch64' })).toEqual(['arm']);
  expect(names(user, 'self', { arch: '' })).toEqual(['arm', 'vnf']);
  expect(names(user, 'self', { templatetype: 'vnf' })).toEqual(['vnf']);
  expect(names(user, 'self', { isvnf: true })).toEqual(['vnf']);
  expect(names(user, 'self', { isvnf: false })).toEqual(['arm']);
  expect(names(user, 'self', { hypervisor: 'vmware' })).toEqual([]);
  expect(names(user, 'self', { hypervisor: 'rock' })).toEqual(['arm', 'vnf']);
  const parenttemplateid = idOf(world.simulator.world.templates.all(), 'arm');
  expect(names(user, 'self', { parenttemplateid })).toEqual([]);
  expect(user.fails('listTemplates', { templatefilter: 'self', arch: 'sparc' })).toMatchObject({
    errorcode: 431,
    errortext: 'Unsupported arch type: sparc',
  });
  expect(admin.fails('listTemplates', { templatefilter: 'self', details: 'most' })).toMatchObject({
    errorcode: 431,
    errortext:
      'The details parameter contains a non permitted value. The allowed values are [all, resource, min]',
  });
});

test('by the pool to which a VM has brought it, for root admins', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { storagePools, volumes } = simulator.world;
  const [first] = storagePools.all();
  expect(names(admin, 'all', { storageid: first!.id })).toEqual([]);
  const { id } = deployed(world, user);
  const { poolId } = volumes.where('vmId', id as string)[0]!;
  const other = storagePools.all().find((pool) => pool.id !== poolId)!;
  expect(names(admin, 'all', { storageid: poolId! })).toEqual(['ubuntu-jammy']);
  expect(names(admin, 'all', { storageid: other.id })).toEqual([]);
  expect(names(user, 'executable', { storageid: other.id })).toEqual(['ubuntu-jammy']);
});

test('with or without details', () => {
  const world = testSimulator();
  uploadParams(world, world.user, { 'details[0].rootDiskController': 'scsi' });
  const detailsFor = (values: Values): unknown => rows(world.user, 'self', values)[0]!['details'];
  const all = { rootDiskController: 'scsi' };
  expect([
    detailsFor({}),
    detailsFor({ details: 'all' }),
    detailsFor({ details: 'min,all' }),
  ]).toEqual([all, all, all]);
  expect(detailsFor({ details: 'min' })).toBeUndefined();
});

test('removed ones are shown to those who ask, in no zone', () => {
  const world = testSimulator();
  const { admin } = world;
  const { id } = world.simulator.world.templates.all()[0]!;
  admin.done('deleteTemplate', { id });
  expect(rows(admin, 'all')).toEqual([]);
  expect(rows(admin, 'all', { id })).toEqual([]);
  const [removed] = rows(admin, 'all', { showremoved: true });
  expect(removed).toMatchObject({ id, isready: false, status: 'Inactive', downloaddetails: [] });
  for (const absent of ['zoneid', 'zonename', 'size', 'created', 'checksum']) {
    expect(removed).not.toHaveProperty(absent);
  }
  expect(rows(admin, 'all', { showremoved: true, id })).toEqual([removed]);
  const zoneid = world.simulator.world.zones.all()[0]!.id;
  expect(rows(admin, 'all', { showremoved: true, zoneid })).toEqual([]);
  // Ready it is not.
  expect(rows(admin, 'featured', { showremoved: true })).toEqual([]);
});

test('each zone of a template, or each template once', () => {
  const { admin } = twoZones();
  expect(rows(admin, 'all').map(({ zonename }) => zonename)).toEqual(['zone1', 'zone2']);
  expect(rows(admin, 'all', { showunique: true })).toHaveLength(1);
});

test('in the order of their sort keys, then of their ids as texts', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  for (let nth = 2; nth <= 11; nth += 1) uploadParams(world, user, { name: `n${nth}` });
  expect(names(user, 'self')).toEqual([
    'n10',
    'n11',
    'n2',
    'n3',
    'n4',
    'n5',
    'n6',
    'n7',
    'n8',
    'n9',
  ]);
  const id = idOf(simulator.world.templates.all(), 'n7');
  user.call('updateTemplate', { id, sortkey: -1 });
  expect(names(user, 'self')[0]).toBe('n7');
  user.call('updateTemplate', { id, sortkey: 1 });
  expect(names(user, 'self').at(-1)).toBe('n7');
});
