// Proves what a network has besides its addresses: name servers, largest packets, the router's and the
// outer address, whether users see it; how it is changed, and what of a change needs another router;
// what part of it VMs get addresses of; and each refusal with its text.
import { expect, test } from '@playwright/test';
import type { NetworkRow } from '../../../../simulator/world/entities.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { jobFails, offeringNamed, unchanged } from './network-requests.js';

const ISOLATED = 'DefaultIsolatedNetworkOfferingWithSourceNatService';
const SHARED = 'DefaultSharedNetworkOffering';

function newValues({ world }: NetworkWorld, offering: string, values: Values = {}): Values {
  return {
    name: 'new',
    zoneid: world.zones.all()[0]!.id,
    networkofferingid: offeringNamed(world, offering).id,
    ...(offering === SHARED && {
      vlan: 77,
      gateway: '10.8.0.1',
      netmask: '255.255.255.0',
      startip: '10.8.0.10',
      endip: '10.8.0.19',
    }),
    ...values,
  };
}

function created(
  zone: NetworkWorld,
  values: Values = {},
  offering = ISOLATED,
  client: TestClient = zone.admin,
): Reply {
  return client.call('createNetwork', newValues(zone, offering, values))['network'] as Reply;
}

function refusal(
  zone: NetworkWorld,
  values: Values,
  offering = ISOLATED,
  client: TestClient = zone.admin,
): [number, string] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails(
      'createNetwork',
      newValues(zone, offering, values),
    );
    return [httpStatus, errortext];
  });
}

/** The user's isolated network, and what an update answers. */
function scene(isUp = true): NetworkWorld & {
  network: NetworkRow;
  updated: (values: Values, client?: TestClient) => Reply;
  fails: (values: Values, client?: TestClient) => [number, string];
} {
  const zone = createNetworkWorld();
  const network = networkNamed(zone.world, 'isolated');
  if (isUp) implementNetwork(zone.world, network);
  const { id } = network;
  return {
    ...zone,
    network,
    updated: (values, client = zone.user) =>
      client.done('updateNetwork', { id, ...values })['network'] as Reply,
    fails: (values, client = zone.user) =>
      jobFails(zone, client, 'updateNetwork', { id, ...values }),
  };
}

function routerId({ world }: NetworkWorld, { id }: NetworkRow): string | undefined {
  return world.routers.where('networkId', id)[0]?.id;
}

test('a network has name servers of its own, or those of its zone', () => {
  const zone = createNetworkWorld();
  expect(created(zone)).toMatchObject({ dns1: zone.world.zones.all()[0]!.dns1 });
  expect(created(zone, { dns1: '9.9.9.9', dns2: '9.9.9.10' })).toMatchObject({
    dns1: '9.9.9.9',
    dns2: '9.9.9.10',
  });
  expect(refusal(zone, { dns2: '9.9.9.9' })).toEqual([
    431,
    'Second IPv4 DNS can be specified only with the first IPv4 DNS',
  ]);
  expect(refusal(zone, { dns1: 'x' })).toEqual([431, 'Invalid IPv4 for DNS1']);
  expect(refusal(zone, { dns1: '9.9.9.9', dns2: 'x' })).toEqual([431, 'Invalid IPv4 for DNS2']);
  expect(refusal(zone, { dns1: '9.9.9.9' }, 'DefaultL2NetworkOffering')).toEqual([
    431,
    'DNS can not be specified L2 networks',
  ]);
});

test('name servers are changed and taken back, each time with another router', () => {
  const { updated, fails, network, ...zone } = scene();
  const first = routerId(zone, network);
  expect(updated({ dns1: '9.9.9.9', dns2: '9.9.9.10' })).toMatchObject({ dns2: '9.9.9.10' });
  const second = routerId(zone, network);
  expect(second).not.toBe(first);
  updated({ dns1: '9.9.9.9' });
  expect(routerId(zone, network)).toBe(second);
  expect(fails({ dns1: '' })[1]).toBe(
    'Second IPv4 DNS can be specified only with the first IPv4 DNS',
  );
  expect(updated({ dns1: '', dns2: '' })).not.toHaveProperty('dns2');
  expect(network.dns1).toBeNull();
  assertSound(zone);
});

