// Proves which network offerings can be made, that networks are created from them by those whose
// they are, and that a refusal makes none.
import { expect, test } from '@playwright/test';
import {
  createOfferingWorld,
  domainAt,
  networkOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

const isolated = {
  name: 'new',
  traffictype: 'Guest',
  guestiptype: 'Isolated',
  supportedservices: 'Dhcp,Dns,SourceNat,StaticNat',
};

const routed = {
  'serviceproviderlist[0].service': 'StaticNat',
  'serviceproviderlist[0].provider': 'VirtualRouter',
};

function serviceNames(offering: Reply): string[] {
  return (offering['service'] as { name: string }[]).map(({ name }) => name);
}

test('it is disabled at first; enabled, networks can be created from it', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const made = admin.call('createNetworkOffering', { ...isolated, ...routed })['networkoffering'];
  expect(made).toMatchObject({
    name: 'new',
    displaytext: 'new',
    guestiptype: 'Isolated',
    availability: 'Optional',
    state: 'Disabled',
    isdefault: false,
    conservemode: true,
    forvpc: false,
    egressdefaultpolicy: true,
  });
  expect(serviceNames(made)).toEqual(['Dhcp', 'Dns', 'SourceNat', 'StaticNat', 'Firewall']);
  const network = {
    name: 'mine',
    zoneid: zoneNamed(cloud, 'zone1'),
    networkofferingid: made.id,
  };
  expect(cloud.clientOf('bosh').fails('createNetwork', network).httpStatus).toBe(431);
  admin.call('updateNetworkOffering', { id: made.id, state: 'Enabled' });
  expect(cloud.clientOf('bosh').call('createNetwork', network)['network']).toMatchObject({
    networkofferingname: 'new',
    type: 'Isolated',
  });
});

test('every parameter shows in what is listed', () => {
  const cloud = createOfferingWorld();
  const { id } = cloud.clientOf('admin').call('createNetworkOffering', {
    name: 'wide',
    displaytext: 'For all',
    traffictype: 'guest',
    guestiptype: 'shared',
    specifyvlan: true,
    specifyipranges: true,
    conservemode: false,
    egressdefaultpolicy: false,
    supportedservices: 'Dhcp',
    enable: true,
    zoneid: zoneNamed(cloud, 'zone1'),
  })['networkoffering'];
  expect(
    cloud.clientOf('admin').call('listNetworkOfferings', { id })['networkoffering'],
  ).toMatchObject([
    {
      displaytext: 'For all',
      guestiptype: 'Shared',
      specifyvlan: true,
      specifyipranges: true,
      conservemode: false,
      egressdefaultpolicy: false,
      state: 'Enabled',
      zone: 'zone1',
    },
  ]);
});

test('access lists make it one for the tiers of VPCs, unless it has a firewall', () => {
  const admin = createOfferingWorld().clientOf('admin');
  const forVpc = (name: string, supportedservices: string): unknown =>
    admin.call('createNetworkOffering', { ...isolated, name, supportedservices })['networkoffering']
      .forvpc;
  expect(forVpc('tier', 'Dhcp,SourceNat,NetworkACL')).toBe(true);
  expect(forVpc('guarded', 'Dhcp,SourceNat,Firewall')).toBe(false);
});

test('those of a domain and a zone are found and used there alone', () => {
  const cloud = createOfferingWorld();
  const { id } = cloud.clientOf('admin').call('createNetworkOffering', {
    ...isolated,
    enable: true,
    domainid: domainAt(cloud, 'ROOT/sub'),
    zoneid: zoneNamed(cloud, 'zone1'),
  })['networkoffering'];
  const found = (who: string, values: Values = {}): unknown =>
    cloud.clientOf(who).call('listNetworkOfferings', { id, ...values })['count'];
  expect(found('worker')).toBe(1);
  expect(found('bosh')).toBeUndefined();
  expect(found('admin')).toBe(1);
  expect(found('admin', { zoneid: zoneNamed(cloud, 'zone2') })).toBeUndefined();
  const network = { name: 'mine', zoneid: zoneNamed(cloud, 'zone1'), networkofferingid: id };
  const before = cloud.world.kernel.log.lastSeq;
  expect(cloud.clientOf('bosh').fails('createNetwork', network)).toMatchObject({
    httpStatus: 531,
    errortext: expect.stringMatching(
      /^There's no way to confirm Account .* has access to NetworkOffering \{.*"name":"new"/,
    ),
  });
  const elsewhere = { ...network, zoneid: zoneNamed(cloud, 'zone2') };
  expect(cloud.clientOf('worker').fails('createNetwork', elsewhere).httpStatus).toBe(531);
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
  expect(cloud.clientOf('worker').call('createNetwork', network)).toHaveProperty('network');
});

