// Proves what callers decide of a volume besides its size: its id, its speed, whether others see it;
// what root admins may write into it later, and what lists show and count of all that.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { readyVolume } from '../../../support/simulator-snapshots.js';
import {
  deployed,
  diskOfferingId,
  idOf,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import {
  attached,
  createdVolume,
  listedVolume,
  volumeValues,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';
import { twoZones } from '../../../support/template-uploads.js';

const GIB = 1024 ** 3;
const CUSTOM_ID = '0a1b2c3d-0000-4000-8000-00000000beef';

function ids(client: TestClient, values: Values = {}): string[] {
  const rows = client.call('listVolumes', values)['volume'] as { id: string }[] | undefined;
  return (rows ?? []).map((row) => row.id);
}

function fastOffering(world: TestWorld, values: Values): string {
  const offering = world.admin.call('createDiskOffering', {
    name: 'fast',
    displaytext: 'fast',
    disksize: 5,
    ...values,
  })['diskoffering'] as Reply;
  return offering['id'] as string;
}

test('a root volume is as fast as the offering of its VM says', () => {
  const world = testSimulator();
  const size = { cpunumber: 1, cpuspeed: 1_000, memory: 512 };
  const speed = { customizediops: false, miniops: 10, maxiops: 20 };
  const asked = { name: 'quick', displaytext: 'quick', ...size, ...speed };
  const { serviceoffering } = world.admin.call('createServiceOffering', asked);
  const { id } = deployed(world, world.user, {
    serviceofferingid: (serviceoffering as Reply)['id'],
  });
  const [root] = world.simulator.world.volumes.where('vmId', id as string);
  expect(listedVolume(world.user, root!.id)).toMatchObject({ miniops: 10, maxiops: 20 });
});

test.describe('an id of the creator’s choice', () => {
  test('is the volume’s, in lower case', () => {
    const world = testSimulator();
    const customid = CUSTOM_ID.toUpperCase();
    expect(createdVolume(world, world.admin, { customid })).toBe(CUSTOM_ID);
    expect(
      refusedUnchanged(world, world.admin, 'createVolume', volumeValues(world, { customid })),
    ).toMatchObject({
      errorcode: 431,
      errortext: `UUID: ${customid} already exists so can't create/update with custom id`,
    });
  });

  test('must be one, and only root admins have the choice', () => {
    const world = testSimulator();
    const refused = (client: TestClient, customid: string): unknown =>
      client.fails('createVolume', volumeValues(world, { customid }));
    expect(refused(world.admin, 'disk-1')).toMatchObject({
      errorcode: 431,
      errortext: "UUID: disk-1 doesn't follow the UUID format",
    });
    expect(refused(world.user, CUSTOM_ID)).toMatchObject({
      errorcode: 531,
      errortext: 'Please check your permissions, you are not allowed to create/update custom id',
    });
    expect(world.simulator.world.volumes.everyRow()).toEqual([]);
  });
});

test.describe('the speed of a volume', () => {
  test('is the caller’s where the offering lets it be, else the offering’s', () => {
    const world = testSimulator();
    const free = fastOffering(world, { customizediops: true });
    const fixed = fastOffering(world, { customizediops: false, miniops: 100, maxiops: 300 });
    const speed = (values: Values): unknown => {
      const zoneid = idOf(world.simulator.world.zones.all(), 'zone1');
      const rest = { zoneid, name: 'disk', ...values };
      const { miniops, maxiops } = world.user.done('createVolume', rest)['volume'] as Reply;
      return [miniops, maxiops];
    };
    expect(speed({ diskofferingid: free, miniops: 10, maxiops: 20 })).toEqual([10, 20]);
    expect(speed({ diskofferingid: free })).toEqual([0, 0]);
    expect(speed({ diskofferingid: fixed, miniops: 1, maxiops: 2 })).toEqual([100, 300]);
    expect(
      speed({ diskofferingid: diskOfferingId(world, 'DO1 - Small STD'), miniops: 1, maxiops: 2 }),
    ).toEqual([undefined, undefined]);
  });

  test('is refused where it is none', () => {
    const world = testSimulator();
    const diskofferingid = fastOffering(world, { customizediops: true });
    const zoneid = idOf(world.simulator.world.zones.all(), 'zone1');
    const refusal = (values: Values): unknown =>
      refusedUnchanged(world, world.user, 'createVolume', { diskofferingid, zoneid, ...values })
        .errortext;
    const tooLow = 'The min IOPS must be greater than 0.';
    expect(refusal({ miniops: 0, maxiops: 5 })).toBe(tooLow);
    expect(refusal({ maxiops: 5 })).toBe(tooLow);
    const above = 'The min IOPS must be less than or equal to the max IOPS.';
    expect(refusal({ miniops: 6, maxiops: 5 })).toBe(above);
    expect(refusal({ miniops: 6 })).toBe(above);
  });

  test('and its rates are shown as CloudStack takes one for the other', () => {
    const world = testSimulator();
    const diskofferingid = fastOffering(world, {
      bytesreadrate: 1_000,
      byteswriterate: 2_000,
      iopsreadrate: 30,
      iopswriterate: 40,
      provisioningtype: 'fat',
    });
    const zoneid = idOf(world.simulator.world.zones.all(), 'zone1');
    expect(world.user.done('createVolume', { diskofferingid, zoneid })['volume']).toMatchObject({
      diskBytesReadRate: 1_000,
      diskBytesWriteRate: 1_000,
      diskIopsReadRate: 40,
      diskIopsWriteRate: 40,
      provisioningtype: 'fat',
    });
  });
});

test.describe('a hidden volume', () => {
  test('is seen by root admins only, and does not count', () => {
    const world = testSimulator();
    const { admin, user, simulator } = world;
    const account = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
    const owner = { account: 'bosh', domainid: account.domainId };
    const count = (): number => simulator.world.volumes.total('accountId', account.id, 'volume');
    const id = createdVolume(world, admin, { ...owner, displayvolume: false });
    expect([count(), ids(user), ids(user, { id })]).toEqual([0, [], []]);
    expect(listedVolume(admin, id)).toMatchObject({ displayvolume: false });
    const shown = createdVolume(world, admin, owner);
    expect(ids(admin, { listall: true, displayvolume: false })).toEqual([id]);
    expect(ids(admin, { listall: true, displayvolume: true })).toEqual([shown]);
    expect(ids(user, { displayvolume: false })).toEqual([shown]);
    admin.done('updateVolume', { id, displayvolume: true });
    expect([count(), ids(user).length]).toEqual([2, 2]);
    expect(createdVolume(world, user, { displayvolume: false })).toBe(ids(user)[0]);
    assertSound(simulator);
  });

  test('is above no limit', () => {
    const world = testSimulator();
    const values = volumeValues(world, {
      account: 'bosh',
      domainid: world.simulator.world.domains.all()[0]!.id,
    });
    const { limits, accounts } = world.simulator.world;
    const owner = accounts.all().find(({ name }) => name === 'bosh')!;
    for (const limit of limits.where('ownerId', owner.id)) limits.change(limit, { max: 0 });
    expect(world.admin.fails('createVolume', values).errorcode).toBe(535);
    expect(world.admin.run('createVolume', { ...values, displayvolume: false }).status).toBe(1);
  });
});

test.describe('root admins write into a volume', () => {
  test('a path and a chain, which is what they read then', () => {
    const world = testSimulator();
    const id = readyVolume(world, world.user);
    expect(
      world.admin.done('updateVolume', { id, path: 'a/path', chaininfo: 'a chain' })['volume'],
    ).toMatchObject({ path: 'a/path', chaininfo: 'a chain' });
    expect(listedVolume(world.user, id)).toMatchObject({ chaininfo: 'a chain' });
    expect(listedVolume(world.user, id)).not.toHaveProperty('path');
  });

  test('another pool, of the same zone and where it can be', () => {
    const world = twoZones();
    const { admin, simulator } = world;
    const { storagePools, volumes } = simulator.world;
    const id = readyVolume(world, world.user);
    const other = storagePools
      .all()
      .find(
        ({ zoneId, id: poolId }) =>
          zoneId === volumes.require(id).zoneId && poolId !== volumes.require(id).poolId,
      )!;
    expect(admin.done('updateVolume', { id, storageid: other.id })['volume']).toMatchObject({
      storageid: other.id,
    });
    const foreign = storagePools.all().find(({ zoneId }) => zoneId !== other.zoneId)!;
    expect(admin.run('updateVolume', { id, storageid: foreign.id })).toMatchObject({
      resultcode: 431,
      result: {
        errortext: "Invalid storageId specified; refers to the pool outside of the volume's zone",
      },
    });
    const allocated = createdVolume(world, world.user);
    expect(admin.run('updateVolume', { id: allocated, storageid: other.id })).toMatchObject({
      resultcode: 432,
    });
    assertSound(simulator);
  });

  test('that it is Ready, when it is stuck or was destroyed', () => {
    const world = testSimulator();
    const { admin, user, simulator } = world;
    const id = readyVolume(world, user);
    const state = (asked: string): unknown => {
      const { result } = admin.run('updateVolume', { id, state: asked });
      return (result['volume'] as Reply | undefined)?.['state'] ?? result['errortext'];
    };
    simulator.world.volumes.move(simulator.world.volumes.require(id), 'ResizeRequested');
    expect(state('Ready')).toBe('Ready');
    expect(state('Ready')).toBe('Ready');
    user.done('destroyVolume', { id });
    expect(state('Ready')).toBe('Ready');
    expect(state('ready')).toBe('Invalid volume state specified');
    expect(state('Uploaded')).toBe(
      'The simulator does not write a volume that is Ready into the state Uploaded: nothing would be right there',
    );
    assertSound(simulator);
  });

  test('that it is Ready, while it is resized: the resize ends as it would have', () => {
    for (const isFull of [false, true]) {
      const world = testSimulator();
      const { admin, user, simulator } = world;
      const id = readyVolume(world, user);
      user.call('resizeVolume', { id, size: 20 });
      simulator.kernel.advanceBy(100);
      expect(listedVolume(user, id)).toMatchObject({ state: 'Resizing' });
      admin.call('updateVolume', { id, state: 'Ready' });
      simulator.kernel.advanceBy(100);
      expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', size: 10 * GIB });
      const { storagePools, volumes } = simulator.world;
      const pool = storagePools.require(volumes.require(id).poolId!);
      storagePools.change(pool, { full: isFull });
      simulator.kernel.advanceUntilIdle();
      const size = (isFull ? 10 : 20) * GIB;
      expect(listedVolume(user, id)).toMatchObject({ state: 'Ready', size });
      assertSound(simulator);
    }
  });

  test('and nobody else does: what they may not say is not heard', () => {
    const world = testSimulator();
    const { admin, user, simulator } = world;
    const role = admin.call('createRole', { name: 'mender', type: 'User' })['role'] as Reply;
    for (const rule of ['updateVolume', 'createVolume', 'queryAsyncJobResult']) {
      const permission = { roleid: role['id'] as string, rule, permission: 'allow' };
      admin.call('createRolePermission', permission);
    }
    const { accountId } = simulator.userWithRole('User');
    admin.call('updateAccount', { id: accountId, roleid: role['id'] as string });
    const id = createdVolume(world, user);
    const rows = (): string => JSON.stringify(simulator.world.volumes.all());
    const before = rows();
    expect(
      user.run('updateVolume', { id, path: 'p', chaininfo: 'c', state: 'X', displayvolume: false }),
    ).toMatchObject({ status: 1 });
    expect(rows()).toBe(before);
  });
});

test.describe('lists', () => {
  test('may tell the number alone', () => {
    const world = testSimulator();
    createdVolume(world, world.user);
    createdVolume(world, world.user);
    const count = (values: Values): unknown =>
      world.user.call('listVolumes', { retrieveonlyresourcecount: true, ...values });
    expect(count({})).toEqual({ count: 2 });
    expect(count({ name: 'none' })).toEqual({});
  });

  test('know no encrypted volume, but filter by that', () => {
    const world = testSimulator();
    const id = createdVolume(world, world.admin);
    expect(ids(world.admin, { isencrypted: false })).toEqual([id]);
    expect(ids(world.admin, { isencrypted: true })).toEqual([]);
    const own = createdVolume(world, world.user);
    expect(ids(world.user, { isencrypted: true })).toEqual([own]);
  });

  test('by a pool that there is not are refused', () => {
    const { admin } = testSimulator();
    expect(admin.fails('listVolumes', { storageid: 'nowhere' })).toMatchObject({
      errorcode: 431,
      errortext: 'Unable to find storage pool by uuid nowhere',
    });
  });

  test('by zone and by service offering, which a disk offering puts aside', () => {
    const world = twoZones();
    const { user, simulator } = world;
    const { zones, serviceOfferings } = simulator.world;
    const vm = deployed(world, user);
    const disk = createdVolume(world, user);
    const far = createdVolume(world, user, { zoneid: idOf(zones.all(), 'zone2') });
    expect(ids(user, { zoneid: idOf(zones.all(), 'zone2') })).toEqual([far]);
    const serviceofferingid = idOf(serviceOfferings.all(), 'm1.small');
    const root = ids(user, { virtualmachineid: vm['id'] as string });
    expect(ids(user, { serviceofferingid })).toEqual(root);
    expect(ids(user, { serviceofferingid: idOf(serviceOfferings.all(), 'm1.local') })).toEqual([]);
    const diskofferingid = diskOfferingId(world, 'shared.custom');
    expect(ids(user, { serviceofferingid, diskofferingid })).toEqual([far, disk]);
  });

  test('tell what a disk has read, 0, once it is in use', () => {
    const world = testSimulator();
    const { user } = world;
    const zero = { diskioread: 0, diskiowrite: 0, diskkbsread: 0, diskkbswrite: 0 };
    const vm = deployed(world, user, { startvm: false });
    const [root] = ids(user, { virtualmachineid: vm['id'] as string });
    expect(listedVolume(user, root!)).not.toHaveProperty('diskioread');
    const id = createdVolume(world, user);
    expect(listedVolume(user, id)).not.toHaveProperty('diskioread');
    attached(user, id, vm['id'] as string);
    expect(listedVolume(user, id)).toMatchObject(zero);
    user.done('startVirtualMachine', { id: vm['id'] as string });
    expect(listedVolume(user, root!)).toMatchObject(zero);
  });
});
