// Accounts: how they come, change, are disabled and enabled, who sees which, and what is refused to
// whom.
import { expect, test } from '@playwright/test';
import { accountOf, createIdentityWorld, domainOf } from '../../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const newAccount = {
  username: 'fresh',
  password: 'secret',
  email: 'fresh@example.org',
  firstname: 'Fre',
  lastname: 'Sh',
} as const;

function names(client: TestClient, values: Values = {}): string {
  const rows = (client.call('listAccounts', values)['account'] ?? []) as Reply[];
  return rows.map((account) => account['name'] as string).join(' ');
}

test.describe('createAccount', () => {
  test('makes an account with its first user, who has no keys yet', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const { account } = admin.call('createAccount', {
      ...newAccount,
      account: 'team',
      accounttype: 0,
      timezone: 'GMT',
      networkdomain: 'team.example',
      'accountdetails[0].cost': '7',
    });
    expect(account).toMatchObject({
      name: 'team',
      accounttype: 0,
      roletype: 'User',
      rolename: 'User',
      domain: 'ROOT',
      domainpath: 'ROOT',
      state: 'enabled',
      isdefault: false,
      networkdomain: 'team.example',
      accountdetails: { cost: '7' },
      vmlimit: '20',
      vmtotal: 0,
      vmavailable: '20',
    });
    expect(account['user']).toHaveLength(1);
    expect(account['user'][0]).toMatchObject({
      username: 'fresh',
      firstname: 'Fre',
      lastname: 'Sh',
      email: 'fresh@example.org',
      timezone: 'GMT',
      state: 'enabled',
      usersource: 'native',
    });
    expect(account['user'][0]).not.toHaveProperty('apikey');
    expect(JSON.stringify(world.simulator.kernel.log.after(0))).not.toContain('secret"');
  });

  test('a role wins over a type; the name is that of the user unless given', () => {
    const { world, clientOf } = createIdentityWorld({
      roles: [{ name: 'careful', type: 'DomainAdmin' }],
    });
    const roleid = world.roles.all().find(({ name }) => name === 'careful')!.id;
    const { account } = clientOf('admin').call('createAccount', {
      ...newAccount,
      roleid,
      accounttype: 1,
    });
    expect(account).toMatchObject({ name: 'fresh', accounttype: 2, rolename: 'careful' });
  });

  test('domain admins make accounts in and below their domain', () => {
    const world = createIdentityWorld();
    const domainid = domainOf(world, 'ROOT/sub/deep').id;
    const { account } = world
      .clientOf('chief')
      .call('createAccount', { ...newAccount, accounttype: 0, domainid });
    expect(account['domainpath']).toBe('ROOT/sub/deep');
  });

  test('refuses', () => {
    const world = createIdentityWorld({
      roles: [{ name: 'strong', type: 'User', rules: [{ rule: '*', permission: 'allow' }] }],
    });
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    const [root, sub] = [domainOf(world, 'ROOT'), domainOf(world, 'ROOT/sub')];
    const strong = world.world.roles.all().find(({ name }) => name === 'strong')!.id;
    const before = world.simulator.kernel.log.lastSeq;
    for (const [client, values, httpStatus, errortext] of [
      [admin, { password: '' }, 431, 'Invalid value provided for API arg: password'],
      [admin, {}, 431, 'Neither account type and role ID are not provided'],
      [admin, { accounttype: 9 }, 431, 'Neither account type and role ID are not provided'],
      [
        admin,
        { accounttype: 0, username: 'BOSH' },
        431,
        `The user BOSH already exists in domain ${root.id}`,
      ],
      [
        admin,
        { accounttype: 0, account: 'Bosh' },
        431,
        'The specified account: Bosh already exists',
      ],
      [
        admin,
        { accounttype: 1, domainid: sub.id },
        431,
        `Invalid account type ADMIN given for an account in domain ${sub.id}; unable to create user of admin role type in non-ROOT domain.`,
      ],
      [
        admin,
        { accounttype: 3, domainid: sub.id },
        431,
        `The account cannot be created as domain ${sub.id} is not associated with any private Zone`,
      ],
      [
        chief,
        { accounttype: 0 },
        531,
        `Account chief does not have permission to operate within domain id=${root.id}`,
      ],
    ] as const) {
      expect(client.fails('createAccount', { ...newAccount, ...values })).toMatchObject({
        httpStatus,
        errortext,
      });
    }
    const more = chief.fails('createAccount', { ...newAccount, domainid: sub.id, roleid: strong });
    expect(more.httpStatus).toBe(531);
    expect(more.errortext).toContain(
      'can not create an account with access to more privileges they have themself.',
    );
    expect(world.clientOf('bosh').fails('createAccount', newAccount).httpStatus).toBe(432);
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });
});

