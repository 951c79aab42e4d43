// Proves how ranges of addresses are added, changed and taken away, public ones and those of shared
// networks; who gets addresses of a range that is dedicated; and that each refusal has its text and
// changes nothing.
import { expect, test } from '@playwright/test';
import { networkText } from '../../../../simulator/world/network/networks.js';
import { publicIpText } from '../../../../simulator/world/network/public-ips.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { accountOf, domainOf, projectOf } from '../../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import { assertSound } from '../../../support/sound-world.js';
import { rangeText } from '../../../../simulator/commands/network/vlan-range-rules.js';
import { unchanged } from './network-requests.js';

const outside = { startip: '198.51.100.10', gateway: '198.51.100.1', netmask: '255.255.255.0' };

function publicValues({ world }: Pick<NetworkWorld, 'world'>, values: Values = {}): Values {
  return { zoneid: world.zones.all()[0]!.id, ...outside, ...values };
}

function added(client: TestClient, values: Values): Reply {
  return client.call('createVlanIpRange', values)['vlan'] as Reply;
}

/** The text of a refusal with 431 that left no trace. */
function refusal(zone: NetworkWorld, command: string, values: Values): string {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = zone.admin.fails(command, values);
    expect(httpStatus, errortext).toBe(431);
    return errortext;
  });
}

function addressesOf(client: TestClient, values: Values = {}): string[] {
  const reply = client.call('listPublicIpAddresses', { allocatedonly: false, ...values });
  return ((reply['publicipaddress'] ?? []) as Reply[]).map(({ ipaddress }) => String(ipaddress));
}

test('a public range brings its addresses, and takes them along', () => {
  const zone = createNetworkWorld();
  const { admin, user, world } = zone;
  const range = added(
    admin,
    publicValues(zone, { endip: '198.51.100.12', forvirtualnetwork: true }),
  );
  expect(range).toEqual({
    id: range['id'],
    forvirtualnetwork: true,
    zoneid: world.zones.all()[0]!.id,
    vlan: 'vlan://untagged',
    gateway: '198.51.100.1',
    netmask: '255.255.255.0',
    cidr: '198.51.100.0/24',
    startip: '198.51.100.10',
    endip: '198.51.100.12',
    networkid: world.physicalNetworks.all()[0]!.publicNetworkId,
    physicalnetworkid: world.physicalNetworks.all()[0]!.id,
    forsystemvms: false,
  });
  const vlanid = range['id'] as string;
  expect(addressesOf(admin, { vlanid })).toEqual([
    '198.51.100.12',
    '198.51.100.11',
    '198.51.100.10',
  ]);
  const { ipaddress } = user.done('associateIpAddress', {
    networkid: networkNamed(world, 'isolated').id,
    ipaddress: '198.51.100.11',
  });
  expect(ipaddress).toMatchObject({ ipaddress: '198.51.100.11', networkid: range['networkid'] });
  expect(refusal(zone, 'deleteVlanIpRange', { id: vlanid })).toBe(
    '1  Ips are in use. Cannot delete this vlan',
  );
  user.done('disassociateIpAddress', { id: ipaddress.id });
  expect(admin.call('deleteVlanIpRange', { id: vlanid })).toEqual({ success: true });
  expect(addressesOf(admin)).toHaveLength(4);
  expect(refusal(zone, 'deleteVlanIpRange', { id: vlanid })).toBe(
    'Please specify a valid IP range id.',
  );
  expect(user.fails('deleteVlanIpRange', { id: vlanid }).httpStatus).toBe(432);
  assertSound(zone);
});

test('a range on a VLAN of its own, of one address, on a physical network', () => {
  const zone = createNetworkWorld();
  const physicalnetworkid = zone.world.physicalNetworks.all()[0]!.id;
  const range = added(zone.admin, publicValues(zone, { vlan: '123', physicalnetworkid }));
  expect(range).toMatchObject({
    vlan: 'vlan://123',
    startip: '198.51.100.10',
    endip: '198.51.100.10',
    physicalnetworkid,
  });
});