test('largest packets are what users choose only where they may, within bounds', () => {
  const { updated, network, admin, ...zone } = scene();
  const there = { ...zone, admin };
  expect(created(there, { publicmtu: 1_400, privatemtu: 1_300 })).toMatchObject({
    publicmtu: 1_500,
    privatemtu: 1_500,
  });
  const name = 'allow.end.users.to.specify.vr.mtu';
  admin.call('updateConfiguration', { name, value: 'true' });
  expect(created(there, { publicmtu: 1_400, privatemtu: 9_000 })).toMatchObject({
    publicmtu: 1_400,
    privatemtu: 1_500,
  });
  expect(created(there, { privatemtu: 1 })).toMatchObject({ publicmtu: 1_500, privatemtu: 68 });
  expect(updated({ publicmtu: 1_300, privatemtu: 1_200 })).toMatchObject({
    publicmtu: 1_300,
    privatemtu: 1_200,
  });
  // A network without a router has nothing that could be told.
  const idle = networkNamed(zone.world, 'l2');
  admin.done('updateNetwork', { id: idle.id, publicmtu: 1_000, privatemtu: 1_000 });
  expect(idle).toMatchObject({ publicMtu: 1_500, privateMtu: 1_500 });
  expect(network.publicMtu).toBe(1_300);
});

test('the router of a shared network has the address that was chosen', () => {
  const zone = createNetworkWorld();
  const { id, details } = created(zone, { routerip: '10.8.0.12' }, SHARED);
  expect(details).toEqual({ routerIp: '10.8.0.12' });
  const vm = addVm(zone.world);
  const network = zone.world.networks.require(id as string);
  implementNetwork(zone.world, network);
  const [router] = zone.admin.call('listRouters', { networkid: id as string, listall: true })[
    'router'
  ];
  expect(router.guestipaddress).toBe('10.8.0.12');
  expect(zone.world.nics.where('vmId', vm.id)).toEqual([]);
  expect(refusal(zone, { routerip: '10.8.0.99', vlan: 78 }, SHARED)).toEqual([
    530,
    'Router IPv4 IP provided is not within the specified range: 10.8.0.10 - 10.8.0.19',
  ]);
  expect(refusal(zone, { routerip: 'x', vlan: 78 }, SHARED)).toEqual([
    530,
    'Router IPv4 IP provided is of incorrect format',
  ]);
  expect(refusal(zone, { routerip: '10.8.0.12' })).toEqual([
    431,
    'Router IP can be specified only for Shared networks',
  ]);
});

test('a network is made with the outer address that was chosen, or changed to one that it has', () => {
  const { updated, network, world, user, ...zone } = scene();
  const there = { ...zone, world, user };
  const free = world.publicIps.all()[2]!;
  const made = created(there, { sourcenatipaddress: free.ipAddress }, ISOLATED, user);
  expect(free).toMatchObject({ networkId: made['id'], isSourceNat: true });
  expect(refusal(there, { sourcenatipaddress: free.ipAddress })).toEqual([
    533,
    'Insufficient address capacity',
  ]);
  const { ipaddress } = user.done('associateIpAddress', { networkid: network.id });
  const router = routerId(there, network);
  updated({ sourcenatipaddress: '203.0.113.99' });
  expect(routerId(there, network)).toBe(router);
  updated({ sourcenatipaddress: ipaddress.ipaddress });
  expect(world.publicIps.require(ipaddress.id).isSourceNat).toBe(true);
  expect(routerId(there, network)).not.toBe(router);
  assertSound(there);
});

test('what is hidden only root admins find, and it counts for nothing', () => {
  const { updated, network, admin, user, world } = scene();
  const names = (client: TestClient, values: Values = {}): unknown[] =>
    ((client.call('listNetworks', values)['network'] ?? []) as Reply[]).map(({ name }) => name);
  const owner = { account: 'bosh', domainid: world.domains.all()[0]!.id };
  const zone = { world, admin, user } as NetworkWorld;
  const hidden = created({ ...zone }, { displaynetwork: false, ...owner });
  expect(hidden['displaynetwork']).toBe(false);
  expect(names(user)).not.toContain('new');
  expect(names(admin, { listall: true, displaynetwork: false })).toEqual(['new']);
  const count = (): number => world.networks.total('accountId', network.accountId, 'network');
  expect(count()).toBe(1);
  updated({ displaynetwork: false }, admin);
  expect(count()).toBe(0);
  // Nobody else's word counts.
  updated({ displaynetwork: true });
  expect(count()).toBe(0);
  admin.done('updateNetwork', { id: hidden['id'] as string, displaynetwork: true });
  expect(names(user)).toContain('new');
});