const refusals: readonly (readonly [string, Values, string])[] = [
  [
    'other traffic',
    { traffictype: 'Public' },
    'Only traffic type Guest is supported in the current release',
  ],
  [
    'no traffic',
    { traffictype: 'cars' },
    'Invalid value for traffictype. Supported traffic types: Public, Management, Control, Guest, Vlan or Storage',
  ],
  [
    'another type',
    { guestiptype: 'Round' },
    'Invalid "type" parameter is given; can have Shared and Isolated values',
  ],
  [
    'another availability',
    { availability: 'Never' },
    'Invalid value for Availability. Supported types: Required, Optional',
  ],
  ['an unknown service', { supportedservices: 'Coffee' }, 'Invalid service Coffee'],
  [
    'security groups in an isolated network',
    { supportedservices: 'SecurityGroup' },
    'Security group service is supported for network offerings with guest ip type Shared',
  ],
  [
    'a provider of what is not offered',
    { 'serviceproviderlist[0].service': 'Lb', 'serviceproviderlist[0].provider': 'VirtualRouter' },
    "Service Lb is not enabled for the network offering, can't add a provider to it",
  ],
  [
    'an unknown provider',
    { 'serviceproviderlist[0].service': 'Dns', 'serviceproviderlist[0].provider': 'Nobody' },
    'Invalid service provider: Nobody',
  ],
  [
    'two providers of one service',
    {
      ...routed,
      'serviceproviderlist[1].service': 'StaticNat',
      'serviceproviderlist[1].provider': 'VpcVirtualRouter',
    },
    'In the current release only one provider can be specified for the service if the service is not LB',
  ],
  [
    'user data without DHCP',
    {
      supportedservices: 'UserData',
      'serviceproviderlist[0].service': 'UserData',
      'serviceproviderlist[0].provider': 'VirtualRouter',
    },
    "Without VR as dhcp provider, User data can't selected for VR. Please select VR as DHCP provider ",
  ],
  [
    'ranges with source NAT',
    { specifyipranges: true },
    'SpecifyIpRanges can only be true for Shared network offerings and Isolated with no SourceNat service',
  ],
  [
    'a shared one without ranges',
    { guestiptype: 'Shared', supportedservices: 'Dhcp' },
    'SpecifyIpRanges should always be true for Shared network offerings',
  ],
  [
    "a VPC's router without source NAT",
    {
      supportedservices: 'Dhcp',
      'serviceproviderlist[0].service': 'Dhcp',
      'serviceproviderlist[0].provider': 'VpcVirtualRouter',
    },
    'Only network offerings of type Isolated with service SourceNat are valid for vpc ',
  ],
  [
    'required without source NAT',
    { availability: 'Required', supportedservices: 'Dhcp' },
    'Availability can be Required only for networkOfferings of type Isolated and with SourceNat enabled',
  ],
];

for (const [what, values, errortext] of refusals) {
  test(`refused: ${what}`, () => {
    const { clientOf, world } = createOfferingWorld();
    const before = world.kernel.log.lastSeq;
    expect(
      clientOf('admin').fails('createNetworkOffering', { ...isolated, ...values }),
    ).toMatchObject({ httpStatus: 431, errortext });
    expect(world.kernel.log.lastSeq).toBe(before);
  });
}

test('a provider does what it is able to do', () => {
  const { clientOf, world } = createOfferingWorld();
  const before = world.kernel.log.lastSeq;
  const asked = (service: string, provider: string): Reply =>
    clientOf('admin').fails('createNetworkOffering', {
      ...isolated,
      supportedservices: `SourceNat,${service}`,
      'serviceproviderlist[0].service': service,
      'serviceproviderlist[0].provider': provider,
    });
  expect(asked('NetworkACL', 'virtualrouter')).toMatchObject({
    httpStatus: 530,
    cserrorcode: 4390,
    errortext: 'VirtualRouter Provider cannot provide service NetworkACL',
  });
  expect(asked('Firewall', 'VpcVirtualRouter').errortext).toBe(
    'VpcVirtualRouter Provider cannot provide service Firewall',
  );
  expect(asked('Lb', 'ConfigDrive').errortext).toBe(
    'ConfigDrive Provider cannot provide service Lb',
  );
  expect(world.kernel.log.lastSeq).toBe(before);
});

test('one offering alone can be required', () => {
  const cloud = createOfferingWorld();
  const required = networkOffering(cloud, 'DefaultIsolatedNetworkOfferingWithSourceNatService');
  const { internalId } = cloud.world.networkOfferings.require(required);
  const { errortext } = cloud
    .clientOf('admin')
    .fails('createNetworkOffering', { ...isolated, availability: 'Required' });
  expect(errortext).toBe(
    `System already has network offering id=${internalId} with availability Required`,
  );
});

test('who is no root admin makes none; providers and services of appliances are not simulated', () => {
  const { clientOf, world } = createOfferingWorld();
  const before = world.kernel.log.lastSeq;
  for (const who of ['bosh', 'chief', 'keeper']) {
    expect(clientOf(who).fails('createNetworkOffering', isolated).httpStatus, who).toBe(432);
  }
  const provider = {
    'serviceproviderlist[0].service': 'Dns',
    'serviceproviderlist[0].provider': 'Netscaler',
  };
  expect(
    clientOf('admin').fails('createNetworkOffering', { ...isolated, ...provider }),
  ).toMatchObject({
    httpStatus: 432,
    errortext: 'The simulator does not have the provider Netscaler',
  });
  expect(
    clientOf('admin').fails('createNetworkOffering', {
      ...isolated,
      supportedservices: 'Connectivity',
    }).errortext,
  ).toBe('The simulator does not have the service Connectivity in networks');
  expect(world.kernel.log.lastSeq).toBe(before);
});
