// Proves what an offering says of its networks besides their services: capabilities of services,
// rates, connections, tags and details, what lists find by them, and that persistent networks are there
// at once; and each refusal with its text.
import { expect, test } from '@playwright/test';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { createNetworkWorld, type NetworkWorld } from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { unchanged } from '../network/network-requests.js';

const services = ['Dhcp', 'Dns', 'SourceNat', 'StaticNat', 'Lb', 'Firewall'];

const base: Values = {
  name: 'new',
  traffictype: 'Guest',
  guestiptype: 'Isolated',
  supportedservices: services.join(),
  ...Object.fromEntries(
    services.flatMap((service, index) => [
      [`serviceproviderlist[${index}].service`, service],
      [`serviceproviderlist[${index}].provider`, 'VirtualRouter'],
    ]),
  ),
};

function made({ admin }: NetworkWorld, values: Values = {}): Reply {
  return admin.call('createNetworkOffering', { ...base, ...values })['networkoffering'] as Reply;
}

function capability(service: string, type: string, value: string, index = 0): Values {
  const at = `servicecapabilitylist[${index}].`;
  return {
    [`${at}service`]: service,
    [`${at}capabilitytype`]: type,
    [`${at}capabilityvalue`]: value,
  };
}

function capabilitiesOf(row: Reply, service: string): Reply[] | undefined {
  return (row['service'] as Reply[]).find(({ name }) => name === service)?.['capability'] as
    Reply[] | undefined;
}

test('what is not said is as CloudStack has it', () => {
  const offering = made(createNetworkWorld());
  expect(offering).toMatchObject({ networkrate: 200, ispersistent: false });
  for (const field of ['maxconnections', 'tags', 'details']) {
    expect(offering).not.toHaveProperty(field);
  }
  expect(capabilitiesOf(offering, 'Dhcp')).toBeUndefined();
  expect(capabilitiesOf(offering, 'SourceNat')).toEqual([
    { name: 'SupportedSourceNatTypes', value: 'peraccount', canchooseservicecapability: true },
    { name: 'RedundantRouter', value: 'false', canchooseservicecapability: true },
  ]);
  expect(capabilitiesOf(offering, 'StaticNat')).toMatchObject([
    { name: 'ElasticIp', value: 'false' },
    { name: 'AssociatePublicIP', value: 'false' },
  ]);
  expect(capabilitiesOf(offering, 'Lb')![0]).toMatchObject({ value: 'shared' });
});

test('rates, connections, tags, details and a load balancer of its own', () => {
  const zone = createNetworkWorld();
  const offering = made(zone, {
    networkrate: 50,
    maxconnections: 100,
    tags: 'fast, near',
    'details[0].servicepackagedescription': 'small',
    ...capability('lb', 'supportedlbisolation', 'dedicated'),
    ...capability('SourceNat', 'RedundantRouter', 'false', 1),
    ...capability('StaticNat', 'AssociatePublicIP', 'false', 2),
  });
  expect(offering).toMatchObject({
    networkrate: 50,
    maxconnections: 100,
    tags: 'fast,near',
    details: { servicepackagedescription: 'small' },
  });
  expect(capabilitiesOf(offering, 'Lb')![0]).toMatchObject({
    name: 'SupportedLBIsolation',
    value: 'dedicated',
  });
  expect(made(zone, { networkrate: -1, maxconnections: 7 })).not.toHaveProperty('maxconnections');
  expect(made(zone, { networkrate: -1 })).toMatchObject({ networkrate: 0 });
  const usual = made(zone, capability('Lb', 'SupportedLBIsolation', 'dedicated'));
  expect(usual['maxconnections']).toBe(4_096);
});

test('offerings are found by their tags, which can be changed', () => {
  const zone = createNetworkWorld();
  const { admin } = zone;
  const { id } = made(zone, { tags: 'fast' });
  const found = (values: Values): unknown[] =>
    ((admin.call('listNetworkOfferings', values)['networkoffering'] ?? []) as Reply[]).map(
      (row) => row['id'],
    );
  expect(found({ tags: 'fast' })).toEqual([id]);
  expect(found({ tags: 'slow' })).toEqual([]);
  expect(found({ istagged: true })).toEqual([id]);
  expect(found({ istagged: false })).not.toContain(id);
  const changed = admin.call('updateNetworkOffering', { id, tags: 'slow', maxconnections: 9 });
  expect(changed['networkoffering']).toMatchObject({ tags: 'slow', maxconnections: 9 });
  expect(found({ tags: 'slow' })).toEqual([id]);
});

