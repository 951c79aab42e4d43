// Proves when a VPC gets its virtual router and when it goes, in which tiers it is, what is listed of it,
// and what stop, start, reboot and destroy of it mean to guests, to VMs that start and to restarts.
import { expect, test } from '@playwright/test';
import type { NetworkWorld } from '../../../support/network-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  addRunningVm,
  addTier,
  addVpc,
  createVpcWorld,
  failedJob,
} from '../../../support/vpc-world.js';

function routers({ admin }: NetworkWorld, values: Values = {}): Reply[] {
  return (admin.call('listRouters', { listall: true, ...values })['router'] ?? []) as Reply[];
}

/** The one router that there is. */
function routerOf(zone: NetworkWorld): Reply {
  const [router, ...others] = routers(zone);
  expect([router === undefined, others]).toEqual([false, []]);
  return router!;
}

interface Scene extends NetworkWorld {
  readonly vpcId: string;
  readonly tierId: string;
  readonly vmId: string;
  /** The id of the VPC's router. */
  readonly id: string;
}

/** A VPC with a tier and a VM in it. */
function scene(): Scene {
  const zone = createVpcWorld();
  const vpcId = addVpc(zone)['id'] as string;
  const tierId = addTier(zone, vpcId)['id'] as string;
  const vmId = addRunningVm(zone, tierId)['id'] as string;
  return { ...zone, vpcId, tierId, vmId, id: routerOf(zone)['id'] };
}

function metadata({ simulator, vmId }: Scene, file: string): string | undefined {
  const answer = simulator.guest(vmId).get(`http://data-server/latest/${file}`);
  return answer === undefined ? undefined : Buffer.from(answer.body).toString();
}

const traffic = ({ nic }: Reply): unknown[] =>
  nic.map(({ traffictype, ipaddress }: Reply) => [traffictype, ipaddress]);

test('a VPC has a router from its start, or from that of the first VM in a tier', () => {
  const zone = createVpcWorld();
  const vpcid = addVpc(zone, { start: false })['id'];
  const tier = addTier(zone, vpcid)['id'];
  expect(routers(zone)).toEqual([]);
  addRunningVm(zone, tier);
  expect(routerOf(zone)).toMatchObject({ vpcid, guestnetworkid: tier, state: 'Running' });
  addVpc(zone, { name: 'second', cidr: '10.9.0.0/16' });
  expect(routers(zone).map(({ vpcname }) => vpcname)).toEqual(['cloud', 'second']);
  assertSound(zone);
});

test('all that is particular about the router of a VPC', () => {
  const zone = createVpcWorld();
  const vpc = addVpc(zone);
  const bare = routerOf(zone);
  const [outside] = zone.world.publicIps.where('vpcId', vpc['id']);
  expect(bare).toMatchObject({
    vpcid: vpc['id'],
    vpcname: 'cloud',
    role: 'VIRTUAL_ROUTER',
    account: 'bosh',
    publicip: outside!.ipAddress,
    isredundantrouter: false,
    state: 'Running',
  });
  for (const field of ['guestipaddress', 'guestnetworkid', 'networkdomain']) {
    expect(bare).not.toHaveProperty(field);
  }
  const [first, second] = [1, 2].map((number) => addTier(zone, vpc['id'], number)['id']);
  addRunningVm(zone, first);
  addRunningVm(zone, second);
  addRunningVm(zone, second);
  const router = routerOf(zone);
  expect(router).toMatchObject({
    id: bare['id'],
    guestnetworkid: first,
    guestnetworkname: 'tier1',
  });
  expect(traffic(router)).toEqual([
    ['Control', router['linklocalip']],
    ['Public', outside!.ipAddress],
    ['Guest', '10.0.1.1'],
    ['Guest', '10.0.2.1'],
  ]);
  expect(router['nic'].map(({ isdefault }: Reply) => isdefault)).toEqual([
    false,
    true,
    false,
    false,
  ]);
  assertSound(zone);
});

test('lists tell routers of VPCs from those of networks', () => {
  const zone = scene();
  const other = addVpc(zone, { name: 'second', cidr: '10.9.0.0/16' })['id'];
  const isolated = zone.world.networks.all().find(({ name }) => name === 'isolated')!;
  addRunningVm(zone, isolated.id);
  const served = (values: Values): unknown[] =>
    routers(zone, values).map(({ vpcid, guestnetworkname }) => vpcid ?? guestnetworkname);
  expect(served({})).toEqual([zone.vpcId, other, 'isolated']);
  expect(served({ forvpc: true })).toEqual([zone.vpcId, other]);
  expect(served({ forvpc: false })).toEqual(['isolated']);
  expect(served({ vpcid: other })).toEqual([other]);
  expect(served({ networkid: zone.tierId })).toEqual([zone.vpcId]);
  expect(served({ keyword: 'tier1' })).toEqual([zone.vpcId]);
});

