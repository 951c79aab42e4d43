// Users: how they come and go, get keys, are locked out, and who may do that to whom.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  createIdentityWorld,
  domainOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import { TestClient, type Reply, type Values } from '../../../support/simulator-client.js';

const newUser = {
  username: 'fresh',
  password: 'secret',
  email: 'fresh@example.org',
  firstname: 'Fre',
  lastname: 'Sh',
} as const;

const userId = ({ world }: IdentityWorld, username: string): string =>
  world.users.all().find((user) => user.username === username)!.id;

function names(client: TestClient, values: Values = {}): string {
  const rows = (client.call('listUsers', values)['user'] ?? []) as Reply[];
  return rows.map((user) => user['username'] as string).join(' ');
}

test.describe('createUser', () => {
  test('adds a user to an account, without keys', () => {
    const world = createIdentityWorld();
    const { user } = world.clientOf('chief').call('createUser', {
      ...newUser,
      account: 'worker',
      domainid: domainOf(world, 'ROOT/sub').id,
      timezone: 'GMT',
    });
    expect(user).toMatchObject({
      username: 'fresh',
      account: 'worker',
      accountid: accountOf(world, 'worker').id,
      domain: 'sub',
      state: 'enabled',
      timezone: 'GMT',
      isdefault: false,
    });
    expect(user).not.toHaveProperty('apikey');
  });

  test('refuses', () => {
    const world = createIdentityWorld();
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    const sub = domainOf(world, 'ROOT/sub');
    const before = world.simulator.kernel.log.lastSeq;
    const inSub = { ...newUser, domainid: sub.id };
    expect(admin.fails('createUser', { ...inSub, account: 'nobody' })).toMatchObject({
      httpStatus: 431,
      errortext: `Unable to find account nobody in domain ${sub.id} to create user`,
    });
    expect(
      admin.fails('createUser', { ...inSub, account: 'worker', username: 'Chief' }),
    ).toMatchObject({
      httpStatus: 530,
      errortext: `The user Chief already exists in domain ${sub.internalId}`,
    });
    expect(chief.fails('createUser', { ...newUser, account: 'bosh' }).httpStatus).toBe(531);
    expect(chief.fails('createUser', { ...inSub, account: 'keeper' }).errortext).toContain(
      'has a lower role type than the user account [keeper,',
    );
    expect(
      admin.fails('createUser', { ...newUser, account: 'bosh', password: '' }).httpStatus,
    ).toBe(431);
    expect(world.clientOf('bosh').fails('createUser', newUser).httpStatus).toBe(432);
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
    world.world.accounts.move(accountOf(world, 'worker'), 'Lock');
    expect(admin.fails('createUser', { ...inSub, account: 'worker' }).errortext).toContain(
      'Unable to find account worker',
    );
  });
});

test.describe('listUsers', () => {
  test('users see themselves, admins by the common rules of lists', () => {
    const world = createIdentityWorld();
    expect(names(world.clientOf('bosh'), { listall: true })).toBe('bosh');
    expect(names(world.clientOf('chief'))).toBe('chief');
    expect(names(world.clientOf('chief'), { listall: true })).toBe('chief keeper worker diver');
    expect(names(world.clientOf('admin'), { listall: true })).toBe(
      'admin bosh other chief keeper worker diver stranger',
    );
    const domainid = domainOf(world, 'ROOT/sub').id;
    expect(names(world.clientOf('admin'), { account: 'worker', domainid })).toBe('worker');
    expect(world.clientOf('bosh').fails('listUsers', { id: userId(world, 'other') })).toMatchObject(
      {
        httpStatus: 531,
        errortext: 'Calling user is not authorized to see the user requested by id',
      },
    );
  });

  test('the filters select', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const found = (values: Values): string => names(admin, { listall: true, ...values });
    expect(found({ username: 'BOSH' })).toBe('bosh');
    expect(found({ accounttype: 3 })).toBe('keeper');
    expect(found({ keyword: 'div' })).toBe('diver');
    expect(found({ id: userId(world, 'diver') })).toBe('diver');
    admin.done('disableUser', { id: userId(world, 'other') });
    expect(found({ state: 'disabled' })).toBe('other');
  });
});