test('a shared network gives out what its ranges hold, the oldest first', () => {
  const zone = createNetworkWorld();
  const { admin, world } = zone;
  const shared = networkNamed(world, 'shared');
  for (let count = 0; count < 4; count += 1) addNic(world, addVm(world), 'shared');
  const values = { networkid: shared.id, forvirtualnetwork: false, startip: '10.3.0.5' };
  expect(() => addNic(world, addVm(world), 'shared')).toThrow('Insufficient address capacity');
  const range = added(admin, { ...values, endip: '10.3.0.6' });
  expect(range).toMatchObject({
    forvirtualnetwork: false,
    networkid: shared.id,
    gateway: '10.3.0.1',
    netmask: '255.255.255.0',
    vlan: `vlan://${shared.vlan}`,
    account: 'admin',
  });
  expect(addNic(world, addVm(world), 'shared').ipAddress).toBe('10.3.0.5');
  const id = range['id'] as string;
  expect(refusal(zone, 'deleteVlanIpRange', { id })).toBe(
    '1  Ips are in use. Cannot delete this vlan',
  );
  expect(refusal(zone, 'updateVlanIpRange', { id, startip: '10.3.0.6' })).toBe(
    'The start IP address must be less than or equal to 10.3.0.5 which is already in use. The end ' +
      'IP address must be greater than or equal to 10.3.0.5 which is already in use. There are 1 ' +
      'IPs already allocated in this range.',
  );
  admin.call('updateVlanIpRange', { id, endip: '10.3.0.5' });
  expect(() => addNic(world, addVm(world), 'shared')).toThrow('Insufficient address capacity');
  // What a network has of addresses can be given up before any is taken.
  const other = added(admin, { ...values, startip: '10.3.0.20' });
  admin.call('deleteVlanIpRange', { id: other['id'] });
  assertSound(zone);
});

for (const [what, values, text] of [
  ['no address', { startip: '' }, 'StartIP or IPv6 CIDR is missing in the parameters!'],
  ['no zone', { zoneid: '' }, 'Unable to find zone by id null'],
  ['a gateway that is none', { gateway: 'x' }, 'Please specify a valid gateway'],
  ['a netmask that is none', { netmask: '255.0.255.0' }, 'Please specify a valid netmask'],
  [
    'an address elsewhere',
    { endip: '198.51.101.1' },
    'Please specify a valid IP range or valid netmask or valid gateway',
  ],
  [
    'a last address before the first',
    { endip: '198.51.100.9' },
    'Please specify a valid IP range.',
  ],
  [
    'its gateway among its addresses',
    { startip: '198.51.100.1' },
    'The gateway ip should not be the part of the ip range being added.',
  ],
  [
    'the subnet of another range with another gateway',
    { startip: '203.0.113.20', gateway: '203.0.113.2' },
    'The IP range has already been added with gateway 203.0.113.1 ,and netmask 255.255.255.0, ' +
      'Please specify the gateway/netmask if you want to extend ip range',
  ],
  [
    'addresses of another range',
    { startip: '203.0.113.13', gateway: '203.0.113.1' },
    'The IP range already has IPs that overlap with the new range. Please specify a different ' +
      'start IP/end IP.',
  ],
  [
    'the subnet of another range on another VLAN',
    { startip: '203.0.113.20', gateway: '203.0.113.1', vlan: 'vlan://5' },
    'The IP range with tag: vlan://untagged in zone zone1 has overlapped with the subnet. Please ' +
      'specify a different gateway/netmask.',
  ],
  [
    'an account, and for system VMs',
    { account: 'bosh', forsystemvms: true },
    'Account name should not be provided when ForSystemVMs is enabled',
  ],
  [
    'no network for addresses of VMs',
    { forvirtualnetwork: false },
    'Physical Network Id is null, please provide the Network id for Direct vlan creation ',
  ],
] as const) {
  test(`a range with ${what} is refused`, () => {
    const zone = createNetworkWorld();
    const all = publicValues(zone, values);
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    expect(refusal(zone, 'createVlanIpRange', sent)).toBe(text);
  });
}

