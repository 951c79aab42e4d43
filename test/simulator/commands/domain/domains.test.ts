// Domains: who sees which, how they are made and renamed, and what is refused.
import { expect, test } from '@playwright/test';
import {
  createIdentityWorld,
  domainOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

function paths(client: TestClient, command: string, values: Values = {}): string[] {
  return ((client.call(command, values)['domain'] ?? []) as Reply[]).map(
    (domain) => domain['path'] as string,
  );
}

const ALL = ['ROOT', 'ROOT/sub', 'ROOT/sub/deep', 'ROOT/far'];

const idOf = (world: IdentityWorld, path: string): string => domainOf(world, path).id;

test.describe('listDomains', () => {
  test('shows root admins all, others their own, and with listall those below', () => {
    const world = createIdentityWorld();
    expect(paths(world.clientOf('admin'), 'listDomains')).toEqual(ALL);
    for (const caller of ['chief', 'keeper']) {
      const client = world.clientOf(caller);
      expect(paths(client, 'listDomains')).toEqual(['ROOT/sub']);
      expect(paths(client, 'listDomains', { listall: true })).toEqual([
        'ROOT/sub',
        'ROOT/sub/deep',
      ]);
      expect(paths(client, 'listDomains', { id: idOf(world, 'ROOT/sub/deep') })).toEqual([
        'ROOT/sub/deep',
      ]);
      expect(client.fails('listDomains', { id: idOf(world, 'ROOT/far') }).httpStatus).toBe(531);
    }
    expect(world.clientOf('bosh').fails('listDomains').httpStatus).toBe(432);
  });

  test('the filters select', () => {
    const client = createIdentityWorld().clientOf('admin');
    expect(paths(client, 'listDomains', { level: 1 })).toEqual(['ROOT/sub', 'ROOT/far']);
    expect(paths(client, 'listDomains', { name: 'DEEP' })).toEqual(['ROOT/sub/deep']);
    expect(paths(client, 'listDomains', { keyword: 'e' })).toEqual(['ROOT/sub/deep']);
    expect(paths(client, 'listDomains', { page: 2, pagesize: 3 })).toEqual(['ROOT/far']);
  });

  test('limits are texts, totals numbers; details=min leaves them out', () => {
    const world = createIdentityWorld({
      domains: [{ path: 'ROOT/sub', limits: { volume: 7, primary_storage: 30 } }],
      accounts: [
        { name: 'admin', role: 'Admin' },
        { name: 'worker', role: 'User', domain: 'ROOT/sub' },
      ],
      projects: [{ name: 'beta', account: 'worker' }],
    });
    const admin = world.clientOf('admin');
    const id = idOf(world, 'ROOT/sub');
    expect(admin.call('listDomains', { id })['domain'][0]).toMatchObject({
      id,
      name: 'sub',
      level: 1,
      parentdomainid: idOf(world, 'ROOT'),
      parentdomainname: 'ROOT',
      haschild: false,
      state: 'Active',
      volumelimit: '7',
      volumetotal: 0,
      volumeavailable: '7',
      primarystoragelimit: '30',
      vmlimit: '40',
      projecttotal: 1,
      projectavailable: '49',
    });
    const [root] = admin.call('listDomains', { level: 0 })['domain'] as Reply[];
    expect(root).toMatchObject({ haschild: true, vmlimit: 'Unlimited', vmavailable: 'Unlimited' });
    const [small] = admin.call('listDomains', { id, details: 'min' })['domain'] as Reply[];
    expect(small).not.toHaveProperty('vmlimit');
    expect(small).toHaveProperty('path');
    expect(admin.fails('listDomains', { details: 'some' })).toMatchObject({
      httpStatus: 431,
      errortext:
        'The details parameter contains a non permitted value. The allowed values are [all, resource, min]',
    });
  });
});

test('listDomainChildren shows the next level, or all below; with listall the next level again', () => {
  const world = createIdentityWorld();
  const admin = world.clientOf('admin');
  expect(paths(admin, 'listDomainChildren')).toEqual(['ROOT/sub', 'ROOT/far']);
  expect(paths(admin, 'listDomainChildren', { isrecursive: true })).toEqual(ALL.slice(1));
  expect(paths(admin, 'listDomainChildren', { isrecursive: true, listall: true })).toEqual([
    'ROOT/sub',
    'ROOT/far',
  ]);
  expect(paths(admin, 'listDomainChildren', { isrecursive: true, name: 'ee' })).toEqual([
    'ROOT/sub/deep',
  ]);
  expect(paths(admin, 'listDomainChildren', { keyword: 'fa' })).toEqual(['ROOT/far']);
  expect(paths(admin, 'listDomainChildren', { id: idOf(world, 'ROOT/sub') })).toEqual([
    'ROOT/sub/deep',
  ]);
  const chief = world.clientOf('chief');
  expect(paths(chief, 'listDomainChildren')).toEqual(['ROOT/sub/deep']);
  expect(chief.fails('listDomainChildren', { id: idOf(world, 'ROOT') }).httpStatus).toBe(531);
});

test.describe('createDomain', () => {
  test('makes one below ROOT, or below another one', () => {
    const world = createIdentityWorld();
    const { domain } = world.clientOf('admin').call('createDomain', {
      name: 'sales',
      networkdomain: 'sales.example',
    });
    expect(domain).toMatchObject({
      name: 'sales',
      path: 'ROOT/sales',
      level: 1,
      haschild: false,
      networkdomain: 'sales.example',
    });
    const below = world.clientOf('chief').call('createDomain', {
      name: 'team',
      parentdomainid: idOf(world, 'ROOT/sub'),
    });
    expect(below['domain']).toMatchObject({ path: 'ROOT/sub/team', level: 2 });
  });

  test('refuses', () => {
    const world = createIdentityWorld();
    const { admin, chief } = { admin: world.clientOf('admin'), chief: world.clientOf('chief') };
    const before = world.simulator.kernel.log.lastSeq;
    expect(admin.fails('createDomain', { name: 'SUB' })).toMatchObject({
      httpStatus: 431,
      errortext: `Domain with name [SUB] already exists for the parent with ID [${domainOf(world, 'ROOT').internalId}].`,
    });
    expect(admin.fails('createDomain', { name: 'x', networkdomain: '-x' }).errortext).toContain(
      'Invalid network domain',
    );
    expect(chief.fails('createDomain', { name: 'x' }).httpStatus).toBe(531);
    expect(world.clientOf('keeper').fails('createDomain', { name: 'x' }).httpStatus).toBe(432);
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
    const gone = domainOf(world, 'ROOT/sub/deep');
    world.world.domains.move(gone, 'DeletionBegins');
    expect(admin.fails('createDomain', { name: 'x', parentdomainid: gone.id }).errortext).toBe(
      'The domain cannot be created as the parent domain deep is being deleted',
    );
    world.world.domains.remove(gone);
    expect(admin.fails('createDomain', { name: 'x', parentdomainid: gone.id }).errortext).toBe(
      `Unable to create domain x, parent domain ${gone.internalId} not found.`,
    );
  });
});

test.describe('updateDomain', () => {
  test('a new name is in the paths of all domains below', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const id = idOf(world, 'ROOT/sub');
    const { domain } = admin.call('updateDomain', {
      id,
      name: 'works',
      networkdomain: 'w.example',
    });
    expect(domain).toMatchObject({
      id,
      name: 'works',
      path: 'ROOT/works',
      networkdomain: 'w.example',
    });
    expect(paths(admin, 'listDomains')).toEqual([
      'ROOT',
      'ROOT/works',
      'ROOT/works/deep',
      'ROOT/far',
    ]);
    expect(admin.call('updateDomain', { id, networkdomain: '' })['domain']).not.toHaveProperty(
      'networkdomain',
    );
  });

  test('refuses', () => {
    const world = createIdentityWorld();
    const admin = world.clientOf('admin');
    const far = domainOf(world, 'ROOT/far');
    expect(admin.fails('updateDomain', { id: idOf(world, 'ROOT'), name: 'x' }).errortext).toBe(
      'ROOT domain can not be edited with a new name',
    );
    expect(admin.fails('updateDomain', { id: far.id, name: 'sub' }).errortext).toBe(
      "Failed to update specified domain id with name 'sub' since it already exists in the system",
    );
    admin.call('updateDomain', { id: far.id, name: 'FAR' });
    expect(admin.fails('updateDomain', { id: far.id, networkdomain: 'a_b' }).httpStatus).toBe(431);
    world.world.domains.remove(far);
    expect(admin.fails('updateDomain', { id: far.id, name: 'x' }).errortext).toBe(
      'Unable to find domain with specified domain id',
    );
    expect(world.clientOf('chief').fails('updateDomain', { id: far.id }).httpStatus).toBe(432);
  });
});