test('getUser finds a user by its key, for root admins', () => {
  const world = createIdentityWorld();
  const [admin, bosh] = [world.clientOf('admin'), world.clientOf('bosh')];
  const { user } = admin.call('getUser', { userapikey: bosh.keys.apiKey });
  expect(user).toMatchObject({ username: 'bosh', apikey: bosh.keys.apiKey });
  expect(user).not.toHaveProperty('secretkey');
  expect(admin.fails('getUser', { userapikey: 'nothing' })).toMatchObject({
    httpStatus: 431,
    errortext: 'User with specified API key does not exist',
  });
  expect(bosh.fails('getUser', { userapikey: bosh.keys.apiKey }).httpStatus).toBe(432);
});

test.describe('keys', () => {
  test('new keys are valid at once, the old ones are not', () => {
    const world = createIdentityWorld();
    const bosh = world.clientOf('bosh');
    const id = userId(world, 'bosh');
    const { userkeys } = bosh.call('registerUserKeys', { id });
    expect(Object.keys(userkeys as Reply)).toEqual(['apikey', 'secretkey']);
    expect(bosh.fails('listZones').httpStatus).toBe(401);
    const renewed = new TestClient(world.simulator, {
      apiKey: userkeys['apikey'],
      secretKey: userkeys['secretkey'],
    });
    expect(renewed.call('getUserKeys', { id })['userkeys']).toEqual({
      ...(userkeys as Reply),
      apikeyaccess: true,
    });
    expect(JSON.stringify(world.simulator.kernel.log.after(0))).not.toContain(
      userkeys['secretkey'] as string,
    );
  });

  test('a new user can call after it has registered', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const { id } = admin.call('createUser', { ...newUser, account: 'bosh' })['user'];
    expect(admin.call('getUserKeys', { id })['userkeys']).toEqual({ apikeyaccess: true });
    const { userkeys } = admin.call('registerUserKeys', { id });
    const fresh = new TestClient(world.simulator, {
      apiKey: userkeys['apikey'],
      secretKey: userkeys['secretkey'],
    });
    expect(fresh.call('listAccounts')['account'][0].name).toBe('bosh');
  });

  test('nobody gets the keys of those above or beside', () => {
    const world = createIdentityWorld();
    for (const [caller, target] of [
      ['bosh', 'other'],
      ['bosh', 'admin'],
      ['chief', 'admin'],
      ['chief', 'keeper'],
    ] as const) {
      const id = userId(world, target);
      for (const command of ['getUserKeys', 'registerUserKeys']) {
        expect(world.clientOf(caller).fails(command, { id }).httpStatus, caller).toBe(531);
      }
    }
    world.clientOf('chief').call('getUserKeys', { id: userId(world, 'diver') });
  });
});

test.describe('updateUser', () => {
  test('changes names, address and keys', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const { user } = admin.call('updateUser', {
      id: userId(world, 'bosh'),
      firstname: 'B',
      lastname: 'O',
      username: 'sh',
      email: 'b@example.org',
      timezone: 'CET',
      userapikey: 'key',
      usersecretkey: 'secret',
    });
    expect(user).toMatchObject({
      firstname: 'B',
      lastname: 'O',
      username: 'sh',
      email: 'b@example.org',
      timezone: 'CET',
      apikey: 'key',
    });
    new TestClient(world.simulator, { apiKey: 'key', secretKey: 'secret' }).call('listZones');
  });

  test('refuses', () => {
    const world = createIdentityWorld();
    const [admin, bosh] = [world.clientOf('admin'), world.clientOf('bosh')];
    const id = userId(world, 'bosh');
    const root = domainOf(world, 'ROOT');
    const before = world.simulator.kernel.log.lastSeq;
    for (const [values, errortext] of [
      [{ userapikey: 'k' }, 'Please provide a userApiKey/userSecretKey pair'],
      [
        { userapikey: admin.keys.apiKey, usersecretkey: 's' },
        `The API key [${admin.keys.apiKey}] already exists in the system. Please provide a unique key.`,
      ],
      [{ firstname: ' ' }, 'Firstname cannot be empty.'],
      [{ lastname: ' ' }, 'Lastname cannot be empty.'],
      [{ username: ' ' }, 'Username cannot be empty.'],
      [
        { username: 'Other' },
        `Username [Other] already exists in domain [id=${root.internalId},name=ROOT]`,
      ],
    ] as const) {
      expect(bosh.fails('updateUser', { id, ...values })).toMatchObject({
        httpStatus: 431,
        errortext,
      });
    }
    expect(bosh.fails('updateUser', { id: userId(world, 'other'), email: 'x' }).httpStatus).toBe(
      531,
    );
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });
});

