// The commands about limits: who sees and sets whose, how storage is counted, and what is refused.
// What limits do to other commands is tested with the limits themselves.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const inSub = (world: IdentityWorld, account: string): Values => ({
  account,
  domainid: domainOf(world, 'ROOT/sub').id,
});

function limits(client: TestClient, values: Values = {}): Record<string, number> {
  const rows = (client.call('listResourceLimits', values)['resourcelimit'] ?? []) as Reply[];
  return Object.fromEntries(rows.map((row) => [row['resourcetypename'], row['max'] as number]));
}

test.describe('listResourceLimits', () => {
  test('shows each type of the own account by its number, name and limit', () => {
    const world = createOwnedWorld();
    const { count, resourcelimit } = world.clientOf('worker').call('listResourceLimits');
    expect(count).toBe(12);
    expect(resourcelimit[0]).toEqual({
      account: 'worker',
      domainid: domainOf(world, 'ROOT/sub').id,
      domain: 'sub',
      domainpath: 'ROOT/sub',
      resourcetype: '0',
      resourcetypename: 'user_vm',
      max: 20,
    });
    expect(limits(world.clientOf('worker'))).toEqual({
      user_vm: 20,
      public_ip: 20,
      volume: 20,
      snapshot: 20,
      template: 20,
      project: 10,
      network: 20,
      vpc: 20,
      cpu: 40,
      memory: 40_960,
      primary_storage: 200,
      secondary_storage: 400,
    });
  });

  test('one type, by number or name', () => {
    const client = createOwnedWorld().clientOf('worker');
    expect(limits(client, { resourcetype: 10 })).toEqual({ primary_storage: 200 });
    expect(limits(client, { resourcetypename: 'CPU', resourcetype: 0 })).toEqual({ cpu: 40 });
    for (const values of [{ resourcetype: 99 }, { resourcetypename: 'gold' }]) {
      expect(client.fails('listResourceLimits', values)).toMatchObject({
        httpStatus: 431,
        errortext: 'Please specify valid resource type',
      });
    }
  });

  test('admins see those of an account, a project or a domain; users their own, whatever they ask', () => {
    const world = createOwnedWorld();
    const admin = world.clientOf('admin');
    admin.call('updateResourceLimit', { ...inSub(world, 'worker'), resourcetype: 2, max: 3 });
    expect(Object.entries(limits(admin, inSub(world, 'worker')))[0]).toEqual(['volume', 3]);
    const { id: projectid } = projectOf(world, 'beta');
    const [first] = admin.call('listResourceLimits', { projectid })['resourcelimit'] as Reply[];
    expect(first).toMatchObject({ projectid, project: 'beta', max: 20 });
    expect(first).not.toHaveProperty('account');
    const domainid = domainOf(world, 'ROOT/sub').id;
    const ofDomain = admin.call('listResourceLimits', { domainid })['resourcelimit'] as Reply[];
    expect(ofDomain[0]).toEqual({
      domainid,
      domain: 'sub',
      domainpath: 'ROOT/sub',
      resourcetype: '0',
      resourcetypename: 'user_vm',
      max: 40,
    });
    expect(limits(admin)['user_vm']).toBe(-1);
    const [own] = world.clientOf('worker').call('listResourceLimits', { domainid })[
      'resourcelimit'
    ] as Reply[];
    expect(own!['account']).toBe('worker');
  });

  test('of a disabled account, too; of a domain that is gone, nothing', () => {
    const world = createOwnedWorld();
    const admin = world.clientOf('admin');
    admin.done('disableAccount', { id: accountOf(world, 'worker').id, lock: true });
    expect(limits(admin, inSub(world, 'worker'))['volume']).toBe(20);
    const far = domainOf(world, 'ROOT/far').id;
    expect(world.clientOf('chief').fails('listResourceLimits', { domainid: far }).httpStatus).toBe(
      531,
    );
    admin.done('deleteDomain', { id: far, cleanup: true });
    expect(admin.call('listResourceLimits', { domainid: far })).toEqual({});
  });
});

