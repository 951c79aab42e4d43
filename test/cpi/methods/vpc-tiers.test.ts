// Proves that VMs live in tiers of VPCs, which the CPI finds by VPC and name and makes for managed
// networks, with public addresses and load balancers of the VPC; and what is refused of that; against
// the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { networkOf, networksOf, subnet, type CreatedNetwork } from './network-requests.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

const usersMayExpunge = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };
const tierOffering = 'DefaultIsolatedNetworkOfferingForVpcNetworks';
const publicIp = '203.0.113.15';

function idNamed(zone: CpiZone, command: string, key: string, name: string): string {
  const found = (zone.user.call(command)[key] ?? []) as { id: string; name: string }[];
  return found.find((one) => one.name === name)!.id;
}

/** A VPC of the ordinary user. */
function addVpc(zone: CpiZone, name: string, cidr = '10.66.0.0/16'): string {
  const { vpc } = zone.user.done('createVPC', {
    name,
    displaytext: name,
    zoneid: idNamed(zone, 'listZones', 'zone', 'zone1'),
    vpcofferingid: idNamed(zone, 'listVPCOfferings', 'vpcoffering', 'Default VPC offering'),
    cidr,
  });
  return String(at(vpc, 'id'));
}

function tier(more: object = {}, properties: object = {}): unknown[] {
  return subnet(more, { network_offering: tierOffering, vpc: 'cloud', ...properties });
}

async function createTier(zone: CpiZone, ...args: Parameters<typeof tier>): Promise<string> {
  return ((await zone.result('create_network', tier(...args))) as CreatedNetwork)[0];
}

function vmIn(properties: object, more: object = {}, agent = agentId, ip = '10.66.0.5'): unknown[] {
  const network = manualNetwork(ip, {
    netmask: '255.255.255.0',
    gateway: '10.66.0.1',
    cloud_properties: properties,
  });
  return vmArguments({ agentId: agent, networks: { tier: network, ...more } });
}

function vmOf(zone: CpiZone, id: unknown): unknown {
  return at(zone.user.call('listVirtualMachines', { id: String(id) }), 'virtualmachine', 0);
}

async function zoneWithVpc(): Promise<CpiZone & { vpcid: string }> {
  const zone = await startZone({ world: usersMayExpunge });
  return Object.assign(zone, { vpcid: addVpc(zone, 'cloud') });
}

test('tiers are made in the range of their VPC, and marked', async () => {
  await using zone = await zoneWithVpc();
  const { vpcid } = zone;
  const wanted = tier({ range: '10.66.7.0/24', gateway: '10.66.7.1' });
  const [cid, addresses, properties] = (await zone.result(
    'create_network',
    wanted,
  )) as CreatedNetwork;
  expect(addresses).toEqual({ range: '10.66.7.0/24', gateway: '10.66.7.1', reserved: [] });
  expect(properties).toEqual({ name: cid });
  expect(networkOf(zone, cid)).toMatchObject({ vpcid, cidr: '10.66.7.0/24' });
  const chosen = [await createTier(zone), await createTier(zone, { netmask_bits: 26 })];
  expect(chosen.map((id) => at(networkOf(zone, id), 'cidr'))).toEqual([
    '10.66.0.0/24',
    '10.66.1.0/26',
  ]);
  const tags = at(networkOf(zone, cid), 'tags');
  expect(tags).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'network' }),
    ]),
  );
});

test('a range is chosen beside a network that has none', async () => {
  await using zone = await zoneWithVpc();
  zone.user.call('createNetwork', {
    name: 'cable',
    displaytext: 'cable',
    zoneid: idNamed(zone, 'listZones', 'zone', 'zone1'),
    networkofferingid: idNamed(
      zone,
      'listNetworkOfferings',
      'networkoffering',
      'DefaultL2NetworkOffering',
    ),
  });
  expect(networksOf(zone).map((network) => at(network, 'cidr'))).toContain(undefined);
  expect(at(networkOf(zone, await createTier(zone)), 'cidr')).toBe('10.66.0.0/24');
});