test('a range is refused whose place is not right', () => {
  const zone = createNetworkWorld();
  const { world } = zone;
  const refused = (values: Values): string => refusal(zone, 'createVlanIpRange', values);
  const [pod] = world.pods.all();
  const physicalnetworkid = world.physicalNetworks.all()[0]!.id;
  expect(refused(publicValues(zone, { podid: pod!.id }))).toBe(
    'Pod id can be specified only for the networks of type Guest in zone of type Basic',
  );
  const inPod = { startip: '172.16.0.5', gateway: '172.16.0.1', netmask: '255.255.240.0' };
  expect(refused(publicValues(zone, inPod))).toBe(
    'The Start IP and EndIP address range overlap with private IP :172.16.0.2:172.16.0.31',
  );
  expect(refused(publicValues(zone, { physicalnetworkid, forvirtualnetwork: false }))).toBe(
    'Network id is required for Direct vlan creation ',
  );
  const [shared, isolated, l2] = ['shared', 'isolated', 'l2'].map((name) =>
    networkNamed(world, name),
  ) as [
    ReturnType<typeof networkNamed>,
    ReturnType<typeof networkNamed>,
    ReturnType<typeof networkNamed>,
  ];
  expect(refused(publicValues(zone, { networkid: shared.id }))).toBe(
    `Can't find Public network ${networkText(world, shared)}`,
  );
  const guest = (network: { id: string }, values: Values = {}): Values => ({
    networkid: network.id,
    forvirtualnetwork: false,
    startip: '10.3.0.20',
    ...values,
  });
  expect(refused(guest(isolated))).toBe(
    `Can't create direct vlan for network ${networkText(world, isolated)} with type: Isolated`,
  );
  expect(refused(guest(l2))).toBe(
    `Network ${networkText(world, l2)} doesn't support adding ip ranges`,
  );
  expect(refused(guest(shared, { vlan: '7' }))).toBe(
    `there is already one vlan vlan://${shared.vlan} on network :${networkText(world, shared)}, ` +
      'only one vlan is allowed on guest network',
  );
  const range = (gateway: string, netmask: string): string =>
    refused(guest(shared, { gateway, netmask }));
  const had = 'having gateway 10.3.0.1 and netmask 255.255.255.0';
  expect(range('10.3.0.1', '255.255.0.0')).toBe(
    `The subnet you are trying to add is a superset of the existing subnet ${had}`,
  );
  expect(range('10.3.0.1', '255.255.255.128')).toBe(
    `The subnet you are trying to add is a subset of the existing subnet ${had}`,
  );
  expect(range('10.3.0.2', '255.255.255.0')).toBe(
    'The gateway of the subnet should be unique. The subnet already has a gateway 10.3.0.1',
  );
  expect(range('10.4.0.1', '255.255.255.0')).toBe(
    'The start ip and gateway do not belong to the same subnet',
  );
  expect(refused(guest(shared, { gateway: '10.3.0.1' }))).toBe(
    'either both netmask and gateway should be passed or both should me omited.',
  );
  expect(
    refused(guest(shared, { gateway: '10.3.0.1', netmask: '255.255.255.0', endip: '10.4.0.1' })),
  ).toBe('The end ip and gateway do not belong to the same subnet');
  expect(refused(guest(shared, { startip: '10.9.0.1' }))).toBe(
    'The ip range dose not belong to any of the existing subnets, Provide the netmask and gateway ' +
      'if you want to add new subnet',
  );
  expect(refused(guest(shared, { startip: '10.3.0.1' }))).toBe(
    'The gateway ip should not be the part of the ip range being added.',
  );
  const elsewhere = { startip: '10.4.0.5', gateway: '10.4.0.1', netmask: '255.255.255.0' };
  const { httpStatus } = zone.admin.fails('createVlanIpRange', guest(shared, elsewhere));
  expect(httpStatus).toBe(432);
});

test('a range grows and shrinks as far as nobody has what goes', () => {
  const zone = createNetworkWorld();
  const { admin, user, world } = zone;
  const { id } = added(admin, publicValues(zone, { endip: '198.51.100.12' })) as { id: string };
  const updated = (values: Values): unknown => admin.call('updateVlanIpRange', { id, ...values });
  updated({ startip: '198.51.100.11', endip: '198.51.100.14' });
  expect(addressesOf(admin, { vlanid: id })).toEqual(
    [14, 13, 12, 11].map((last) => `198.51.100.${last}`),
  );
  updated({ gateway: '198.51.100.2', netmask: '255.255.255.128' });
  expect(world.publicIps.where('vlanRangeId', id)[0]).toMatchObject({ gateway: '198.51.100.2' });
  const refused = (values: Values): string => refusal(zone, 'updateVlanIpRange', { id, ...values });
  for (const [values, text] of [
    [{ netmask: 'x' }, 'Invalid gateway (198.51.100.2) or netmask (x)'],
    [{ startip: 'x' }, 'The start address of the IP range is not a valid IP address.'],
    [{ endip: 'x' }, 'The end address of the IP range is not a valid IP address.'],
    [{ startip: '10.0.0.1' }, 'The start address of the IP range is not in the CIDR subnet.'],
    [{ endip: '198.51.100.200' }, 'The end address of the IP range is not in the CIDR subnet.'],
    [
      { endip: '198.51.100.10' },
      'The start IP address must have a lower value than the end IP address.',
    ],
    [{ gateway: '198.51.100.12' }, "The gateway shouldn't overlap the new start/end ip addresses"],
  ] as const) {
    expect(refused(values)).toBe(text);
  }
  user.done('associateIpAddress', {
    networkid: networkNamed(world, 'isolated').id,
    ipaddress: '198.51.100.12',
  });
  expect(refused({ gateway: '198.51.100.3' })).toBe(
    'Unable to change gateway to 198.51.100.3 because some IPs are in use',
  );
  expect(refused({ netmask: '255.255.255.0' })).toBe(
    'Unable to change netmask to 255.255.255.0 because some IPs are in use',
  );
  expect(refused({ startip: '198.51.100.13' })).toMatch(/^The start IP address must be less than /);
  expect(refused({ forsystemvms: true })).toBe(
    'IP 198.51.100.12 is in use, cannot change forSystemVms of the IP range',
  );
  assertSound(zone);
});

