// Proves what createNetwork makes of each kind of offering for users and admins, and with which
// code and text it refuses, in CloudStack's order of checks, leaving nothing behind.
import { expect, test } from '@playwright/test';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  networkWorld,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { offeringNamed, unchanged } from './network-requests.js';

const ISOLATED = 'DefaultIsolatedNetworkOfferingWithSourceNatService';

const offerings: WorldDescriptionInput['networkOfferings'] = [
  { name: 'DefaultIsolated', guestIpType: 'Isolated' },
  { name: 'SharedWithoutVlan', guestIpType: 'Shared', specifyVlan: false },
  { name: 'SharedWithoutRange', guestIpType: 'Shared', specifyIpRanges: false },
  { name: 'Disabled', guestIpType: 'Isolated', enabled: false },
];

function zoneWithOfferings(description: Partial<WorldDescriptionInput> = {}): NetworkWorld {
  return createNetworkWorld({ networkOfferings: offerings, ...description });
}

function request(zone: NetworkWorld, offering: string, values: Values = {}): Values {
  return {
    name: 'net',
    zoneid: zone.world.zones.all()[0]!.id,
    networkofferingid: offeringNamed(zone.world, offering).id,
    ...values,
  };
}

function created(
  zone: NetworkWorld,
  offering: string,
  values: Values = {},
  client: TestClient = zone.user,
): Reply {
  const { network } = client.call('createNetwork', request(zone, offering, values));
  assertSound(zone.simulator);
  return network as Reply;
}

function refused(
  zone: NetworkWorld,
  offering: string,
  values: Values = {},
  client: TestClient = zone.user,
): [number, string] {
  return unchanged(zone, () => {
    const reply = client.fails('createNetwork', request(zone, offering, values));
    return [reply.httpStatus, reply.errortext];
  });
}

test('an isolated network begins as a row: its VLAN and public address come with the first VM', () => {
  const zone = zoneWithOfferings();
  const { world, user } = zone;
  const values = { displaytext: 'A network', gateway: '10.66.0.1', netmask: '255.255.255.0' };
  const network = created(zone, 'DefaultIsolated', values);
  expect(network).toMatchObject({
    name: 'net',
    displaytext: 'A network',
    type: 'Isolated',
    state: 'Allocated',
    cidr: '10.66.0.0/24',
    gateway: '10.66.0.1',
    netmask: '255.255.255.0',
    acltype: 'Account',
    account: 'bosh',
    networkofferingname: 'DefaultIsolated',
    networkdomain: 'cs2cloud.internal',
    canusefordeploy: true,
  });
  expect(world.publicIps.all().every((publicIp) => publicIp.state === 'Free')).toBe(true);
  implementNetwork(world, networkNamed(world, 'net'));
  const listed = user.call('listNetworks', { id: network['id'] })['network'][0];
  expect(listed.state).toBe('Implemented');
  const sourceNat = { associatednetworkid: network['id'], issourcenat: true };
  expect(user.call('listPublicIpAddresses', sourceNat)['count']).toBe(1);
});

test('without addresses an isolated network has those of its zone', () => {
  const zone = zoneWithOfferings();
  expect(created(zone, ISOLATED)).toMatchObject({ cidr: '10.1.1.0/24', gateway: '10.1.1.1' });
  // A gateway alone is taken and has no effect; networks may share a name.
  expect(created(zone, ISOLATED, { gateway: '10.9.0.1' })).toMatchObject({ cidr: '10.1.1.0/24' });
});

test('an L2 network has no addresses and no domain', () => {
  const network = created(zoneWithOfferings(), 'DefaultL2NetworkOffering');
  expect(network).toMatchObject({ type: 'L2', state: 'Allocated', service: [] });
  for (const field of ['cidr', 'gateway', 'netmask', 'networkdomain']) {
    expect(network).not.toHaveProperty(field);
  }
});

test('a chosen domain names the VMs of the network', () => {
  const zone = zoneWithOfferings();
  const network = created(zone, ISOLATED, { networkdomain: 'example.internal' });
  expect(network['networkdomain']).toBe('example.internal');
});

const range = {
  gateway: '10.9.0.1',
  netmask: '255.255.255.0',
  startip: '10.9.0.10',
  endip: '10.9.0.19',
};
const shared = { ...range, vlan: '77' };