test.describe('updateResourceLimit', () => {
  test('storage is in GiB; without max there is no limit', () => {
    const world = createOwnedWorld();
    const admin = world.clientOf('admin');
    const set = (values: Values): Reply =>
      admin.call('updateResourceLimit', { ...inSub(world, 'worker'), ...values })['resourcelimit'];
    expect(set({ resourcetype: 10, max: 7 })).toMatchObject({
      account: 'worker',
      resourcetype: '10',
      resourcetypename: 'primary_storage',
      max: 7,
    });
    const [row] = world.world.limits.where('ownerId', accountOf(world, 'worker').id);
    expect(row!.max).toBe(7 * 1_024 ** 3);
    expect(set({ resourcetype: 10, max: 0 })).toMatchObject({ max: 0 });
    expect(set({ resourcetype: 10 })).toMatchObject({ max: -1 });
    expect(world.world.limits.where('ownerId', accountOf(world, 'worker').id)).toHaveLength(1);
  });

  test('of a domain and of a project', () => {
    const world = createOwnedWorld();
    const admin = world.clientOf('admin');
    const domainid = domainOf(world, 'ROOT/sub').id;
    admin.call('updateResourceLimit', { domainid, resourcetype: 0, max: 5 });
    expect(limits(admin, { domainid })['user_vm']).toBe(5);
    const projectid = projectOf(world, 'beta').id;
    world.clientOf('chief').call('updateResourceLimit', { projectid, resourcetype: 0, max: 2 });
    expect(limits(admin, { projectid })['user_vm']).toBe(2);
  });

  test('it holds for the next request', () => {
    const world = createOwnedWorld();
    const worker = world.clientOf('worker');
    world
      .clientOf('chief')
      .call('updateResourceLimit', { ...inSub(world, 'worker'), resourcetype: 0, max: 0 });
    expect(() => takeThings(world, worker)).toThrow('535');
  });

  test('refuses', () => {
    const world = createOwnedWorld();
    const [admin, chief, keeper] = ['admin', 'chief', 'keeper'].map(world.clientOf) as [
      TestClient,
      TestClient,
      TestClient,
    ];
    const [root, sub, deep] = ['ROOT', 'ROOT/sub', 'ROOT/sub/deep'].map((path) =>
      domainOf(world, path),
    );
    admin.call('updateResourceLimit', { domainid: sub!.id, resourcetype: 0, max: 5 });
    const before = world.simulator.kernel.log.lastSeq;
    const type = { resourcetype: 0, max: 1 };
    for (const [client, values, httpStatus, errortext] of [
      [
        admin,
        type,
        431,
        'AccountId or domainId have to be specified in order to update resource limit',
      ],
      [
        admin,
        { ...inSub(world, 'worker'), resourcetype: 0, max: -2 },
        431,
        "Please specify either '-1' for an infinite limit, or a limit that is at least '0'.",
      ],
      [
        admin,
        { ...inSub(world, 'worker'), resourcetype: 77 },
        431,
        'Please specify valid resource type',
      ],
      [
        admin,
        { account: 'admin', domainid: root!.id, ...type },
        431,
        'Only -1 limit is supported for Root Admin accounts',
      ],
      [
        admin,
        { domainid: root!.id, ...type },
        531,
        `Cannot update resource limit for ROOT domain ${root!.internalId}, permission denied`,
      ],
      [
        admin,
        { domainid: deep!.id, resourcetype: 0, max: 6 },
        431,
        `Domain deep(id: ${sub!.internalId}) has maximum allowed resource limit 5 for user_vm, please specify a value less than or equal to 5`,
      ],
      [
        chief,
        { ...inSub(world, 'chief'), ...type },
        531,
        `Unable to update resource limit for their own account ${accountOf(world, 'chief').internalId}, permission denied`,
      ],
      [
        chief,
        { domainid: sub!.id, ...type },
        531,
        `Unable to update resource limit for domain ${sub!.internalId}, permission denied`,
      ],
      [
        keeper,
        { domainid: deep!.id, ...type },
        531,
        `Unable to update resource limit for domain ${deep!.internalId}, permission denied`,
      ],
    ] as const) {
      expect(client.fails('updateResourceLimit', values)).toMatchObject({ httpStatus, errortext });
    }
    expect(
      chief.fails('updateResourceLimit', { account: 'bosh', domainid: root!.id, ...type })
        .httpStatus,
    ).toBe(531);
    expect(world.clientOf('worker').fails('updateResourceLimit', type).httpStatus).toBe(432);
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });
});

test.describe('updateResourceCount', () => {
  test('counts of an account, a project or a domain with all below', () => {
    const world = createOwnedWorld();
    const admin = world.clientOf('admin');
    takeThings(world, world.clientOf('worker'));
    takeThings(world, world.clientOf('diver'));
    const domainid = domainOf(world, 'ROOT/sub').id;
    const count = (values: Values): unknown =>
      admin.call('updateResourceCount', { domainid, ...values })['resourcecount'][0].resourcecount;
    expect(count({ resourcetype: 2 })).toBe(6);
    expect(count({ account: 'worker', resourcetype: 2 })).toBe(3);
    expect(count({ account: 'worker', resourcetype: 10 })).toBe(7 * 1_024 ** 3);
    expect(count({ projectid: projectOf(world, 'beta').id, resourcetype: 2 })).toBe(0);
    const all = admin.call('updateResourceCount', { domainid });
    expect(all['count']).toBe(12);
    expect(all['resourcecount'][0]).toMatchObject({
      domain: 'sub',
      resourcetype: '0',
      resourcetypename: 'user_vm',
      resourcecount: 2,
    });
  });

  test('refuses', () => {
    const world = createOwnedWorld();
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    const far = domainOf(world, 'ROOT/far').id;
    expect(chief.fails('updateResourceCount', { domainid: far }).httpStatus).toBe(531);
    expect(admin.fails('updateResourceCount', { domainid: far, resourcetype: 50 }).errortext).toBe(
      'Please specify valid resource type',
    );
    admin.done('deleteDomain', { id: far, cleanup: true });
    expect(admin.fails('updateResourceCount', { domainid: far }).errortext).toBe(
      'Please specify a valid domain ID.',
    );
  });
});