test('a tier has the ACL list that it names, else none', async () => {
  await using zone = await zoneWithVpc();
  const aclOf = (id: string): unknown => at(networkOf(zone, id), 'aclname');
  expect(aclOf(await createTier(zone, {}, { acl: 'default_allow' }))).toBe('default_allow');
  expect(aclOf(await createTier(zone))).toBeUndefined();
});

test('of two tiers of one name the VPC decides, by name or id', async () => {
  await using zone = await zoneWithVpc();
  const { vpcid } = zone;
  const other = addVpc(zone, 'other', '10.67.0.0/16');
  for (const [vpc, gateway] of [
    [vpcid, '10.66.0.1'],
    [other, '10.67.0.1'],
  ] as const) {
    zone.user.call('createNetwork', {
      name: 'web',
      displaytext: 'web',
      vpcid: vpc,
      zoneid: idNamed(zone, 'listZones', 'zone', 'zone1'),
      networkofferingid: idNamed(zone, 'listNetworkOfferings', 'networkoffering', tierOffering),
      gateway,
      netmask: '255.255.255.0',
    });
  }
  const before = zone.holdings();
  const error = await zone.error('create_vm', vmIn({ name: 'web' }));
  expect(error.message).toMatch(/there are 2 networks named "web"/);
  const wrong = await zone.error('create_vm', vmIn({ name: 'web', vpc: 'other' }));
  expect(wrong.message).toMatch(/10\.66\.0\.5 cannot be had .* 10\.67\.0\.0\/24/);
  const missing = await zone.error('create_vm', vmIn({ name: 'db', vpc: 'cloud' }));
  expect(missing.message).toMatch(/no tier of the VPC "db"; the tier of the VPCs are "web"/);
  const unknown = await zone.error('create_vm', vmIn({ name: 'web', vpc: 'clod' }));
  expect(unknown.message).toMatch(/no VPC "clod"; the VPCs are "cloud", "other"/);
  expect(zone.holdings()).toEqual(before);
  for (const vpc of ['cloud', vpcid]) {
    const [vm] = (await zone.result('create_vm', vmIn({ name: 'web', vpc }))) as [string];
    expect(at(vmOf(zone, vm), 'nic', 0)).toMatchObject({
      networkname: 'web',
      ipaddress: '10.66.0.5',
    });
    await zone.result('delete_vm', [vm]);
  }
});

test('an address that a VM of another VPC has is free in this one, and its holder there is named', async () => {
  await using zone = await zoneWithVpc();
  addVpc(zone, 'other');
  const range = { range: '10.66.0.0/24', gateway: '10.66.0.1' };
  const tiers = [await createTier(zone, range), await createTier(zone, range, { vpc: 'other' })];
  const vms: string[] = [];
  for (const [index, name] of tiers.entries()) {
    const agent = agentId.replace(/^./, String(index));
    const [vm] = (await zone.result('create_vm', vmIn({ name }, {}, agent))) as [string];
    vms.push(vm);
  }
  expect(vms.map((vm) => at(vmOf(zone, vm), 'nic', 0, 'ipaddress'))).toEqual([
    '10.66.0.5',
    '10.66.0.5',
  ]);
  const error = await zone.error('create_vm', vmIn({ name: tiers[0] }, {}, agentId));
  expect(error.message).toMatch(
    new RegExp(`10\\.66\\.0\\.5 in network .* VM vm-0.* \\(${vms[0]!},`),
  );
});

test('a vip in a tier is allocated for its VPC, connected, and given back', async () => {
  await using zone = await zoneWithVpc();
  const { vpcid } = zone;
  const network = await createTier(zone);
  const before = zone.holdings();
  const vip = { public: { type: 'vip', ip: publicIp } };
  const [vm] = (await zone.result('create_vm', vmIn({ name: network }, vip))) as [string];
  expect(vmOf(zone, vm)).toMatchObject({ publicip: publicIp });
  const address = zone.user.call('listPublicIpAddresses', { ipaddress: publicIp });
  expect(at(address, 'publicipaddress', 0)).toMatchObject({ vpcid, isstaticnat: true });
  await zone.result('delete_vm', [vm]);
  expect(zone.holdings()).toEqual(before);
});