test('root admins see details, and say that the use of addresses is not counted', () => {
  const { updated, admin, world } = scene();
  const zone = { world, admin } as NetworkWorld;
  expect(created(zone, { hideipaddressusage: true })['details']).toEqual({
    hideIpAddressUsage: 'true',
  });
  expect(updated({ hideipaddressusage: false }, admin)['details']).toEqual({
    hideIpAddressUsage: 'false',
  });
  expect(updated({ name: 'x' })).not.toHaveProperty('details');
});

test('networks on one VLAN, where a root admin wants that, and networks by VLAN', () => {
  const zone = createNetworkWorld();
  const { admin, world } = zone;
  const first = created(zone, {}, SHARED);
  const again = { gateway: '10.9.0.1', startip: '10.9.0.10', endip: '10.9.0.11' };
  expect(refusal(zone, again, SHARED)[1]).toMatch(
    /^Network with vlan 77 already exists or overlaps /,
  );
  const second = created(zone, { ...again, bypassvlanoverlapcheck: true }, SHARED);
  const onVlan = (vlan: string): unknown[] =>
    ((admin.call('listNetworks', { vlan, listall: true })['network'] ?? []) as Reply[]).map(
      ({ id }) => id,
    );
  expect(onVlan('77')).toEqual([first['id'], second['id']]);
  expect(onVlan('78')).toEqual([]);
  const physicalnetworkid = world.physicalNetworks.all()[0]!.id;
  expect(refusal(zone, { physicalnetworkid })).toEqual([
    431,
    'Physical network ID can be specified for networks of guest IP type Shared or L2 only.',
  ]);
  created(zone, { physicalnetworkid }, 'DefaultL2NetworkOffering');
});

test('sizes are for networks whose addresses are routed', () => {
  const zone = createNetworkWorld();
  expect(refusal(zone, { cidrsize: 24 })).toEqual([
    431,
    'network cidr size is only applicable on Isolated networks with ROUTED mode: 24',
  ]);
  const subnet = { gateway: '10.8.0.1', netmask: '255.255.255.0' };
  expect(refusal(zone, { cidrsize: 24, ...subnet })).toEqual([
    431,
    'network cidr and cidr size are mutually exclusive',
  ]);
  expect(refusal(zone, { cidrsize: 24 }, 'DefaultL2NetworkOffering')).toEqual([
    431,
    'network cidr size is only applicable on Isolated networks',
  ]);
});

test('the domain of names changes with another router, where somebody answers for names', () => {
  const { updated, fails, network, ...zone } = scene();
  const router = routerId(zone, network);
  expect(updated({ networkdomain: 'web.example' })).toMatchObject({ networkdomain: 'web.example' });
  expect(routerId(zone, network)).not.toBe(router);
  expect(fails({ networkdomain: '-' })[1]).toMatch(/^Invalid network domain\. /);
  const id = networkNamed(zone.world, 'l2').id;
  expect(jobFails(zone, zone.user, 'updateNetwork', { id, networkdomain: 'a' })).toEqual([
    431,
    'Domain suffix update can only be performed for Isolated and shared networks.',
  ]);
});

