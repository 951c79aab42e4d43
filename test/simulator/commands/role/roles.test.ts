// Roles that are edited rule by rule: what their commands do, what they refuse, and that what a rule
// says holds for the very next request of an account with that role.
import { expect, test } from '@playwright/test';
import { commands } from '../../../../simulator/commands/index.js';
import {
  createIdentityWorld,
  identityWorld,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import type { Reply, TestClient } from '../../../support/simulator-client.js';

/** A world whose account `bosh` has a role of its own, called careful, of type User. */
function situation(): IdentityWorld & { admin: TestClient; bosh: TestClient; roleid: string } {
  const world = createIdentityWorld({
    roles: [{ name: 'careful', type: 'User', rules: [{ rule: 'list*', permission: 'allow' }] }],
    accounts: identityWorld.accounts.map((account) =>
      account.name === 'bosh' ? { ...account, role: 'careful' } : account,
    ),
    projects: [],
  });
  const roleid = world.world.roles.all().find(({ name }) => name === 'careful')!.id;
  return { ...world, admin: world.clientOf('admin'), bosh: world.clientOf('bosh'), roleid };
}

const rolesOf = (reply: Reply): string[] =>
  ((reply['role'] ?? []) as Reply[]).map((role) => role['name'] as string);

const rulesOf = (admin: TestClient, roleid: string): string[] =>
  ((admin.call('listRolePermissions', { roleid })['rolepermission'] ?? []) as Reply[]).map(
    ({ rule, permission }) => `${rule as string} ${permission as string}`,
  );

test.describe('listRoles', () => {
  test('shows the four default roles and those that were made', () => {
    const { admin } = situation();
    const reply = admin.call('listRoles');
    expect(rolesOf(reply)).toEqual([
      'Root Admin',
      'Resource Admin',
      'Domain Admin',
      'User',
      'careful',
    ]);
    expect(reply['role'][3]).toMatchObject({
      type: 'User',
      isdefault: true,
      ispublic: true,
      description: 'Default user role',
    });
  });

  test('the filters: id before name before type', () => {
    const { admin, roleid } = situation();
    expect(rolesOf(admin.call('listRoles', { id: roleid, name: 'User' }))).toEqual(['careful']);
    expect(rolesOf(admin.call('listRoles', { name: 'user', type: 'Admin' }))).toEqual(['User']);
    expect(rolesOf(admin.call('listRoles', { keyword: 'adm' }))).toEqual([
      'Root Admin',
      'Resource Admin',
      'Domain Admin',
    ]);
    expect(rolesOf(admin.call('listRoles', { type: 'User' }))).toEqual(['User', 'careful']);
    expect(admin.fails('listRoles', { type: 'user' })).toMatchObject({
      httpStatus: 530,
      errortext: 'Illegal RoleType name provided',
    });
  });

  test('others than root admins see neither roles of root admins nor private ones', () => {
    const { admin, clientOf, roleid } = situation();
    admin.call('updateRole', { id: roleid, ispublic: false });
    expect(rolesOf(clientOf('chief').call('listRoles'))).toEqual([
      'Resource Admin',
      'Domain Admin',
      'User',
    ]);
    expect(clientOf('other').fails('listRoles').httpStatus).toBe(432);
  });
});

test.describe('createRole', () => {
  test('a role of a type begins without rules', () => {
    const { admin } = situation();
    const { role } = admin.call('createRole', {
      name: 'ops',
      type: 'DomainAdmin',
      description: 'operations',
    });
    expect(role).toMatchObject({
      name: 'ops',
      type: 'DomainAdmin',
      description: 'operations',
      isdefault: false,
      ispublic: true,
    });
    expect(admin.call('listRolePermissions', { roleid: role['id'] })).toEqual({});
  });

  test('a copy has the rules and is changed by itself', () => {
    const { admin, roleid } = situation();
    const { role } = admin.call('createRole', { name: 'twin', roleid, ispublic: false });
    expect(role).toMatchObject({ type: 'User', ispublic: false });
    expect(rulesOf(admin, role['id'])).toEqual(['list* allow']);
    admin.call('createRolePermission', {
      roleid,
      rule: 'startVirtualMachine',
      permission: 'allow',
    });
    expect(rulesOf(admin, role['id'])).toEqual(['list* allow']);
  });

  test('a copy of a default role has a rule for each command of that role', () => {
    const { admin, world } = situation();
    const user = world.roles.all().find(({ name }) => name === 'User')!;
    const { role } = admin.call('createRole', { name: 'user2', roleid: user.id });
    const rules = rulesOf(admin, role['id']);
    const open = commands.filter((command) => command.roles.includes('User'));
    expect(rules).toEqual(open.map(({ name }) => `${name} allow`));
    expect(rulesOf(admin, user.id)).toEqual(rules);
  });

  test('refuses', () => {
    const { admin, clientOf, roleid, simulator } = situation();
    const before = simulator.kernel.log.lastSeq;
    for (const [values, httpStatus, errortext] of [
      [{ name: 'x' }, 431, 'Neither role type nor role ID is provided'],
      [
        { name: 'x', type: 'User', roleid },
        431,
        'Both role type and role ID should not be specified',
      ],
      [{ name: 'x', type: 'Unknown' }, 530, 'Illegal RoleType name provided'],
      [
        { type: 'User' },
        431,
        'Unable to execute API command createrole due to missing parameter name',
      ],
    ] as const) {
      expect(admin.fails('createRole', values)).toMatchObject({ httpStatus, errortext });
    }
    expect(clientOf('chief').fails('createRole', { name: 'x', type: 'User' }).httpStatus).toBe(432);
    expect(simulator.kernel.log.lastSeq).toBe(before);
  });
});

test.describe('updateRole', () => {
  test('changes names and, while nobody has it, the type', () => {
    const { admin } = situation();
    const id = admin.call('createRole', { name: 'ops', type: 'User' })['role']['id'];
    const changed = {
      name: 'Operations',
      description: 'all',
      type: 'DomainAdmin',
      ispublic: false,
    };
    expect(admin.call('updateRole', { id, ...changed })['role']).toMatchObject({ id, ...changed });
  });

  test('refuses', () => {
    const { admin, roleid, world } = situation();
    const user = world.roles.all().find(({ name }) => name === 'User')!;
    expect(admin.fails('updateRole', { id: user.id, name: 'x' })).toMatchObject({
      httpStatus: 531,
      errortext: 'Default roles cannot be updated',
    });
    expect(admin.fails('updateRole', { id: roleid, type: 'Admin' })).toMatchObject({
      httpStatus: 531,
      errortext: "Found accounts that have role in use, won't allow to change role type",
    });
    const { id } = admin.call('createRole', { name: 'gone', type: 'User' })['role'];
    admin.call('deleteRole', { id });
    expect(admin.fails('updateRole', { id, name: 'x' })).toMatchObject({
      httpStatus: 431,
      cserrorcode: 9999,
      errortext: 'Invalid role id provided',
    });
  });
});

test('deleteRole deletes what nobody has, with its rules', () => {
  const { admin, roleid, world } = situation();
  const { id } = admin.call('createRole', { name: 'twin', roleid })['role'];
  expect(admin.call('deleteRole', { id })).toEqual({ success: true });
  expect(world.rolePermissions.where('roleId', id as string)).toEqual([]);
  expect(admin.call('listRoles', { id })).toEqual({});
  expect(admin.fails('deleteRole', { id }).errortext).toBe('Cannot find the role with provided id');
  expect(admin.fails('deleteRole', { id: roleid })).toMatchObject({
    httpStatus: 531,
    errortext: "Found accounts that have role in use, won't allow to delete role",
  });
  const user = world.roles.all().find(({ name }) => name === 'User')!;
  expect(admin.fails('deleteRole', { id: user.id }).errortext).toBe(
    'Default roles cannot be deleted',
  );
});

test.describe('rules', () => {
  test('what a rule says holds at once', () => {
    const { admin, bosh, roleid } = situation();
    expect(bosh.call('listZones')['count']).toBe(1);
    expect(bosh.fails('createProject', { name: 'p' })).toMatchObject({
      httpStatus: 432,
      wrapper: 'errorresponse',
      errortext: 'The API [createProject] does not exist or is not available for the account bosh.',
    });
    admin.call('createRolePermission', { roleid, rule: 'createProject', permission: 'allow' });
    expect(bosh.call('createProject', { name: 'p' })).toHaveProperty('jobid');
  });

  test('without a rule only what is granted to the type', () => {
    const { bosh, world } = situation();
    const { id } = world.users.all().find(({ username }) => username === 'bosh')!;
    expect(bosh.call('getUserKeys', { id })['userkeys']['apikey']).toBe(bosh.keys.apiKey);
  });

  test('a new rule comes last, and the order decides', () => {
    const { admin, bosh, roleid } = situation();
    const { rolepermission } = admin.call('createRolePermission', {
      roleid,
      rule: 'listZones',
      permission: 'deny',
      description: 'no zones',
    });
    expect(rolepermission).toMatchObject({
      roleid,
      rule: 'listZones',
      permission: 'deny',
      description: 'no zones',
    });
    expect(rulesOf(admin, roleid)).toEqual(['list* allow', 'listZones deny']);
    bosh.call('listZones');
    const ids = (admin.call('listRolePermissions', { roleid })['rolepermission'] as Reply[]).map(
      ({ id }) => id as string,
    );
    const ruleorder = [...ids].reverse().join();
    expect(admin.call('updateRolePermission', { roleid, ruleorder })).toEqual({ success: true });
    expect(rulesOf(admin, roleid)).toEqual(['listZones deny', 'list* allow']);
    expect(bosh.fails('listZones').httpStatus).toBe(432);
    admin.call('updateRolePermission', { roleid, ruleid: ids[1]!, permission: 'Allow' });
    bosh.call('listZones');
    admin.call('deleteRolePermission', { id: ids[0]! });
    expect(rulesOf(admin, roleid)).toEqual(['listZones allow']);
    expect(bosh.fails('listNetworks').httpStatus).toBe(432);
  });

  test('an order that is not exactly the rules changes nothing', () => {
    const { admin, roleid, world } = situation();
    const [rule] = world.rolePermissions.where('roleId', roleid);
    admin.call('createRolePermission', { roleid, rule: 'start*', permission: 'allow' });
    expect(admin.call('updateRolePermission', { roleid, ruleorder: rule!.id })).toEqual({
      success: false,
    });
    expect(admin.call('updateRolePermission', { roleid })).toEqual({ success: false });
    expect(rulesOf(admin, roleid)).toEqual(['list* allow', 'start* allow']);
  });

  test('refuses', () => {
    const { admin, roleid, world } = situation();
    const [rule] = world.rolePermissions.where('roleId', roleid);
    const user = world.roles.all().find(({ name }) => name === 'User')!;
    const allow = { permission: 'allow' };
    for (const [command, values, httpStatus, errortext] of [
      [
        'createRolePermission',
        { roleid, rule: 'list zones', ...allow },
        431,
        'Only API names and wildcards are allowed, invalid rule provided: list zones',
      ],
      [
        'createRolePermission',
        { roleid, rule: 'a', permission: 'maybe' },
        431,
        'Values for permission parameter should be: allow or deny',
      ],
      [
        'createRolePermission',
        { roleid, rule: 'LIST*', ...allow },
        531,
        'Rule already exists for the role: careful',
      ],
      [
        'createRolePermission',
        { roleid: user.id, rule: 'a', ...allow },
        531,
        'Role permission cannot be added for Default roles',
      ],
      [
        'updateRolePermission',
        { roleid, ruleorder: rule!.id, ruleid: rule!.id },
        431,
        'Parameters permission and ruleid must be mutually exclusive with ruleorder',
      ],
      [
        'updateRolePermission',
        { roleid: user.id, ruleid: rule!.id, ...allow },
        531,
        'Role permission cannot be updated for Default roles',
      ],
    ] as const) {
      expect(admin.fails(command, values), errortext).toMatchObject({ httpStatus, errortext });
    }
    admin.call('deleteRolePermission', { id: rule!.id });
    for (const [command, values, errortext] of [
      ['deleteRolePermission', { id: rule!.id }, 'Invalid role permission id provided'],
      ['updateRolePermission', { roleid, ruleid: rule!.id, ...allow }, 'Invalid rule id provided'],
      [
        'updateRolePermission',
        { roleid, ruleorder: rule!.id },
        'Provided role permission(s) do not exist',
      ],
    ] as const) {
      expect(admin.fails(command, values)).toMatchObject({ httpStatus: 431, errortext });
    }
  });
});