test.describe('listAccounts', () => {
  test('shows each caller its own; admins a domain, or with listall all they administrate', () => {
    const world = createIdentityWorld();
    const sub = domainOf(world, 'ROOT/sub').id;
    const all = 'admin bosh other chief keeper worker diver stranger';
    for (const [caller, own, everything] of [
      ['admin', 'admin', all],
      ['bosh', 'bosh', 'bosh'],
      ['chief', 'chief', 'chief keeper worker diver'],
    ] as const) {
      expect(names(world.clientOf(caller))).toBe(own);
      expect(names(world.clientOf(caller), { listall: true })).toBe(everything);
    }
    const chief = world.clientOf('chief');
    expect(names(chief, { domainid: sub })).toBe('chief keeper worker');
    expect(names(chief, { domainid: sub, isrecursive: true })).toBe('chief keeper worker diver');
    expect(names(chief, { id: accountOf(world, 'diver').id })).toBe('diver');
    expect(names(world.clientOf('worker'), { id: accountOf(world, 'worker').id })).toBe('worker');
  });

  test('the filters select', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const found = (values: Values): string => names(admin, { listall: true, ...values });
    expect(found({ name: 'BOSH' })).toBe('bosh');
    expect(found({ keyword: 'er' })).toBe('other keeper worker diver stranger');
    expect(found({ accounttype: 2 })).toBe('chief');
    expect(found({ iscleanuprequired: true })).toBe('');
    admin.done('disableAccount', { id: accountOf(world, 'other').id, lock: false });
    expect(found({ state: 'Disabled' })).toBe('other');
  });

  test('totals, and details=min without them', () => {
    const world = createOwnedWorld();
    takeThings(world, world.clientOf('worker'));
    const worker = world.clientOf('worker');
    expect(worker.call('listAccounts')['account'][0]).toMatchObject({
      vmtotal: 1,
      vmrunning: 1,
      vmstopped: 0,
      vmlimit: '20',
      vmavailable: '19',
      volumetotal: 3,
      iptotal: 2,
      networktotal: 1,
      templatetotal: 1,
      projecttotal: 1,
      cputotal: 1,
      memorytotal: 512,
      memorylimit: '40960',
      primarystoragelimit: '200',
      primarystoragetotal: 7,
      primarystorageavailable: '193',
      secondarystoragetotal: 5,
    });
    const [small] = worker.call('listAccounts', { details: 'min' })['account'] as Reply[];
    expect(small).not.toHaveProperty('vmtotal');
    const [root] = world.clientOf('admin').call('listAccounts')['account'] as Reply[];
    expect(root).toMatchObject({ isdefault: true, vmlimit: 'Unlimited', vmavailable: 'Unlimited' });
  });

  test('refuses foreign accounts and those of projects', () => {
    const world = createIdentityWorld();
    const foreign = { id: accountOf(world, 'other').id };
    expect(world.clientOf('bosh').fails('listAccounts', foreign).httpStatus).toBe(531);
    const purse = world.world.accounts.all().find(({ type }) => type === 'Project')!;
    expect(world.clientOf('admin').fails('listAccounts', { id: purse.id })).toMatchObject({
      httpStatus: 431,
      errortext: `Unable to find account by id ${purse.internalId}`,
    });
    const far = domainOf(world, 'ROOT/far').id;
    expect(world.clientOf('chief').fails('listAccounts', { domainid: far }).httpStatus).toBe(531);
  });
});

test.describe('updateAccount', () => {
  test('changes the name, the role, the suffix and the details', () => {
    const world = createIdentityWorld({ roles: [{ name: 'careful', type: 'User' }] });
    const admin = world.clientOf('admin');
    const roleid = world.world.roles.all().find(({ name }) => name === 'careful')!.id;
    const { id } = accountOf(world, 'worker');
    const { account } = admin.call('updateAccount', {
      id,
      newname: 'hand',
      roleid,
      networkdomain: 'hand.example',
      'accountdetails[0].a': '1',
    });
    expect(account).toMatchObject({
      id,
      name: 'hand',
      rolename: 'careful',
      networkdomain: 'hand.example',
      accountdetails: { a: '1' },
    });
    const domainid = domainOf(world, 'ROOT/sub').id;
    const again = admin.call('updateAccount', {
      account: 'hand',
      domainid,
      networkdomain: '',
      'accountdetails[0].b': '2',
    });
    expect(again['account']).not.toHaveProperty('networkdomain');
    expect(again['account']['accountdetails']).toEqual({ a: '1', b: '2' });
  });

  test('a role of another type changes what the account is', () => {
    const world = createIdentityWorld();
    const roleid = world.world.roles.all().find(({ name }) => name === 'Domain Admin')!.id;
    const worker = world.clientOf('worker');
    expect(worker.fails('listDomains').httpStatus).toBe(432);
    world.clientOf('admin').call('updateAccount', { id: accountOf(world, 'worker').id, roleid });
    expect(worker.call('listDomains', { listall: true })['count']).toBe(2);
  });

  test('refuses', () => {
    const world = createIdentityWorld();
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    const roleid = (name: string): string =>
      world.world.roles.all().find((role) => role.name === name)!.id;
    const { id } = accountOf(world, 'worker');
    const before = world.simulator.kernel.log.lastSeq;
    expect(admin.fails('updateAccount', { id, newname: 'keeper' }).errortext).toContain(
      "The account with the proposed name 'keeper' exists in the domain",
    );
    expect(admin.fails('updateAccount', { id, newname: '' }).errortext).toContain(
      'is empty string. Account will be not renamed.',
    );
    expect(admin.fails('updateAccount', { id, networkdomain: '-' }).httpStatus).toBe(431);
    expect(admin.fails('updateAccount', { id, roleid: roleid('Root Admin') })).toMatchObject({
      httpStatus: 531,
      errortext:
        'Unable to update account role to Root Admin,  as the user does not belong to the ROOT domain',
    });
    expect(chief.fails('updateAccount', { id, roleid: roleid('Resource Admin') })).toMatchObject({
      httpStatus: 531,
      errortext:
        'Unable to update account role to Resource Admin,  as either current or new role has higher privileges than the caller',
    });
    expect(chief.fails('updateAccount', { id: accountOf(world, 'bosh').id }).httpStatus).toBe(531);
    const lower = chief.fails('updateAccount', { id: accountOf(world, 'keeper').id, newname: 'x' });
    expect(lower.errortext).toContain('has a lower role type than the user account [keeper,');
    expect(admin.fails('updateAccount', { newname: 'x' }).errortext).toBe(
      'Unable to find account by accountId: null OR by name: null in domain null',
    );
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });
});