test('VMs get addresses of a part of a network, the rest is reserved', () => {
  const { updated, fails, ...zone } = scene();
  const nic = addNic(zone.world, addVm(zone.world), 'isolated', { ipAddress: '10.1.0.70' });
  expect(fails({ guestvmcidr: '10.1.0.128/25' })).toEqual([
    431,
    'Active IPs like 10.1.0.70 exist outside the Guest VM CIDR. Cannot apply reservation ',
  ]);
  expect(updated({ guestvmcidr: '10.1.0.64/26' })).toMatchObject({
    cidr: '10.1.0.64/26',
    networkcidr: '10.1.0.0/24',
    netmask: '255.255.255.0',
    reservediprange: '10.1.0.1-10.1.0.64 ,  10.1.0.127-10.1.0.254',
  });
  expect(() =>
    addNic(zone.world, addVm(zone.world), 'isolated', { ipAddress: '10.1.0.5' }),
  ).toThrow(/Unable to acquire Guest IP address/);
  zone.world.nics.change(nic, { ipAddress: '10.1.0.5' });
  expect(updated({ guestvmcidr: '10.1.0.0/25' })['reservediprange']).toBe('10.1.0.127-10.1.0.254');
  zone.world.nics.change(nic, { ipAddress: '10.1.0.200' });
  expect(updated({ guestvmcidr: '10.1.0.128/25' })['reservediprange']).toBe('10.1.0.1-10.1.0.128');
  const whole = updated({ guestvmcidr: '10.1.0.0/24' });
  for (const field of ['networkcidr', 'reservediprange']) expect(whole).not.toHaveProperty(field);
  for (const [guestvmcidr, text] of [
    ['10.1.0.0', 'Invalid format of Guest VM CIDR.'],
    ['8.8.8.0/24', 'Invalid format of Guest VM CIDR. Make sure it is RFC1918 compliant. '],
    [
      '10.2.0.0/24',
      'Invalid value of Guest VM CIDR. For IP Reservation, Guest VM CIDR  should be a subset of ' +
        'network CIDR :  10.1.0.0/24',
    ],
    [
      '10.1.0.1/24',
      'The Start IP and End IP of guestvmcidr: 10.1.0.1/24 and CIDR: 10.1.0.0/24 are same, even ' +
        'though both the cidrs appear to be different. As a precaution no IP Reservation will be ' +
        'applied.',
    ],
  ] as const) {
    expect(fails({ guestvmcidr })).toEqual([431, text]);
  }
  const id = networkNamed(zone.world, 'l2').id;
  expect(jobFails(zone, zone.user, 'updateNetwork', { id, guestvmcidr: '10.1.0.0/25' })).toEqual([
    431,
    'Can only allow IP Reservation in networks with guest type Isolated',
  ]);
});

/** An offering as the default one, but for a few services. */
function offeringWith(zone: NetworkWorld, without: readonly string[], values: Values = {}): string {
  const { services } = offeringNamed(zone.world, ISOLATED);
  const kept = services.filter((service) => service !== 'Gateway' && !without.includes(service));
  const { networkoffering } = zone.admin.call('createNetworkOffering', {
    name: `without ${without.join()}`,
    traffictype: 'Guest',
    guestiptype: 'Isolated',
    supportedservices: kept.join(),
    enable: true,
    ...values,
  });
  return networkoffering.id as string;
}

test('a network gets another offering, with another router', () => {
  const { updated, network, ...zone } = scene();
  const router = routerId(zone, network);
  const networkofferingid = offeringWith(zone, []);
  expect(updated({ networkofferingid })).toMatchObject({
    networkofferingid,
    networkofferingname: 'without ',
    state: 'Implemented',
  });
  expect(routerId(zone, network)).not.toBe(router);
  const again = routerId(zone, network);
  updated({ networkofferingid });
  expect(routerId(zone, network)).toBe(again);
  assertSound(zone);
});

test('what a network loses with its services must be wanted', () => {
  const { updated, fails, network, ...zone } = scene();
  const { user, world } = zone;
  const { ipaddress } = user.done('associateIpAddress', { networkid: network.id });
  const vm = addVm(world);
  addNic(world, vm, 'isolated');
  const values = { ipaddressid: ipaddress.id, protocol: 'tcp' };
  user.done('createPortForwardingRule', {
    ...values,
    virtualmachineid: vm.id,
    publicport: 80,
    privateport: 80,
  });
  const networkofferingid = offeringWith(zone, ['PortForwarding', 'Vpn']);
  expect(fails({ networkofferingid })).toEqual([
    530,
    'The new offering:without PortForwarding,Vpn will remove the following services ' +
      '[PortForwarding, Vpn]along with all the related configuration currently in use. will not ' +
      'proceed with the network update.set forced parameter to true for forcing an update.',
  ]);
  updated({ networkofferingid, forced: true });
  expect(world.portForwardingRules.all()).toEqual([]);
  user.call('enableStaticNat', { ipaddressid: ipaddress.id, virtualmachineid: vm.id });
  user.done('createEgressFirewallRule', { networkid: network.id, protocol: 'all' });
  const bare = offeringWith(zone, ['PortForwarding', 'Vpn', 'StaticNat', 'Firewall', 'Lb']);
  updated({ networkofferingid: bare, forced: true });
  expect(world.publicIps.require(ipaddress.id).vmId).toBeNull();
  expect(world.firewallRules.all()).toEqual([]);
  updated({
    networkofferingid: offeringWith(zone, [
      'SourceNat',
      'Lb',
      'Vpn',
      'StaticNat',
      'PortForwarding',
      'Firewall',
    ]),
    forced: true,
  });
  expect(world.publicIps.where('networkId', network.id)).toEqual([]);
  assertSound(zone);
});

