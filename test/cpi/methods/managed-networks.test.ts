// Proves that create_network and delete_network make and remove isolated networks that VMs can be
// put into, that what is refused or fails on the way leaves nothing behind, and that
// configure_networks is refused; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { at, directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { networkOf, networksOf, subnet, type CreatedNetwork } from './network-requests.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

const usersMayExpunge: WorldDescriptionInput = {
  ...advancedKvm,
  settings: { 'allow.user.expunge.recover.vm': true },
};

async function create(zone: CpiZone, ...args: Parameters<typeof subnet>): Promise<CreatedNetwork> {
  return (await zone.result('create_network', subnet(...args))) as CreatedNetwork;
}

/** A VM in a managed network, as a Director asks for it. */
function vmIn(cid: string, ip: string, agent = agentId): unknown[] {
  const network = manualNetwork(ip, {
    netmask: '255.255.255.0',
    gateway: '10.66.0.1',
    cloud_properties: { name: cid },
  });
  return vmArguments({ agentId: agent, networks: { managed: network } });
}

test('creates the range that the Director asks for, and marks the network', async () => {
  await using zone = await startZone();
  const [cid, addresses, properties] = await create(zone, {
    range: '10.66.0.0/24',
    gateway: '10.66.0.1',
  });
  expect(addresses).toEqual({ range: '10.66.0.0/24', gateway: '10.66.0.1', reserved: [] });
  expect(properties).toEqual({ name: cid });
  const network = networkOf(zone, cid);
  expect(network).toMatchObject({
    type: 'Isolated',
    state: 'Allocated',
    cidr: '10.66.0.0/24',
    gateway: '10.66.0.1',
    account: 'bosh',
    displaytext: `bosh-cpi-director ${directorUuid}`,
  });
  expect(at(network, 'tags')).toMatchObject([
    { key: 'bosh-cpi-director', value: directorUuid },
    { key: 'bosh-cpi-purpose', value: 'network' },
    { key: 'bosh-cpi-claim' },
  ]);
});

test('a range without a gateway has its first address as one', async () => {
  await using zone = await startZone();
  const [, addresses] = await create(zone, { range: '10.66.1.128/25' });
  expect(addresses).toMatchObject({ range: '10.66.1.128/25', gateway: '10.66.1.129' });
});

test('of a size alone, each network gets a range of its own', async () => {
  await using zone = await startZone();
  const ranges = [];
  for (const bits of [24, 24, 26, 24]) {
    const [, { range }] = await create(zone, { netmask_bits: bits });
    ranges.push(range);
  }
  expect(ranges).toEqual(['10.128.0.0/24', '10.128.1.0/24', '10.128.2.0/26', '10.128.3.0/24']);
});

test('without range and size CloudStack chooses', async () => {
  await using zone = await startZone();
  const [, addresses] = await create(zone);
  expect(addresses).toEqual({ range: '10.1.1.0/24', gateway: '10.1.1.1', reserved: [] });
});

test('VMs come and go in a managed network, and it can be deleted after them', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  const before = networksOf(zone);
  const [cid] = await create(zone, { range: '10.66.0.0/24', gateway: '10.66.0.1' });
  const [vm] = (await zone.result('create_vm', vmIn(cid, '10.66.0.3'))) as [string];
  expect(networkOf(zone, cid)).toMatchObject({ state: 'Implemented' });
  const refusal = await zone.error('delete_network', [cid]);
  expect(refusal).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(refusal.message).toContain(vm);
  await zone.result('delete_vm', [vm]);
  expect(await zone.result('delete_network', [cid])).toBeNull();
  expect(networksOf(zone)).toEqual(before);
  // With it goes the address that it took with its first VM.
  expect(zone.holdings()['addresses']).toEqual([]);
});

test('destroyed VMs that the account cannot see are named as the likely reason', async () => {
  await using zone = await startZone();
  const [cid] = await create(zone, { range: '10.66.0.0/24' });
  const [vm] = (await zone.result('create_vm', vmIn(cid, '10.66.0.3'))) as [string];
  await zone.result('delete_vm', [vm]);
  const error = await zone.error('delete_network', [cid]);
  expect(error.message).toMatch(/expunge\.delay.*allow\.user\.expunge\.recover\.vm/);
  expect(networkOf(zone, cid)).toMatchObject({ id: cid });
});