test.describe('disableAccount and enableAccount', () => {
  test('a disabled account may not call, and its VMs are stopped; enabled, it may, and they stay so', () => {
    const world = createOwnedWorld();
    const [admin, worker] = [world.clientOf('admin'), world.clientOf('worker')];
    const vm = takeThings(world, worker);
    const { id } = accountOf(world, 'worker');
    const { account } = admin.done('disableAccount', { id, lock: false });
    expect(account).toMatchObject({ id, state: 'disabled', vmrunning: 0, vmstopped: 1 });
    expect(worker.fails('listZones').httpStatus).toBe(401);
    admin.call('enableAccount', { account: 'worker', domainid: domainOf(world, 'ROOT/sub').id });
    expect(worker.call('listVirtualMachines', { id: vm })['virtualmachine'][0].state).toBe(
      'Stopped',
    );
  });

  test('locking stops nothing, but nobody may call', () => {
    const world = createOwnedWorld();
    const [admin, worker] = [world.clientOf('admin'), world.clientOf('worker')];
    const vm = takeThings(world, worker);
    const { id } = accountOf(world, 'worker');
    const locked = admin.done('disableAccount', { id, lock: true });
    expect(locked['account']).toMatchObject({ state: 'locked', vmrunning: 1 });
    expect(worker.fails('listZones').httpStatus).toBe(401);
    expect(admin.call('enableAccount', { id })['account']['state']).toBe('enabled');
    expect(worker.call('listVirtualMachines', { id: vm })['virtualmachine'][0].state).toBe(
      'Running',
    );
  });

  test('a VM that a job works on is stopped when the cleanup runs', () => {
    const world = createOwnedWorld();
    const [admin, worker] = [world.clientOf('admin'), world.clientOf('worker')];
    const vm = world.world.vms.require(takeThings(world, worker));
    worker.call('rebootVirtualMachine', { id: vm.id });
    const { id } = accountOf(world, 'worker');
    const { jobid } = admin.call('disableAccount', { id, lock: false });
    world.simulator.kernel.advanceBy(60);
    expect(admin.job(jobid as string).result['account']).toMatchObject({
      state: 'disabled',
      iscleanuprequired: true,
      vmrunning: 1,
    });
    world.simulator.kernel.advanceUntilIdle();
    expect(vm.state).toBe('Running');
    world.simulator.kernel.advanceBy(86_400_000);
    expect(vm.state).toBe('Stopped');
    expect(accountOf(world, 'worker').needsCleanup).toBe(false);
  });

  test('refuses', () => {
    const world = createIdentityWorld();
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    expect(admin.fails('enableAccount', { account: 'nobody' }).errortext).toBe(
      'Unable to find account by accountId: null OR by name: nobody in domain null',
    );
    expect(chief.fails('enableAccount', { id: accountOf(world, 'bosh').id }).httpStatus).toBe(531);
    const { id } = accountOf(world, 'worker');
    expect(
      chief.fails('disableAccount', { id: accountOf(world, 'admin').id, lock: true }),
    ).toMatchObject({ httpStatus: 531 });
    admin.done('disableAccount', { id, lock: false });
    expect(admin.run('disableAccount', { id, lock: true }).result).toMatchObject({
      errorcode: 530,
      errortext: expect.stringContaining('Unable to lock account'),
    });
    expect(admin.fails('disableAccount', { id }).errortext).toContain('missing parameter lock');
  });

  test('lockAccount never does anything', () => {
    const world = createIdentityWorld();
    const values = { account: 'bosh', domainid: domainOf(world, 'ROOT').id };
    expect(world.clientOf('admin').fails('lockAccount', values)).toMatchObject({
      httpStatus: 530,
      errortext:
        'LockAccount does not lock Accounts. Its implementation is disabled. Use DisableAccount instead.',
    });
    expect(accountOf(world, 'bosh').state).toBe('enabled');
  });
});