test('the addresses of a network change only while its VMs are off, and nothing is reserved then', () => {
  const { updated, fails, ...zone } = scene();
  const vm = addVm(zone.world, 'Running');
  addNic(zone.world, vm, 'isolated', { ipAddress: '10.1.0.70' });
  updated({ guestvmcidr: '10.1.0.64/26' });
  const networkofferingid = offeringWith(zone, []);
  expect(fails({ networkofferingid, guestvmcidr: '10.1.0.64/26' })).toEqual([
    431,
    'Cannot specify this network offering change and guestVmCidr at same time. Specify only one.',
  ]);
  expect(fails({ networkofferingid, changecidr: true })).toEqual([
    431,
    'All user vm of network of specified id should be stopped before changing CIDR!',
  ]);
  zone.world.vms.move(vm, 'StopRequested');
  zone.world.vms.move(vm, 'OperationSucceeded', { hostId: null });
  expect(updated({ networkofferingid, changecidr: true })).toMatchObject({ cidr: '10.1.0.0/24' });
});

test('offerings that do not fit are refused', () => {
  const { fails, ...zone } = scene();
  const { world } = zone;
  const idOf = (name: string): string => offeringNamed(world, name).id;
  expect(fails({ networkofferingid: offeringWith(zone, [], { enable: false }) })).toEqual([
    431,
    "Network offering with specified id is not in Enabled state, can't upgrade to it",
  ]);
  const ofVpcs = idOf('DefaultIsolatedNetworkOfferingForVpcNetworks');
  expect(fails({ networkofferingid: ofVpcs })).toEqual([
    431,
    "Can't update as the new offering is a vpc offering ",
  ]);
  const onVlan = idOf('DefaultIsolatedNetworkOffering');
  expect(fails({ networkofferingid: onVlan })).toEqual([
    431,
    `Can't upgrade from network offering ${idOf(ISOLATED)} to ${onVlan}; check logs for more information`,
  ]);
  const gone = offeringWith(zone, []);
  zone.admin.call('deleteNetworkOffering', { id: gone });
  expect(fails({ networkofferingid: gone })).toEqual([
    431,
    'Unable to find network offering with specified id',
  ]);
  const id = networkNamed(world, 'shared').id;
  const networkofferingid = idOf(SHARED);
  expect(jobFails(zone, zone.admin, 'updateNetwork', { id, networkofferingid })).toEqual([
    431,
    'NetworkOffering update can be performed for Isolated networks only.',
  ]);
});

test('a network that is not up yet changes at once, without a router', () => {
  const { updated, network, ...zone } = scene(false);
  const before = zone.simulator.kernel.nowMs;
  updated({ dns1: '9.9.9.9', networkofferingid: offeringWith(zone, []) });
  expect(zone.simulator.kernel.nowMs - before).toBe(zone.world.settings.get('duration.job'));
  expect(routerId(zone, network)).toBeUndefined();
});

test('a network tells what its services can do, and whether traffic goes out', () => {
  const { updated } = scene();
  const { service, egressdefaultpolicy, receivedbytes, sentbytes } = updated({ name: 'x' });
  expect([egressdefaultpolicy, receivedbytes, sentbytes]).toEqual([false, 0, 0]);
  const capabilities = (name: string): Reply[] =>
    (service as Reply[]).find((row) => row['name'] === name)!['capability'] as Reply[];
  expect(capabilities('Firewall')).toContainEqual({
    name: 'SupportedProtocols',
    value: 'tcp,udp,icmp',
    canchooseservicecapability: false,
  });
  expect(capabilities('Lb')).toContainEqual({
    name: 'SupportedLBIsolation',
    value: 'dedicated',
    canchooseservicecapability: true,
  });
  expect(capabilities('UserData')).toEqual([]);
  expect(capabilities('SourceNat')).toHaveLength(2);
});
