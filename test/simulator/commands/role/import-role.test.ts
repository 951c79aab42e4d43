// Proves that a role is made with its rules in one go, that by force one that is there gets new
// rules, and what is refused.
import { expect, test } from '@playwright/test';
import { createIdentityWorld } from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const imported: Values = {
  name: 'watcher',
  type: 'User',
  description: 'looks at things',
  'rules[0].rule': 'listZones',
  'rules[0].permission': 'deny',
  'rules[0].description': 'not the zones',
  'rules[1].rule': 'list*',
  'rules[1].permission': 'ALLOW',
};

function rulesOf(admin: TestClient, roleid: string): string[] {
  const rules = (admin.call('listRolePermissions', { roleid })['rolepermission'] ?? []) as Reply[];
  return rules.map(({ rule, permission }) => `${rule as string} ${permission as string}`);
}

test('a role is there with its rules in their order, and they hold', () => {
  const { clientOf, world } = createIdentityWorld();
  const admin = clientOf('admin');
  const { role } = admin.call('importRole', imported);
  expect(role).toMatchObject({
    name: 'watcher',
    type: 'User',
    description: 'looks at things',
    isdefault: false,
    ispublic: true,
  });
  const roleid = role['id'] as string;
  expect(rulesOf(admin, roleid)).toEqual(['listZones deny', 'list* allow']);
  const account = world.accounts.all().find(({ name }) => name === 'bosh')!;
  admin.call('updateAccount', { id: account.id, roleid });
  const bosh = clientOf('bosh');
  expect(bosh.fails('listZones').httpStatus).toBe(432);
  bosh.call('listVirtualMachines');
  expect(bosh.fails('deployVirtualMachine').httpStatus).toBe(432);
});

test('by force a role of the same name and type gets the rules instead of its own', () => {
  const { clientOf } = createIdentityWorld();
  const admin = clientOf('admin');
  const { role } = admin.call('importRole', imported);
  const again = {
    name: 'WATCHER',
    type: 'User',
    forced: true,
    ispublic: false,
    'rules[0].rule': 'get*',
    'rules[0].permission': 'allow',
  };
  const { role: second } = admin.call('importRole', again);
  expect(second).toMatchObject({ id: role['id'], name: 'WATCHER', ispublic: false });
  expect(second).not.toHaveProperty('description');
  expect(rulesOf(admin, role['id'] as string)).toEqual(['get* allow']);
  const { role: other } = admin.call('importRole', { ...again, type: 'DomainAdmin' });
  expect(other['id']).not.toBe(role['id']);
});

test('refuses', () => {
  const { clientOf, world } = createIdentityWorld();
  const admin = clientOf('admin');
  admin.call('importRole', imported);
  const before = world.kernel.log.lastSeq;
  const refused = (values: Values): Reply =>
    admin.fails('importRole', { ...imported, name: 'new', ...values });
  expect(refused({ name: 'Watcher' })).toMatchObject({
    httpStatus: 530,
    errortext: 'Role already exists',
  });
  expect(refused({ name: 'User', forced: true })).toMatchObject({
    httpStatus: 530,
    errortext: 'Failed to import the role: User, default role cannot be overriden',
  });
  expect(refused({ type: 'Nobody' })).toMatchObject({
    httpStatus: 530,
    errortext: 'Illegal RoleType name provided',
  });
  const { type, ...typeless } = imported;
  expect(type).toBe('User');
  expect(admin.fails('importRole', typeless)).toMatchObject({
    httpStatus: 431,
    errortext: 'Invalid role type provided',
  });
  expect(refused({ 'rules[0].rule': '' }).errortext).toBe('Empty rule provided in rules param');
  expect(refused({ 'rules[0].rule': 'list-all' }).errortext).toBe(
    'Only API names and wildcards are allowed, invalid rule provided: list-all',
  );
  expect(refused({ 'rules[1].permission': '' }).errortext).toBe(
    'Invalid permission:  provided in rules param',
  );
  expect(refused({ 'rules[1].permission': 'perhaps' }).errortext).toBe(
    'Values for permission parameter should be: allow or deny',
  );
  for (const name of ['bosh', 'chief', 'keeper']) {
    expect(clientOf(name).fails('importRole', { ...imported, name: 'x' }).httpStatus).toBe(432);
  }
  expect(world.kernel.log.lastSeq).toBe(before);
});