test('addresses for system VMs are nobody else’s, and listed apart', () => {
  const zone = createNetworkWorld();
  const { admin, user, world } = zone;
  const { id } = added(admin, publicValues(zone, { forsystemvms: true })) as { id: string };
  const networkid = networkNamed(world, 'isolated').id;
  const asked = { networkid, ipaddress: '198.51.100.10' };
  expect(user.fails('associateIpAddress', asked).httpStatus).toBe(533);
  expect(addressesOf(admin, { vlanid: id })).toEqual([]);
  expect(addressesOf(admin, { vlanid: id, forsystemvms: true })).toEqual(['198.51.100.10']);
  const [shown] = admin.call('listVlanIpRanges', { id })['vlaniprange'];
  expect(shown.forsystemvms).toBe(true);
  admin.call('updateVlanIpRange', { id, forsystemvms: false });
  user.done('associateIpAddress', asked);
  const shared = world.vlanRanges.all().find((range) => range.networkId !== null)!;
  expect(refusal(zone, 'updateVlanIpRange', { id: shared.id, forsystemvms: true })).toBe(
    'forSystemVms is not available for this IP range with vlan type: DirectAttached',
  );
});

test('what is dedicated to an account, a project or a domain others do not get', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  for (const name of ['worker', 'diver', 'bosh']) takeThings(world, world.clientOf(name));
  const sub = domainOf(world, 'ROOT/sub').id;
  const range = (last: number, values: Values): Reply =>
    added(admin, publicValues(world, { startip: `198.51.100.${last}`, ...values }));
  const ofAccount = range(10, { account: 'worker', domainid: sub });
  const ofDomain = range(11, { domainid: sub });
  const ofProject = range(12, { projectid: projectOf(world, 'alpha').id });
  expect(ofAccount).toMatchObject({ account: 'worker', domainpath: 'ROOT/sub' });
  expect(ofDomain).toMatchObject({ domain: 'sub', domainid: sub, domainpath: 'ROOT/sub' });
  expect(ofDomain).not.toHaveProperty('account');
  expect(ofProject).toMatchObject({ project: 'alpha' });
  const taken = (name: string, ipaddress?: string): unknown => {
    const client = world.clientOf(name);
    const [network] = client.call('listNetworks')['network'] as Reply[];
    const values = { networkid: String(network!['id']), ...(ipaddress && { ipaddress }) };
    return client.send('associateIpAddress', values).status === 200 || 'refused';
  };
  for (const last of [10, 11, 12]) expect(taken('bosh', `198.51.100.${last}`)).toBe('refused');
  expect(taken('diver', '198.51.100.11')).toBe('refused');
  // Its own come first.
  expect([taken('worker'), taken('worker'), taken('worker')]).toEqual([true, true, true]);
  const ofWorker = world.world.publicIps
    .all()
    .filter(({ accountId }) => accountId === accountOf(world, 'worker').id)
    .map(({ ipAddress }) => ipAddress);
  expect(ofWorker).toEqual(expect.arrayContaining(['198.51.100.10', '198.51.100.11']));
  const found = (values: Values): unknown[] =>
    ((admin.call('listVlanIpRanges', values)['vlaniprange'] ?? []) as Reply[]).map(({ id }) => id);
  expect(found({ domainid: sub })).toEqual([ofDomain['id']]);
  expect(found({ projectid: projectOf(world, 'alpha').id })).toEqual([ofProject['id']]);
  expect(found({ account: 'worker', domainid: sub })).toEqual([]);
  for (const [values, text] of [
    [
      { account: 'worker', domainid: sub, projectid: projectOf(world, 'alpha').id },
      'Account and projectId are mutually exclusive',
    ],
    [{ account: 'nobody', domainid: sub }, 'Please specify a valid account.'],
  ] as const) {
    expect(admin.fails('createVlanIpRange', publicValues(world, values)).errortext).toBe(text);
  }
  admin.call('updateResourceLimit', { resourcetype: 1, account: 'worker', domainid: sub, max: 5 });
  const many = publicValues(world, { startip: '198.51.100.20', endip: '198.51.100.30' });
  expect(
    admin.fails('createVlanIpRange', { ...many, account: 'worker', domainid: sub }).httpStatus,
  ).toBe(535);
  expect(
    admin.fails('updateVlanIpRange', { id: ofDomain['id'], forsystemvms: true }).errortext,
  ).toBe('Specified Public IP range has already been dedicated to a domain');
  expect(
    admin.fails('updateVlanIpRange', { id: ofAccount['id'], forsystemvms: true }).errortext,
  ).toBe('Specified Public IP range has already been dedicated to an account');
  assertSound(world.simulator);
});