test('it leaves a tier that is deleted, and goes with its VPC', () => {
  const zone = scene();
  const { admin, user, vpcId, tierId } = zone;
  admin.done('destroyVirtualMachine', { id: zone.vmId, expunge: true });
  expect(traffic(routerOf(zone))).toHaveLength(3);
  user.done('deleteNetwork', { id: tierId });
  expect(traffic(routerOf(zone))).toHaveLength(2);
  assertSound(zone);
  user.done('deleteVPC', { id: vpcId });
  expect(routers(zone)).toEqual([]);
  assertSound(zone);
});

test('guests of tiers get their data from it, and nothing while it is off', () => {
  const zone = scene();
  const { admin, id } = zone;
  const { publicip } = routerOf(zone);
  const seen = (): unknown[] => ['vm-id', 'public-ipv4'].map((file) => metadata(zone, file));
  expect(seen()).toEqual([zone.vmId, publicip]);
  expect(admin.done('stopRouter', { id })['router']).toMatchObject({ id, state: 'Stopped' });
  expect(seen()).toEqual([undefined, undefined]);
  admin.done('startRouter', { id });
  expect(seen()).toEqual([zone.vmId, publicip]);
  expect(admin.done('rebootRouter', { id })['router']).toMatchObject({ id, state: 'Running' });
  admin.done('destroyRouter', { id });
  expect(seen()).toEqual([undefined, undefined]);
  assertSound(zone);
});

test('the next VM that starts in a tier starts it, or has another one made, which is in all tiers', () => {
  const zone = scene();
  const { admin, user, id, vmId } = zone;
  addRunningVm(zone, addTier(zone, zone.vpcId, 2)['id']);
  const again = (): void => {
    user.done('stopVirtualMachine', { id: vmId });
    user.done('startVirtualMachine', { id: vmId });
  };
  admin.done('stopRouter', { id });
  again();
  expect(routerOf(zone)).toMatchObject({ id, state: 'Running' });
  admin.done('destroyRouter', { id });
  expect(routers(zone)).toEqual([]);
  again();
  const next = routerOf(zone);
  expect(next['id']).not.toBe(id);
  expect(traffic(next).slice(2)).toEqual([
    ['Guest', '10.0.1.1'],
    ['Guest', '10.0.2.1'],
  ]);
  expect(metadata(zone, 'vm-id')).toBe(vmId);
  assertSound(zone);
});

test('a restart of the VPC starts it; with cleanup, or to be redundant, another one takes its place', () => {
  const zone = scene();
  const { admin, user, vpcId, id } = zone;
  const restarted = (values: Values): string => {
    user.done('restartVPC', { id: vpcId, ...values });
    assertSound(zone);
    expect(routerOf(zone)['state']).toBe('Running');
    return routerOf(zone)['id'];
  };
  admin.done('stopRouter', { id });
  expect(restarted({})).toBe(id);
  const second = restarted({ cleanup: true });
  expect(second).not.toBe(id);
  const third = restarted({ makeredundant: true });
  expect(third).not.toBe(second);
  expect(restarted({ makeredundant: true })).toBe(third);
  admin.done('destroyRouter', { id: third });
  expect(restarted({})).not.toBe(third);
});

test('a restart of a tier starts the router of its VPC', () => {
  const zone = scene();
  zone.admin.done('stopRouter', { id: zone.id });
  zone.user.done('restartNetwork', { id: zone.tierId });
  expect(routerOf(zone)).toMatchObject({ id: zone.id, state: 'Running' });
});

test('without a host that takes it neither is a VPC made nor restarted', () => {
  const zone = scene();
  const { admin, user, world, id, vpcId } = zone;
  admin.done('stopRouter', { id });
  for (const host of world.hosts.all()) world.hosts.move(host, 'Disable');
  for (const cleanup of [true, false]) {
    expect(failedJob(user, 'restartVPC', { id: vpcId, cleanup })).toEqual([
      530,
      'Failed to restart VPC',
    ]);
  }
  expect(world.vpcs.require(vpcId).restartRequired).toBe(true);
  expect(routerOf(zone)).toMatchObject({ id, state: 'Stopped' });
  expect(() => addVpc(zone, { name: 'second', cidr: '10.9.0.0/16' })).toThrow(
    'Failed to create VPC',
  );
  expect(world.vpcs.all().map((vpc) => vpc.id)).toEqual([vpcId]);
  assertSound(zone);
});

test('users may do nothing with it', () => {
  const { user, id } = scene();
  for (const command of ['startRouter', 'stopRouter', 'rebootRouter', 'destroyRouter']) {
    expect(user.fails(command, { id }).httpStatus).toBe(432);
  }
});