test('an address that the VPC holds leads to the tier of the VM, and stays with the VPC', async () => {
  await using zone = await zoneWithVpc();
  const { vpcid } = zone;
  const network = await createTier(zone);
  zone.user.done('associateIpAddress', { vpcid, ipaddress: publicIp });
  const before = zone.holdings();
  for (const vip of [{}, { port_forwarding: [{ public_port: 22 }] }]) {
    const more = { public: { type: 'vip', ip: publicIp, cloud_properties: vip } };
    const [vm] = (await zone.result('create_vm', vmIn({ name: network }, more))) as [string];
    const address = zone.user.call('listPublicIpAddresses', { ipaddress: publicIp });
    expect(at(address, 'publicipaddress', 0, 'associatednetworkid')).toBe(network);
    await zone.result('delete_vm', [vm]);
    expect(zone.holdings()).toEqual(before);
  }
});

test('a load balancer in a tier has the address that is named, one of the VPC', async () => {
  await using zone = await zoneWithVpc();
  const { vpcid } = zone;
  const network = await createTier(zone);
  const web = { name: 'web', public_port: 443, private_port: 8443 };
  const withRule = (more: object): unknown[] => {
    const request = vmIn({ name: network });
    (request[2] as Record<string, unknown>)['lbs'] = [{ ...web, ...more }];
    return request;
  };
  const before = zone.holdings();
  expect((await zone.error('create_vm', withRule({}))).message).toMatch(/give a public_ip/);
  expect(zone.holdings()).toEqual(before);
  zone.user.done('associateIpAddress', { vpcid, ipaddress: publicIp });
  const held = zone.holdings();
  const [vm] = (await zone.result('create_vm', withRule({ public_ip: publicIp }))) as [string];
  const rules = zone.user.call('listLoadBalancerRules')['loadbalancerrule'];
  expect(rules).toMatchObject([{ name: 'web', publicip: publicIp, networkid: network }]);
  await zone.result('delete_vm', [vm]);
  expect(zone.holdings()).toEqual(held);
});

for (const [problem, vip, message] of [
  ['of the VPC for a network outside of it', 'vpc', /is allocated for the VPC .* not for that of/],
  ['of no VPC for a tier', 'plain', /is allocated for the network/],
] as const) {
  test(`refused before anything is created: a vip ${problem}`, async () => {
    await using zone = await zoneWithVpc();
    const { vpcid } = zone;
    const network = await createTier(zone);
    const plain = idNamed(zone, 'listNetworks', 'network', 'NET_CS');
    await zone.result('delete_vm', [at(await zone.result('create_vm', vmArguments()), 0)]);
    const where = vip === 'vpc' ? { vpcid } : { networkid: plain };
    zone.user.done('associateIpAddress', { ...where, ipaddress: publicIp });
    const networks = { public: { type: 'vip', ip: publicIp } };
    const request =
      vip === 'vpc'
        ? vmArguments({ networks: { private: manualNetwork(), ...networks } })
        : vmIn({ name: network }, networks);
    const before = zone.holdings();
    const error = await zone.error('create_vm', request);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const [problem, request, message] of [
  ['a VPC that is not there', tier({}, { vpc: 'clod' }), /no VPC "clod"; the VPCs are "cloud"/],
  [
    'an offering that is not for VPCs',
    tier({}, { network_offering: 'DefaultIsolatedNetworkOfferingWithSourceNatService' }),
    /is not for tiers of a VPC: use one that is/,
  ],
  [
    'an ACL list that is not there',
    tier({}, { acl: 'default_alow' }),
    /no network ACL list "default_alow"; the network ACL lists are .*"default_allow"/,
  ],
  ['an ACL list without a VPC', subnet({}, { acl: 'default_allow' }), /acl in cloud_properties is/],
  ['a range outside of the VPC', tier({ range: '10.70.0.0/24' }), /is not within vpc/],
  ['a size larger than the VPC', tier({ netmask_bits: 15 }), /no range of \/15 is free in 10\.66/],
] as const) {
  test(`create_network refuses ${problem}`, async () => {
    await using zone = await zoneWithVpc();
    const before = networksOf(zone);
    const error = await zone.error('create_network', request);
    expect(error.ok_to_retry).toBe(false);
    expect(error.message).toMatch(message);
    expect(networksOf(zone)).toEqual(before);
  });
}