test('a shared network is set up at once, and serves the whole domain', () => {
  const zone = zoneWithOfferings();
  const { admin, user, world } = zone;
  const network = created(zone, 'DefaultSharedNetworkOffering', shared, admin);
  expect(network).toMatchObject({
    type: 'Shared',
    state: 'Setup',
    acltype: 'Domain',
    vlan: '77',
    specifyvlan: true,
    specifyipranges: true,
  });
  expect(network).not.toHaveProperty('account');
  expect(user.call('listNetworks', { id: network['id'] })['count']).toBe(1);
  const nic = addNic(world, addVm(world), 'net');
  expect(nic.ipAddress).toBe('10.9.0.10');
});

test('users may have a shared network for themselves where nobody must choose a VLAN', () => {
  const zone = zoneWithOfferings();
  const network = created(zone, 'SharedWithoutVlan', range);
  expect(network).toMatchObject({ type: 'Shared', acltype: 'Account', account: 'bosh' });
  expect(zone.other.call('listNetworks', { id: network['id'] })).toEqual({});
});

test('a network whose VLAN an admin chose is set up at once', () => {
  const zone = zoneWithOfferings();
  const values = { gateway: '10.9.0.1', netmask: '255.255.255.0' };
  const isolated = created(
    zone,
    'DefaultIsolatedNetworkOffering',
    { ...values, vlan: 'vlan://78' },
    zone.admin,
  );
  expect(isolated).toMatchObject({ state: 'Setup', vlan: '78', broadcasturi: 'vlan://78' });
  const l2 = created(zone, 'DefaultL2NetworkOfferingVlan', { vlan: '79' }, zone.admin);
  expect(l2).toMatchObject({ type: 'L2', state: 'Setup' });
});

test('admins create for other accounts', () => {
  const zone = zoneWithOfferings();
  const domainid = zone.world.domains.all()[0]!.id;
  const owner = { account: 'other', domainid };
  expect(created(zone, ISOLATED, owner, zone.admin)['account']).toBe('other');
  expect(created(zone, ISOLATED, { account: 'bosh', domainid })['account']).toBe('bosh');
  expect(refused(zone, ISOLATED, owner)).toEqual([
    531,
    "Can't create/list resources for account other in domain 1, permission denied",
  ]);
  expect(refused(zone, ISOLATED, { account: 'nobody', domainid }, zone.admin)).toEqual([
    431,
    'Unable to find account by name nobody in domain with specified id',
  ]);
});

test('a setting makes names unique within an account', () => {
  const zone = zoneWithOfferings({ settings: { 'allow.duplicate.networkname': false } });
  created(zone, ISOLATED);
  expect(refused(zone, ISOLATED)).toEqual([
    431,
    'Another network with same name already exists within account: bosh',
  ]);
  created(zone, ISOLATED, {}, zone.other);
});

test('a disabled zone is for root admins', () => {
  const zone = zoneWithOfferings();
  zone.world.zones.change(zone.world.zones.all()[0]!, { allocationState: 'Disabled' });
  expect(refused(zone, ISOLATED)).toEqual([
    531,
    'Cannot perform this operation since specified Zone is currently disabled',
  ]);
  created(zone, ISOLATED, {}, zone.admin);
});

test('what is removed is no offering and no zone', () => {
  const zone = zoneWithOfferings();
  const offering = offeringNamed(zone.world, 'DefaultIsolated');
  const values = request(zone, 'DefaultIsolated');
  zone.world.networkOfferings.remove(offering);
  expect(zone.user.fails('createNetwork', values).errortext).toBe(
    `Unable to find network offering by ID ${offering.internalId}`,
  );
  zone.world.zones.remove(zone.world.zones.all()[0]!);
  const other = offeringNamed(zone.world, ISOLATED).id;
  expect(zone.user.fails('createNetwork', { ...values, networkofferingid: other }).errortext).toBe(
    'Specified zone id was not found',
  );
});

test('a VLAN that another network has is refused', () => {
  const zone = zoneWithOfferings();
  created(zone, 'DefaultSharedNetworkOffering', shared, zone.admin);
  const { id, internalId, name } = zone.world.zones.all()[0]!;
  expect(refused(zone, 'DefaultSharedNetworkOffering', shared, zone.admin)).toEqual([
    431,
    'Network with vlan 77 already exists or overlaps with other network vlans in zone ' +
      `Zone {"id":${internalId},"name":"${name}","uuid":"${id}"}`,
  ]);
});