test('deleting a network twice, or one that never was, is a success', async () => {
  await using zone = await startZone();
  const [cid] = await create(zone);
  await zone.result('delete_network', [cid]);
  expect(await zone.result('delete_network', [cid])).toBeNull();
  expect(await zone.result('delete_network', ['b0000000-0000-4000-8000-00000000000f'])).toBeNull();
  expect(await zone.result('delete_network', ['no-uuid'])).toBeNull();
});

test('a network that create_network did not make is never deleted', async () => {
  await using zone = await startZone();
  const before = networksOf(zone);
  const cid = String(at(zone.user.call('listNetworks', { keyword: 'NET_CS' }), 'network', 0, 'id'));
  const error = await zone.error('delete_network', [cid]);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toContain('NET_CS');
  expect(networksOf(zone)).toEqual(before);
});

test('a VLAN for an offering that leaves it to CloudStack has no effect, and is told', async () => {
  await using zone = await startZone();
  await create(zone, { range: '10.66.0.0/24' }, { vlan: '666' });
  expect(zone.diagnostics.join('\n')).toMatch(/vlan 666 has no effect/);
});

test('a VLAN is given to an offering that wants one, which CloudStack takes from root admins', async () => {
  await using zone = await startZone();
  const request = subnet(
    { range: '10.66.0.0/24' },
    { vlan: 666, network_offering: 'DefaultIsolatedNetworkOffering' },
  );
  const error = await zone.error('create_network', request);
  expect(error.message).toContain('Only ROOT admin is allowed to specify vlanId');
  const [cid] = (await zone.result('create_network', request, { as: 'Admin' })) as CreatedNetwork;
  const network = zone.admin.call('listNetworks', { id: cid });
  expect(at(network, 'network', 0)).toMatchObject({ vlan: '666', state: 'Setup' });
});

test('create_network without the answer to createNetwork leaves nothing', async () => {
  await using zone = await startZone();
  const before = networksOf(zone);
  const error = await zone.error('create_network', subnet(), { loseAnswersOf: 'createNetwork' });
  expect(error.type).toBe('Bosh::Clouds::CloudError');
  expect(networksOf(zone)).toEqual(before);
});

test('without the first answer to createTags the network is made, without any it is named', async () => {
  await using zone = await startZone();
  await zone.result('create_network', subnet(), { losesFirstAnswerOf: 'createTags' });
  const before = networksOf(zone);
  // As long as nobody can claim it somebody else may be about to take it.
  const error = await zone.error('create_network', subnet(), { loseAnswersOf: 'createTags' });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  const [left, ...others] = networksOf(zone).slice(before.length);
  expect(others).toEqual([]);
  expect(error.message).toContain(`look after: create network ${String(at(left, 'name'))} (`);
});

test('a network that appears only after its answer was lost is found all the same', async () => {
  await using zone = await startZone();
  const before = networksOf(zone);
  await zone.error('create_network', subnet(), { answersAreLate: 'createNetwork' });
  expect(networksOf(zone)).toEqual(before);
});

test('delete_network may be called again after its answer was lost', async () => {
  await using zone = await startZone();
  const before = networksOf(zone);
  const [cid] = await create(zone);
  await zone.call('delete_network', [cid], { loseAnswersOf: 'deleteNetwork' });
  expect(await zone.result('delete_network', [cid])).toBeNull();
  expect(networksOf(zone)).toEqual(before);
});

