// Proves that users change their password with the old one and admins without, and that root admins
// say of a user, an account or a domain whether requests may be signed with keys at all.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  createIdentityWorld,
  domainOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import { TestClient, type Reply, type Values } from '../../../support/simulator-client.js';

function userId({ world }: IdentityWorld, name: string): string {
  return world.users.all().find(({ username }) => username === name)!.id;
}

/** A user of bosh's account with a password, and its client. */
function newcomer(identity: IdentityWorld): { readonly id: string; readonly client: TestClient } {
  const admin = identity.clientOf('admin');
  const { user } = admin.call('createUser', {
    account: 'bosh',
    username: 'newcomer',
    password: 'first secret',
    firstname: 'New',
    lastname: 'Comer',
    email: 'new@cloud.invalid',
  });
  const id = user['id'] as string;
  const { userkeys } = admin.call('registerUserKeys', { id });
  const keys = { apiKey: userkeys['apikey'], secretKey: userkeys['secretkey'] };
  return { id, client: new TestClient(identity.simulator, keys) };
}

test.describe('passwords', () => {
  test('a user needs the old one, admins do not', () => {
    const identity = createIdentityWorld();
    const { id, client } = newcomer(identity);
    const refused = (values: Values): Reply => client.fails('updateUser', { id, ...values });
    expect(refused({ password: 'x' })).toMatchObject({
      httpStatus: 431,
      errortext: 'To set a new password the current password must be provided.',
    });
    expect(refused({ password: 'x', currentpassword: 'second' })).toMatchObject({
      httpStatus: 431,
      errortext: 'Current password is incorrect.',
    });
    expect(refused({ password: ' ', currentpassword: 'first secret' })).toMatchObject({
      errortext: 'Password cannot be empty or blank.',
    });
    client.call('updateUser', { id, password: 'second', currentpassword: 'first secret' });
    expect(refused({ password: 'x', currentpassword: 'first secret' }).httpStatus).toBe(431);
    identity.clientOf('admin').call('updateUser', { id, password: 'third' });
    client.call('updateUser', { id, password: 'fourth', currentpassword: 'third' });
  });

  test('that of an account is its first user’s', () => {
    const identity = createIdentityWorld();
    const admin = identity.clientOf('admin');
    admin.call('createAccount', {
      username: 'first',
      password: 'of the account',
      firstname: 'F',
      lastname: 'U',
      email: 'f@cloud.invalid',
      accounttype: 0,
    });
    const id = userId(identity, 'first');
    const { userkeys } = admin.call('registerUserKeys', { id });
    const client = new TestClient(identity.simulator, {
      apiKey: userkeys['apikey'],
      secretKey: userkeys['secretkey'],
    });
    client.call('updateUser', { id, password: 'y', currentpassword: 'of the account' });
  });

  test('are nowhere to be read', () => {
    const identity = createIdentityWorld();
    const { id, client } = newcomer(identity);
    client.call('updateUser', { id, password: 'second one', currentpassword: 'first secret' });
    const log = JSON.stringify(identity.simulator.kernel.log.after(0));
    const listed = JSON.stringify(identity.clientOf('admin').call('listUsers', { id }));
    for (const text of [log, listed]) {
      expect(text).not.toContain('first secret');
      expect(text).not.toContain('second one');
    }
  });
});

test.describe('access by keys', () => {
  const mayCall = (identity: IdentityWorld, name: string): boolean =>
    identity.clientOf(name).send('listZones').status === 200;

  test('of a user', () => {
    const identity = createIdentityWorld();
    const admin = identity.clientOf('admin');
    const id = userId(identity, 'bosh');
    const after = (apikeyaccess: string): unknown[] => {
      const { user } = admin.call('updateUser', { id, apikeyaccess });
      const { userkeys } = admin.call('getUserKeys', { id });
      return [user['apikeyaccess'], userkeys['apikeyaccess'], mayCall(identity, 'bosh')];
    };
    expect(after('disabled')).toEqual(['DISABLED', false, false]);
    expect(identity.clientOf('bosh').fails('listZones')).toMatchObject({
      httpStatus: 401,
      errortext: 'unable to verify user credentials and/or request signature',
    });
    expect(after('Enabled')).toEqual(['ENABLED', true, true]);
    expect(after('INHERIT')).toEqual(['INHERIT', true, true]);
  });

  test('of an account, and what its user says otherwise', () => {
    const identity = createIdentityWorld();
    const admin = identity.clientOf('admin');
    const account = accountOf(identity, 'bosh').id;
    const listed = admin.call('updateAccount', { id: account, apikeyaccess: 'Disabled' });
    expect(listed['account']).toMatchObject({ apikeyaccess: 'DISABLED' });
    expect(mayCall(identity, 'bosh')).toBe(false);
    admin.call('updateUser', { id: userId(identity, 'bosh'), apikeyaccess: 'Enabled' });
    expect(mayCall(identity, 'bosh')).toBe(true);
  });

  test('of a domain, and what its accounts say otherwise', () => {
    const identity = createIdentityWorld();
    const admin = identity.clientOf('admin');
    admin.call('updateConfiguration', {
      name: 'api.key.access',
      value: false,
      domainid: domainOf(identity, 'ROOT/sub').id,
    });
    expect(['worker', 'chief', 'bosh', 'diver'].map((name) => mayCall(identity, name))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    admin.call('updateAccount', {
      id: accountOf(identity, 'worker').id,
      apikeyaccess: 'Enabled',
    });
    expect(mayCall(identity, 'worker')).toBe(true);
  });

  test('is listed, and nothing else is taken for it', () => {
    const identity = createIdentityWorld();
    const admin = identity.clientOf('admin');
    const id = userId(identity, 'bosh');
    admin.call('updateUser', { id, apikeyaccess: 'Disabled' });
    admin.call('updateAccount', { id: accountOf(identity, 'other').id, apikeyaccess: 'Enabled' });
    const named = (command: string, key: string, apikeyaccess: string): unknown[] =>
      ((admin.call(command, { apikeyaccess, listall: true })[key] ?? []) as Reply[]).map(
        ({ username, name }) => (username ?? name) as unknown,
      );
    expect(named('listUsers', 'user', 'disabled')).toEqual(['bosh']);
    expect(named('listUsers', 'user', 'inherit')).not.toContain('bosh');
    expect(named('listAccounts', 'account', 'enabled')).toEqual(['other']);
    for (const [command, values] of [
      ['updateUser', { id }],
      ['updateAccount', { id: accountOf(identity, 'bosh').id }],
      ['listUsers', {}],
      ['listAccounts', {}],
    ] as const) {
      expect(admin.fails(command, { ...values, apikeyaccess: 'maybe' })).toMatchObject({
        httpStatus: 431,
        errortext: 'ApiKeyAccess value can only be Enabled/Disabled/Inherit',
      });
    }
  });

  test('is for root admins: others are not heard, and do not see it', () => {
    const identity = createIdentityWorld();
    const chief = identity.clientOf('chief');
    const id = userId(identity, 'worker');
    expect(chief.call('updateUser', { id, apikeyaccess: 'Disabled' })['user']).not.toHaveProperty(
      'apikeyaccess',
    );
    expect(mayCall(identity, 'worker')).toBe(true);
    expect(chief.call('listUsers', { apikeyaccess: 'maybe' })['user']).toHaveLength(1);
  });
});
