// Proves what listNetworkOfferings shows of CloudStack's own offerings and those of the world, by
// each of its filters, and with which texts it refuses.
import { expect, test } from '@playwright/test';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { createNetworkWorld, networkNamed } from '../../../support/network-world.js';

const description = {
  networkOfferings: [
    { name: 'DefaultIsolated', displayText: 'For tests', guestIpType: 'Isolated' as const },
    {
      name: 'NamesOnly',
      guestIpType: 'Isolated' as const,
      services: ['Dns' as const],
      conserveMode: false,
      enabled: false,
    },
  ],
};

function names(client: TestClient, values: Values = {}): string[] {
  const offerings = (client.call('listNetworkOfferings', values)['networkoffering'] ??
    []) as Reply[];
  return offerings.map((offering) => String(offering['name']));
}

const L2 = [
  'DefaultL2NetworkOffering',
  'DefaultL2NetworkOfferingVlan',
  'DefaultL2NetworkOfferingConfigDrive',
  'DefaultL2NetworkOfferingConfigDriveVlan',
];
const VPC = [
  'DefaultIsolatedNetworkOfferingForVpcNetworks',
  'DefaultIsolatedNetworkOfferingForVpcNetworksNoLB',
];
const SOURCE_NAT = 'DefaultIsolatedNetworkOfferingWithSourceNatService';

test('shows an offering as clients choose by it', () => {
  const { user } = createNetworkWorld(description);
  const [offering] = user.call('listNetworkOfferings', { name: SOURCE_NAT })['networkoffering'];
  expect(offering).toMatchObject({
    name: SOURCE_NAT,
    traffictype: 'Guest',
    guestiptype: 'Isolated',
    isdefault: true,
    specifyvlan: false,
    specifyipranges: false,
    conservemode: true,
    availability: 'Required',
    state: 'Enabled',
    forvpc: false,
  });
  const services = (offering.service as { name: string }[]).map(({ name }) => name);
  expect(services.sort()).toEqual([
    'Dhcp',
    'Dns',
    'Firewall',
    'Lb',
    'PortForwarding',
    'SourceNat',
    'StaticNat',
    'UserData',
    'Vpn',
  ]);
  expect(offering.service[0].provider).toEqual([{ name: 'VirtualRouter' }]);
});

test('shows those of the world as they were described', () => {
  const { user } = createNetworkWorld(description);
  const [offering] = user.call('listNetworkOfferings', { name: 'NamesOnly' })['networkoffering'];
  expect(offering).toMatchObject({
    displaytext: 'NamesOnly',
    isdefault: false,
    conservemode: false,
    availability: 'Optional',
    state: 'Disabled',
    service: [{ name: 'Dns' }],
  });
});

for (const [filter, values, expected] of [
  ['name', { name: 'defaultisolated' }, ['DefaultIsolated']],
  ['part of the text', { displaytext: 'for TESTS' }, ['DefaultIsolated']],
  ['keyword in the name', { keyword: 'NamesO' }, ['NamesOnly']],
  ['keyword in the text', { keyword: 'For tests' }, ['DefaultIsolated']],
  ['type', { guestiptype: 'l2' }, L2],
  ['availability', { availability: 'Required' }, [SOURCE_NAT]],
  ['state', { state: 'Disabled' }, ['NamesOnly']],
  ['those for VPCs', { forvpc: true }, VPC],
  ['not CloudStack’s own', { isdefault: false }, ['DefaultIsolated', 'NamesOnly']],
  [
    'a VLAN to choose',
    { specifyvlan: true, guestiptype: 'Isolated' },
    ['DefaultIsolatedNetworkOffering'],
  ],
  [
    'a VLAN to choose for L2',
    { specifyvlan: true, guestiptype: 'L2' },
    L2.filter((name) => name.endsWith('Vlan')),
  ],
  [
    'a range to choose',
    { specifyipranges: true },
    ['DefaultSharedNetworkOffering', 'DefaultIsolatedNetworkOffering'],
  ],
  [
    'services',
    { supportedservices: 'lb,StaticNat', forvpc: false },
    [SOURCE_NAT, 'DefaultIsolated'],
  ],
  ['source NAT', { sourcenatsupported: true, forvpc: false }, [SOURCE_NAT, 'DefaultIsolated']],
  ['another kind of traffic', { traffictype: 'Public' }, []],
  ['a page', { guestiptype: 'L2', page: 2, pagesize: 3 }, L2.slice(3)],
] as const) {
  test(`filters by ${filter}`, () => {
    expect(names(createNetworkWorld(description).user, values)).toEqual(expected);
  });
}

test('filters by id and zone, and by what a network could be changed to', () => {
  const { user, world } = createNetworkWorld(description);
  const { id } = world.networkOfferings.all().find((row) => row.name === 'DefaultIsolated')!;
  expect(names(user, { id })).toEqual(['DefaultIsolated']);
  expect(names(user, { id, name: 'NamesOnly' })).toEqual([]);
  expect(names(user, { zoneid: world.zones.all()[0]!.id })).toHaveLength(11);
  const networkid = networkNamed(world, 'isolated').id;
  expect(names(user, { networkid })).toEqual(['DefaultIsolated']);
  expect(names(user, { domainid: world.domains.all()[0]!.id })).toHaveLength(11);
});

test('what is unknown, gone or somebody else’s is refused', () => {
  const { user, other, world } = createNetworkWorld();
  const fails = (values: Values, client = user): string =>
    client.fails('listNetworkOfferings', values).errortext;
  expect(fails({ supportedservices: 'Dns,Coffee' })).toBe('Invalid service specified Coffee');
  expect(fails({ id: networkNamed(world, 'isolated').id })).toContain('entity does not exist');
  expect(fails({ page: 1 })).toContain('"pagesize" parameter is required');
  expect(fails({ routingmode: 'Static' })).toContain('does not simulate the parameter routingmode');
  const network = networkNamed(world, 'isolated');
  expect(fails({ networkid: network.id }, other)).toContain('does not have permission');
  world.networks.move(network, 'DestroyNetwork');
  world.networks.remove(network);
  expect(fails({ networkid: network.id })).toBe(
    `Unable to find the network by id=${network.internalId}`,
  );
  const zone = world.zones.all()[0]!;
  world.zones.remove(zone);
  expect(fails({ zoneid: zone.id })).toBe(`Unable to find the zone by id=${zone.internalId}`);
});