for (const [problem, request, message] of [
  ['a type that is not manual', subnet({ type: 'dynamic' }), /only networks of type manual/],
  ['a range that is none', subnet({ range: '10.66.0.0' }), /range must be a CIDR.*"10\.66\.0\.0"/],
  ['a range of the wrong type', subnet({ range: 24 }), /range must be a CIDR/],
  ['a range too small for hosts', subnet({ range: '10.66.0.0/31' }), /range must be a CIDR/],
  ['an IPv6 range', subnet({ range: 'fd00::/64' }), /IPv6/],
  ['a size that is none', subnet({ netmask_bits: '24' }), /netmask_bits must be a whole number/],
  ['a size without hosts', subnet({ netmask_bits: 32 }), /from 8 to 29/],
  ['a size that no network has', subnet({ netmask_bits: 7 }), /from 8 to 29/],
  ['a range too large', subnet({ range: '10.0.0.0/7' }), /range must be a CIDR/],
  [
    'a range and another size',
    subnet({ range: '10.66.0.0/24', netmask_bits: 25 }),
    /10\.66\.0\.0\/24 does not have 25 netmask_bits/,
  ],
  ['a gateway without a range', subnet({ gateway: '10.66.0.1' }), /needs a range/],
  [
    'a gateway outside of the range',
    subnet({ range: '10.66.0.0/24', gateway: '10.67.0.1' }),
    /10\.67\.0\.1 is no host address of 10\.66\.0\.0\/24/,
  ],
  [
    'the broadcast address as gateway',
    subnet({ range: '10.66.0.0/24', gateway: '10.66.0.255' }),
    /no host address/,
  ],
  ['a gateway that is none', subnet({ range: '10.66.0.0/24', gateway: 1 }), /gateway must be/],
  ['no offering', subnet({}, { network_offering: null }), /network_offering is missing/],
  [
    'an unknown offering',
    subnet({}, { network_offering: 'DefaultIsolatd' }),
    /no network offering "DefaultIsolatd"; the network offerings are .*"DefaultIsolatedNetwork/,
  ],
  [
    'the id of another kind as offering',
    subnet({}, { network_offering: 'b0000000-0000-4000-8000-00000000000f' }),
    /no network offering/,
  ],
  [
    'an offering of shared networks',
    subnet({}, { network_offering: 'DefaultSharedNetworkOffering' }),
    /networks of type Shared/,
  ],
  [
    'an offering for VPCs',
    subnet({}, { network_offering: 'DefaultIsolatedNetworkOfferingForVpcNetworks' }),
    /is for tiers of a VPC: name the VPC/,
  ],
  ['an unknown zone', subnet({}, { zone: 'zone9' }), /no zone "zone9"/],
  ['cloud_properties that are none', subnet({ cloud_properties: [] }), /must be an object/],
  [
    'a range that is larger than users may have',
    subnet({ range: '10.0.0.0/16' }),
    /Cidr size can't be less than 22/,
  ],
  ['a public range', subnet({ range: '8.8.8.0/24' }), /not RFC 1918 or 6598 compliant/],
  ['no argument', [], /create_network: Arguments are not correct, got 0/],
  ['two arguments', [{}, {}], /got 2/],
  ['a text instead of an object', ['10.66.0.0/24'], /argument 1 \(subnet\) must be an object/],
] as const) {
  test(`create_network refuses ${problem}`, async () => {
    await using zone = await startZone();
    const before = networksOf(zone);
    const error = await zone.error('create_network', request);
    expect(error.message).toMatch(message);
    expect(error.ok_to_retry).toBe(false);
    expect(networksOf(zone)).toEqual(before);
  });
}

for (const [problem, args, message] of [
  ['no argument', [], /delete_network: Arguments are not correct, got 0/],
  ['two arguments', ['a', 'b'], /got 2/],
  ['a number', [7], /must be a non-empty string/],
] as const) {
  test(`delete_network refuses ${problem}`, async () => {
    await using zone = await startZone();
    expect((await zone.error('delete_network', args)).message).toMatch(message);
  });
}

test('configure_networks answers NotSupported, and CpiError for wrong arguments', async () => {
  await using zone = await startZone();
  const refusal = await zone.error('configure_networks', ['vm-1', {}]);
  expect(refusal).toMatchObject({ type: 'Bosh::Clouds::NotSupported', ok_to_retry: false });
  expect(refusal.message).toContain('vm-1');
  const wrong = await zone.error('configure_networks', ['vm-1']);
  expect(wrong.type).toBe('Bosh::Clouds::CpiError');
});