test('chosen VLANs and those that CloudStack chooses do not meet', () => {
  const zone = zoneWithOfferings();
  const next = networkNamed(zone.world, 'l2').vlan + 1;
  created(zone, 'DefaultL2NetworkOfferingVlan', { vlan: next, name: 'chosen' }, zone.admin);
  created(zone, ISOLATED);
  expect(networkNamed(zone.world, 'net').vlan).toBe(next + 1);
});

test('a network that is full or gone takes no VM', () => {
  const zone = zoneWithOfferings();
  const small = { gateway: '10.9.0.1', netmask: '255.255.255.252' };
  created(zone, ISOLATED, small);
  addNic(zone.world, addVm(zone.world), 'net');
  const full = zone.user.call('listNetworks', { keyword: 'net' })['network'][0];
  expect(full).toMatchObject({ name: 'net', canusefordeploy: false });
});

const wide = { gateway: '10.8.0.1', netmask: '255.255.0.0' };

for (const [problem, offering, values, text, as] of [
  ['no host as gateway', ISOLATED, { gateway: 'router' }, 'Gateway parameter is invalid'],
  ['300 in an address', ISOLATED, { gateway: '10.0.0.300' }, 'Gateway parameter is invalid'],
  [
    'a netmask with a hole',
    ISOLATED,
    { gateway: '10.0.0.1', netmask: '255.0.255.0' },
    'Invalid netmask',
  ],
  [
    'the network address as gateway',
    ISOLATED,
    { gateway: '10.9.0.0', netmask: '255.255.255.0' },
    'Invalid gateway IP provided. Either the IP is broadcast or network IP.',
  ],
  [
    'a subnet without hosts',
    ISOLATED,
    { gateway: '10.9.0.0', netmask: '255.255.255.254' },
    'Invalid gateway IP provided. Either the IP is broadcast or network IP.',
  ],
  [
    'a start address that is none',
    ISOLATED,
    { gateway: '10.9.0.1', netmask: '255.255.255.0', startip: 'x' },
    'Invalid format for the startIp parameter',
  ],
  [
    'an end address that is none',
    ISOLATED,
    { gateway: '10.9.0.1', netmask: '255.255.255.0', startip: '10.9.0.2', endip: 'x' },
    'Invalid format for the endIp parameter',
  ],
  [
    'a range without netmask',
    ISOLATED,
    { gateway: '10.9.0.1', startip: '10.9.0.2' },
    'gateway and netmask should be defined when startIP/endIP are passed in',
  ],
  ['a subnet that is too large for users', ISOLATED, wide, "Cidr size can't be less than 22"],
  [
    'public addresses',
    ISOLATED,
    { gateway: '8.8.8.1', netmask: '255.255.255.0' },
    'Virtual Guest Cidr 8.8.8.0/24 is not RFC 1918 or 6598 compliant',
  ],
  [
    'a domain that is none',
    ISOLATED,
    { networkdomain: 'a..b' },
    'Invalid network domain. Total length',
  ],
  [
    'an offering that is disabled',
    'Disabled',
    {},
    "Can't use specified network offering id as its state is not Enabled",
  ],
  [
    'an offering for VPCs',
    'DefaultIsolatedNetworkOfferingForVpcNetworks',
    {},
    'Network offering can be used for VPC networks only',
  ],
  [
    'a type of access that is none',
    ISOLATED,
    { acltype: 'Everyone' },
    'Incorrect aclType specified. Check the API documentation for supported types',
  ],
  [
    'an isolated network for a domain',
    ISOLATED,
    { acltype: 'domain' },
    'AclType should be Account for network of type Isolated',
    'admin',
  ],
  [
    'an L2 network for a domain',
    'DefaultL2NetworkOffering',
    { acltype: 'Domain' },
    'Only Shared networks can have aclType=Domain',
    'admin',
  ],
  [
    'a shared network by a user',
    'DefaultSharedNetworkOffering',
    shared,
    'This user can only create an Isolated network, a L2 network or a Shared network with specifyVlan=false.',
  ],
  [
    'an isolated network with a VLAN by a user',
    'DefaultIsolatedNetworkOffering',
    { gateway: '10.9.0.1', netmask: '255.255.255.0' },
    'Only ROOT admin is allowed to specify vlanId or bypass vlan overlap check',
  ],
  [
    'a VLAN for an offering that takes none',
    ISOLATED,
    { vlan: '80' },
    "Can't specify vlan; corresponding offering says specifyVlan=false",
    'admin',
  ],
  [
    'a VLAN for a shared network that takes none',
    'SharedWithoutVlan',
    shared,
    'Cannot specify vlanId when create a network from network offering with specifyvlan=false',
    'admin',
  ],
  [
    'no VLAN where one must be chosen',
    'DefaultL2NetworkOfferingVlan',
    {},
    'Vlan has to be specified; corresponding offering says specifyVlan=true',
    'admin',
  ],
  [
    'a shared network without a range',
    'DefaultSharedNetworkOffering',
    { vlan: '77' },
    'Either IPv4 or IPv6 start and end address are mandatory',
    'admin',
  ],
  [
    'a shared network without a gateway',
    'DefaultSharedNetworkOffering',
    { vlan: '77', startip: '10.9.0.10', endip: '10.9.0.19' },
    'Gateway/netmask are required when creating Shared networks.',
    'admin',
  ],
  [
    'an isolated network that nobody translates for, without addresses',
    'DefaultIsolatedNetworkOffering',
    { vlan: '77' },
    'gateway/netmask are required when create network of type Isolated with service SourceNat disabled',
    'admin',
  ],
  [
    'a range for an offering that takes none',
    'SharedWithoutRange',
    shared,
    "Network offering with specified id doesn't support adding multiple ip ranges",
    'admin',
  ],
  [
    'a range that ends before it starts',
    'DefaultSharedNetworkOffering',
    { ...shared, startip: '10.9.0.30' },
    'Please specify a valid IP range.',
    'admin',
  ],
  [
    'a range that starts outside of the subnet',
    'DefaultSharedNetworkOffering',
    { ...shared, startip: '10.8.0.30' },
    "Please ensure that your start IP is in the same subnet as your IP range's gateway",
    'admin',
  ],
  [
    'a range that ends outside of the subnet',
    'DefaultSharedNetworkOffering',
    { ...shared, endip: '10.10.0.30' },
    "Please ensure that your end IP is in the same subnet as your IP range's gateway",
    'admin',
  ],
  [
    'a range with the gateway in it',
    'DefaultSharedNetworkOffering',
    { ...shared, startip: '10.9.0.1' },
    'The gateway ip should not be the part of the ip range being added.',
    'admin',
  ],
] as const) {
  test(`refuses ${problem}`, () => {
    const zone = zoneWithOfferings();
    const [status, errortext] = refused(zone, offering, values, zone[as ?? 'user']);
    expect(errortext).toContain(text);
    expect(status).toBe(431);
  });
}

