// Proves that what is done for an account can name it by its name and its domain: to disable or lock
// it, to make a group or to keep user data for it; and that the members of a project come in pages.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  createIdentityWorld,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

/** Two accounts of one name, in ROOT and in ROOT/sub. */
function twins(): { readonly identity: IdentityWorld; readonly inSub: Values } {
  const identity = createIdentityWorld();
  const { world } = identity;
  world.accounts.change(accountOf(identity, 'worker'), { name: 'bosh' });
  return { identity, inSub: { account: 'bosh', domainid: domainOf(identity, 'ROOT/sub').id } };
}

const statesOf = ({ world }: IdentityWorld): string[] =>
  world.accounts
    .all()
    .filter(({ name }) => name === 'bosh')
    .map(({ state }) => state);

test('disabled or locked is the one of that domain', () => {
  for (const [lock, state] of [
    [false, 'disabled'],
    [true, 'locked'],
  ] as const) {
    const { identity, inSub } = twins();
    const admin = identity.clientOf('admin');
    admin.done('disableAccount', { ...inSub, lock });
    expect(statesOf(identity)).toEqual(['enabled', state]);
    expect(admin.run('disableAccount', { ...inSub, account: 'nobody', lock }).status).toBe(2);
    expect(statesOf(identity)).toEqual(['enabled', state]);
  }
});

test('a group belongs to the account of that domain, and to nobody else’s', () => {
  const { identity, inSub } = twins();
  const admin = identity.clientOf('admin');
  const { instancegroup } = admin.call('createInstanceGroup', { name: 'g', ...inSub });
  expect(instancegroup).toMatchObject({ account: 'bosh', domain: 'sub' });
  expect(
    identity.clientOf('other').fails('createInstanceGroup', { name: 'g', ...inSub }).httpStatus,
  ).toBe(531);
});

test('user data are kept and deleted for an account or a project', () => {
  const { identity, inSub } = twins();
  const { clientOf } = identity;
  const admin = clientOf('admin');
  const register = (name: string, values: Values): Reply =>
    admin.call('registerUserData', {
      name,
      userdata: Buffer.from(name).toString('base64'),
      ...values,
    })['userdata'] as Reply;
  const own = register('own', inSub);
  expect(own).toMatchObject({ account: 'bosh', domain: 'sub' });
  const projectid = projectOf(identity, 'alpha').id;
  const shared = register('shared', { projectid });
  expect(shared).toMatchObject({ project: 'alpha' });
  const spare = register('spare', { projectid });
  const stranger = { account: 'nobody', domainid: domainOf(identity, 'ROOT/sub').id };
  expect(admin.fails('deleteUserData', { id: own['id'], ...stranger }).httpStatus).toBe(431);
  const beta = projectOf(identity, 'beta').id;
  expect(
    clientOf('bosh').fails('deleteUserData', { id: shared['id'], projectid: beta }).httpStatus,
  ).toBe(531);
  admin.call('deleteUserData', { id: own['id'], ...inSub });
  clientOf('bosh').call('deleteUserData', { id: shared['id'], projectid });
  const rest = admin.call('listUserData', { listall: true, projectid: '-1' })['userdata'];
  expect((rest as Reply[]).map(({ id }) => id as string)).toEqual([spare['id']]);
});

test('the members of a project come in pages', () => {
  const identity = createIdentityWorld();
  const projectid = projectOf(identity, 'alpha').id;
  const page = (values: Values): string[] =>
    (
      (identity.clientOf('bosh').call('listProjectAccounts', { projectid, ...values })[
        'projectaccount'
      ] ?? []) as Reply[]
    ).map(({ account }) => account as string);
  expect(page({})).toEqual(['bosh', 'other']);
  expect(page({ page: 1, pagesize: 1 })).toEqual(['bosh']);
  expect(page({ page: 2, pagesize: 1 })).toEqual(['other']);
  expect(page({ page: 3, pagesize: 1 })).toEqual([]);
});