test('networks of a persistent offering are there at once', () => {
  const zone = createNetworkWorld();
  const { id: networkofferingid, ispersistent } = made(zone, { ispersistent: true, enable: true });
  expect(ispersistent).toBe(true);
  const zoneid = zone.world.zones.all()[0]!.id;
  const { network } = zone.user.call('createNetwork', { name: 'kept', zoneid, networkofferingid });
  expect(network.state).toBe('Implemented');
  const [router] = zone.admin.call('listRouters', { listall: true })['router'];
  expect(router).toMatchObject({ guestnetworkid: network.id, state: 'Running' });
  assertSound(zone);
});

for (const [what, values, status, text] of [
  [
    'a capability that there is not',
    capability('Lb', 'Speed', 'fast'),
    431,
    'Invalid capability:Speed capability value:fast',
  ],
  [
    'one of source NAT for a load balancer',
    capability('Lb', 'RedundantRouter', 'false'),
    431,
    /^Only SupportedLBIsolation.* capabilities can be specified for LB service$/,
  ],
  [
    'two kinds of load balancers',
    capability('Lb', 'SupportedLBIsolation', 'dedicated,shared'),
    431,
    'Either dedicated or shared isolation can be specified for SupportedLBIsolation',
  ],
  [
    'a load balancer that networks share',
    capability('Lb', 'SupportedLBIsolation', 'shared'),
    530,
    "Service Lb doesn't support value shared for capability SupportedLBIsolation for " +
      'element=VirtualRouter implementing Provider=VirtualRouter',
  ],
  [
    'scaling that is neither on nor off',
    {
      ...capability('Lb', 'SupportedLBIsolation', 'dedicated'),
      ...capability('Lb', 'VmAutoScaling', 'x', 1),
    },
    431,
    'Unknown specified value for VmAutoScaling',
  ],
  [
    'a source NAT address for two',
    capability('SourceNat', 'SupportedSourceNatTypes', 'each'),
    431,
    'Either peraccount or perzone source NAT type can be specified for SupportedSourceNatTypes',
  ],
  [
    'a source NAT address of the zone',
    capability('SourceNat', 'SupportedSourceNatTypes', 'perzone'),
    530,
    /^Service SourceNat doesn't support value perzone /,
  ],
  [
    'elasticity of source NAT',
    capability('SourceNat', 'ElasticIp', 'true'),
    431,
    'Only SupportedSourceNatTypes, Network.Capability[name=RedundantRouter] capabilities can be ' +
      'specified for source nat service',
  ],
  ['redundant routers', capability('SourceNat', 'RedundantRouter', 'true'), 432, /redundant/],
  ['elastic addresses', capability('StaticNat', 'ElasticIp', 'true'), 432, /elastic/],
  [
    'public addresses for all without elasticity',
    capability('StaticNat', 'AssociatePublicIP', 'true'),
    431,
    'Capability AssociatePublicIP can only be set when capability ElasticIp is true',
  ],
  [
    'something else of static NAT',
    capability('StaticNat', 'RedundantRouter', 'false'),
    431,
    'Only ElasticIp and AssociatePublicIP capability can be sepcified for static nat service',
  ],
  [
    'neither yes nor no of static NAT',
    capability('StaticNat', 'ElasticIp', 'perhaps'),
    431,
    'Unknown specified value (perhaps) for ElasticIp',
  ],
  ['a detail that there is not', { 'details[0].colour': 'red' }, 431, 'Unsupported detail colour'],
  [
    'capabilities of a service that it does not have',
    {
      supportedservices: 'Dhcp',
      ...Object.fromEntries(
        Object.keys(base)
          .filter((name) => /^serviceproviderlist\[[1-9]/.test(name))
          .map((name) => [name, '']),
      ),
      ...capability('Lb', 'SupportedLBIsolation', 'dedicated'),
    },
    431,
    'Capabilities for LB service can be specifed only when LB service is enabled for network offering.',
  ],
] as const) {
  test(`an offering that asks for ${what} is refused`, () => {
    const zone = createNetworkWorld();
    const all = Object.entries({ ...base, ...values }).filter(([, value]) => value !== '');
    const refused = unchanged(zone, () =>
      zone.admin.fails('createNetworkOffering', Object.fromEntries(all)),
    );
    expect(refused.httpStatus).toBe(status);
    expect(refused.errortext).toEqual(
      typeof text === 'string' ? text : expect.stringMatching(text),
    );
  });
}
