// What is asked of something that is in the state already, or in one where it hardly matters, by
// requests alone: accounts, users, projects and domains stay as they are or go.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  createIdentityWorld,
  domainOf,
  projectOf,
} from '../../../support/identity-world.js';

test('a disabled or a locked user is disabled, a locked one locked again', () => {
  const world = createIdentityWorld();
  const admin = world.clientOf('admin');
  const { id } = world.world.users.all().find(({ username }) => username === 'other')!;
  const disable = (): unknown => admin.done('disableUser', { id })['user'];
  expect(disable()).toMatchObject({ state: 'disabled' });
  expect(disable()).toMatchObject({ state: 'disabled' });
  admin.call('enableUser', { id });
  admin.call('lockUser', { id });
  expect(admin.call('lockUser', { id })['user']).toMatchObject({ state: 'locked' });
  expect(disable()).toMatchObject({ state: 'disabled' });
});

test('an account is disabled twice, and locked before', () => {
  const world = createIdentityWorld();
  const admin = world.clientOf('admin');
  const { id } = accountOf(world, 'worker');
  const disable = (lock: boolean): unknown => admin.done('disableAccount', { id, lock })['account'];
  expect(disable(true)).toMatchObject({ state: 'locked' });
  expect(disable(true)).toMatchObject({ state: 'locked' });
  expect(disable(false)).toMatchObject({ state: 'disabled' });
  expect(disable(false)).toMatchObject({ state: 'disabled' });
});

test('a project is suspended twice, activated twice, and deleted while it is suspended', () => {
  const world = createIdentityWorld();
  const admin = world.clientOf('admin');
  const { id } = projectOf(world, 'beta');
  const after = (command: string): unknown => admin.done(command, { id })['project'];
  expect(after('suspendProject')).toMatchObject({ state: 'Suspended' });
  expect(after('suspendProject')).toMatchObject({ state: 'Suspended' });
  expect(after('activateProject')).toMatchObject({ state: 'Active' });
  expect(after('activateProject')).toMatchObject({ state: 'Active' });
  after('suspendProject');
  expect(admin.done('deleteProject', { id })).toEqual({ success: true });
  expect(admin.call('listProjects', { id, listall: true })).toEqual({});
});

test('a domain that could not be deleted because another one is below is deleted with all in it', () => {
  const world = createIdentityWorld();
  const admin = world.clientOf('admin');
  const { id } = domainOf(world, 'ROOT/sub');
  expect(admin.run('deleteDomain', { id }).status).toBe(2);
  expect(admin.call('listDomains', { id })['domain']).toHaveLength(1);
  expect(admin.done('deleteDomain', { id, cleanup: true })).toEqual({ success: true });
  expect(admin.fails('listDomains', { id }).errortext).toMatch(/^Domain id=\d+ doesn't exist$/);
});