test('what an account has of its range goes with the range, unless something depends on it', () => {
  const world = createOwnedWorld();
  const { clientOf, simulator } = world;
  const [admin, worker] = [clientOf('admin'), clientOf('worker')];
  const vmId = takeThings(world, worker);
  const domainid = domainOf(world, 'ROOT/sub').id;
  const values = { account: 'worker', domainid, endip: '198.51.100.11' };
  const { id } = added(admin, publicValues(world, values)) as { id: string };
  const networkid = worker.call('listNetworks')['network'][0].id as string;
  const { ipaddress } = worker.done('associateIpAddress', { networkid });
  const publicIp = simulator.world.publicIps.require(ipaddress.id);
  const what =
    `Can't delete account specific vlan ${rangeText(simulator.world.vlanRanges.require(id))} as ip ` +
    `${publicIpText(simulator.world, publicIp)} belonging to the range `;
  const refused = (): string => admin.fails('deleteVlanIpRange', { id }).errortext;
  worker.call('enableStaticNat', { ipaddressid: publicIp.id, virtualmachineid: vmId });
  expect(refused()).toBe(`${what}is used for static nat purposes. Cleanup the rules first`);
  worker.done('disableStaticNat', { ipaddressid: publicIp.id });
  const rule = { ipaddressid: publicIp.id, protocol: 'tcp', startport: 1 };
  const { firewallrule } = worker.done('createFirewallRule', rule);
  expect(refused()).toBe(`${what}has firewall rules applied. Cleanup the rules first`);
  worker.done('deleteFirewallRule', { id: firewallrule.id });
  admin.call('reserveIpAddress', {
    id: simulator.world.publicIps.where('vlanRangeId', id)[1]!.id,
    account: 'worker',
    domainid,
  });
  admin.call('deleteVlanIpRange', { id });
  expect(addressesOf(worker)).not.toContain('198.51.100.10');
  assertSound(simulator);
});

test('a source NAT address keeps the range of its account', () => {
  const world = createOwnedWorld();
  const [admin, worker] = [world.clientOf('admin'), world.clientOf('worker')];
  const domainid = domainOf(world, 'ROOT/sub').id;
  const { id } = added(admin, publicValues(world, { account: 'worker', domainid }));
  takeThings(world, worker);
  const { internalId } = world.world.networks.all().find(({ name }) => name === 'private')!;
  expect(admin.fails('deleteVlanIpRange', { id: id as string }).errortext).toContain(
    `belonging to the range is a source nat ip for the network id=${internalId}. IP range with the`,
  );
});

test('a range that was dedicated to an account or a domain that is deleted is everybody’s', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  const domainid = domainOf(world, 'ROOT/far').id;
  const values = { account: 'stranger', domainid };
  const ofAccount = added(admin, publicValues(world, values))['id'] as string;
  const ofDomain = added(admin, publicValues(world, { startip: '198.51.100.20', domainid }));
  const [kept] = world.world.publicIps.where('vlanRangeId', ofAccount);
  world.clientOf('stranger').call('reserveIpAddress', { id: kept!.id });
  admin.done('deleteDomain', { id: domainid, cleanup: true });
  for (const id of [ofAccount, ofDomain['id'] as string]) {
    const [range] = admin.call('listVlanIpRanges', { id })['vlaniprange'];
    expect(range).not.toHaveProperty('domainid');
  }
  expect(kept!.state).toBe('Free');
  world.clientOf('bosh').call('reserveIpAddress', { id: kept!.id });
  assertSound(world.simulator);
});