test('users cannot make a network for the whole domain', () => {
  const zone = zoneWithOfferings();
  expect(refused(zone, 'SharedWithoutVlan', { ...range, acltype: 'Domain' })).toEqual([
    531,
    'Only admin can create networks with aclType=Domain',
  ]);
});

test('a larger subnet is for root admins', () => {
  const zone = zoneWithOfferings();
  expect(created(zone, ISOLATED, wide, zone.admin)['cidr']).toBe('10.8.0.0/16');
});

test('parameters are checked first, in the order of their declaration', () => {
  const zone = zoneWithOfferings();
  const all = request(zone, ISOLATED);
  const without = (name: string): Values =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
  for (const name of ['name', 'networkofferingid', 'zoneid']) {
    expect(zone.user.fails('createNetwork', without(name)).errortext).toBe(
      `Unable to execute API command createnetwork due to missing parameter ${name}`,
    );
  }
  expect(zone.user.fails('createNetwork', {}).errortext).toContain('parameter name');
  const network = networkNamed(zone.world, 'isolated').id;
  const otherKind = { ...all, networkofferingid: network };
  expect(zone.user.fails('createNetwork', otherKind).errortext).toContain(
    `Invalid parameter networkofferingid value=${network} due to incorrect long value format`,
  );
  expect(zone.user.fails('createNetwork', { ...all, externalid: 'x' })).toMatchObject({
    httpStatus: 432,
  });
  const zoneNetworks = networkWorld.zones[0]!.networks!.length;
  expect(zone.world.networks.all()).toHaveLength(zoneNetworks);
});