test.describe('enableUser, disableUser and lockUser', () => {
  test('a disabled user may not call until it is enabled', () => {
    const world = createIdentityWorld();
    const [admin, bosh] = [world.clientOf('admin'), world.clientOf('bosh')];
    const id = userId(world, 'bosh');
    expect(admin.done('disableUser', { id })['user']).toMatchObject({ id, state: 'disabled' });
    expect(bosh.fails('listZones').httpStatus).toBe(401);
    expect(accountOf(world, 'bosh').state).toBe('enabled');
    expect(admin.call('enableUser', { id })['user']['state']).toBe('enabled');
    bosh.call('listZones');
  });

  test('the last enabled user that is locked locks its account, and enabling enables both', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const first = userId(world, 'bosh');
    const second = admin.call('createUser', { ...newUser, account: 'bosh' })['user'][
      'id'
    ] as string;
    expect(admin.call('lockUser', { id: first })['user']['state']).toBe('locked');
    expect(accountOf(world, 'bosh').state).toBe('enabled');
    admin.call('lockUser', { id: first });
    admin.call('lockUser', { id: second });
    expect(accountOf(world, 'bosh').state).toBe('locked');
    admin.call('enableUser', { id: first });
    expect(accountOf(world, 'bosh').state).toBe('enabled');
  });

  test('refuses what is gone, foreign or disabled', () => {
    const world = createIdentityWorld();
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    const id = userId(world, 'bosh');
    expect(chief.fails('lockUser', { id }).httpStatus).toBe(531);
    expect(chief.fails('enableUser', { id }).httpStatus).toBe(531);
    expect(chief.run('disableUser', { id }).result['errorcode']).toBe(530);
    admin.done('disableUser', { id });
    expect(admin.fails('lockUser', { id }).errortext).toContain('Unable to lock user');
    admin.call('deleteUser', { id });
    const { internalId } = world.world.users.require(id);
    expect(admin.fails('enableUser', { id }).errortext).toBe(
      `Unable to find active user by id ${internalId}`,
    );
    expect(admin.run('disableUser', { id }).result['errorcode']).toBe(431);
    expect(admin.fails('lockUser', { id }).errortext).toBe('Unable to find user by id');
  });
});

test.describe('deleteUser', () => {
  test('its keys are worth nothing, and its account stays', () => {
    const world = createIdentityWorld();
    const [admin, bosh] = [world.clientOf('admin'), world.clientOf('bosh')];
    const id = userId(world, 'bosh');
    expect(admin.call('deleteUser', { id })).toEqual({ success: true });
    expect(bosh.fails('listZones').httpStatus).toBe(401);
    expect(accountOf(world, 'bosh').removedMs).toBeNull();
    expect(admin.fails('deleteUser', { id }).errortext).toBe(
      "The specified user doesn't exist in the system",
    );
  });

  test('refuses the first admin, oneself and foreign users', () => {
    const world = createIdentityWorld();
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    expect(admin.fails('deleteUser', { id: userId(world, 'admin') }).errortext).toBe(
      "The user is default and can't be (re)moved",
    );
    expect(chief.fails('deleteUser', { id: userId(world, 'chief') }).errortext).toContain(
      'The caller is requesting to delete itself.',
    );
    expect(chief.fails('deleteUser', { id: userId(world, 'bosh') }).httpStatus).toBe(531);
    expect(chief.fails('deleteUser', { id: userId(world, 'keeper') }).httpStatus).toBe(531);
  });
});
