// Proves that updateTemplatePermissions shares a private template with accounts and projects, who can
// then list it as shared and deploy from it, takes that back, and tells all of it in
// listTemplatePermissions; and what both refuse.
import { expect, test } from '@playwright/test';
import {
  TestClient,
  keysOf,
  testSimulator,
  type Reply,
  type TestWorld,
} from '../../../support/simulator-client.js';
import { deployment, refusedUnchanged } from '../../../support/simulator-vms.js';
import { uploadParams } from '../../../support/template-uploads.js';

interface Shared {
  readonly world: TestWorld;
  /** A private template of the ordinary user. */
  readonly id: string;
  /** A user of another account of the same domain. */
  readonly other: TestClient;
}

function twoAccounts(): Shared {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const created = admin.call('createAccount', {
    accounttype: 0,
    username: 'other',
    password: 'secret',
    firstname: 'o',
    lastname: 'ther',
    email: 'other@example.org',
    account: 'other',
  });
  const [{ id: userId }] = (created['account'] as Reply)['user'] as [{ id: string }];
  admin.call('registerUserKeys', { id: userId });
  const other = new TestClient(simulator, keysOf(simulator.world.users.require(userId)));
  return { world, id: uploadParams(world, user).id, other };
}

function listedBy(client: TestClient, templatefilter: string): string[] {
  const { template = [] } = client.call('listTemplates', { templatefilter });
  return (template as Reply[]).map(({ id }) => id as string);
}

test('shared with an account, and taken back', () => {
  const { world, id, other } = twoAccounts();
  const { user } = world;
  expect(listedBy(other, 'shared')).not.toContain(id);
  const { networks } = world.simulator.world;
  const networkids = networks.all().find(({ type }) => type === 'Shared')!.id;
  const asked = deployment(world, { templateid: id, networkids, startvm: false });
  const before = other.fails('deployVirtualMachine', asked);
  expect(before.errorcode).toBe(531);
  user.call('updateTemplatePermissions', { id, op: 'add', accounts: 'other' });
  expect(listedBy(other, 'shared')).toContain(id);
  expect(other.call('listTemplates', { templatefilter: 'shared', id })['count']).toBe(1);
  expect(other.send('deployVirtualMachine', asked).status).toBe(200);
  expect(user.call('listTemplatePermissions', { id })['templatepermission']).toEqual({
    id,
    ispublic: false,
    account: ['other', 'bosh'],
  });
  user.call('updateTemplatePermissions', { id, op: 'remove', accounts: 'other,nobody' });
  expect(listedBy(other, 'shared')).not.toContain(id);
});

test('public, featured, extractable; reset takes all back', () => {
  const { world, id, other } = twoAccounts();
  const { user, admin } = world;
  user.call('updateTemplatePermissions', { id, ispublic: true, isextractable: true });
  admin.call('updateTemplatePermissions', { id, isfeatured: true });
  expect(user.call('listTemplates', { templatefilter: 'self', id })['template']).toMatchObject([
    { ispublic: true, isfeatured: true, isextractable: true },
  ]);
  user.call('updateTemplatePermissions', { id, op: 'add', accounts: 'other' });
  user.call('updateTemplatePermissions', { id, op: 'reset' });
  expect(listedBy(other, 'shared')).not.toContain(id);
  expect(admin.call('listTemplatePermissions', { id })['templatepermission']).toMatchObject({
    ispublic: false,
    account: ['bosh'],
    domainid: expect.any(String),
  });
});

test('a project', () => {
  const { world, id } = twoAccounts();
  const { user } = world;
  const { project } = user.done('createProject', { name: 'p', displaytext: 'p' });
  const projectid = (project as Reply)['id'] as string;
  user.call('updateTemplatePermissions', { id, op: 'add', projectids: projectid });
  expect(user.call('listTemplatePermissions', { id })['templatepermission']).toMatchObject({
    projectids: [projectid],
  });
});

test('unknown accounts, missing operations, strangers, and a template that is gone', () => {
  const { world, id, other } = twoAccounts();
  const { user, admin, simulator } = world;
  const refused = (values: Record<string, string | boolean>): unknown[] => {
    const asked = { id, ...values };
    const { errorcode, errortext } = refusedUnchanged(
      world,
      user,
      'updateTemplatePermissions',
      asked,
    );
    return [errorcode, errortext];
  };
  expect(refused({ accounts: 'other' })).toEqual([
    431,
    "Invalid operation on accounts, the operation must be either 'add' or 'remove' in order to modify launch permissions.  Given operation is: 'null'",
  ]);
  expect(refused({ op: 'add' })).toEqual([
    431,
    'Operation add requires accounts or projectIds to be passed in',
  ]);
  expect(refused({ op: 'add', accounts: 'other,nobody' })).toEqual([
    431,
    expect.stringMatching(
      /^Unable to grant a launch permission to account nobody in domain id=\S+, account not found\./,
    ),
  ]);
  simulator.world.settings.set('allow.public.user.templates', false);
  expect(refused({ ispublic: true })).toEqual([431, 'Only private templates can be created.']);
  const values = { id, op: 'add', accounts: 'other' };
  expect(refusedUnchanged(world, other, 'updateTemplatePermissions', values).errorcode).toBe(531);
  expect(refusedUnchanged(world, other, 'listTemplatePermissions', { id }).errorcode).toBe(531);
  const { id: gone } = simulator.world.templates.all()[0]!;
  admin.done('deleteTemplate', { id: gone });
  expect(refusedUnchanged(world, admin, 'listTemplatePermissions', { id: gone }).errortext).toMatch(
    /^unable to find template with id \d+$/,
  );
});
