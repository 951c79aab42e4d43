// Proves how VPCs are found, changed, restarted and deleted, what goes with them and with their owners,
// and each refusal with its text, which changes nothing.
import { expect, test } from '@playwright/test';
import { vpcText } from '../../../../simulator/world/network/vpcs.js';
import type { NetworkWorld } from '../../../support/network-world.js';
import { testSimulator, type Reply, type Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  addRunningVm,
  addTier,
  addVpc,
  createVpcWorld,
  failedJob,
  refusal,
  rowsAroundVpcs,
  vpcOfferingId,
} from '../../../support/vpc-world.js';

function refusedJob(
  zone: NetworkWorld,
  command: string,
  values: Values,
  client = zone.user,
): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = failedJob(client, command, values);
  expect(rowsAroundVpcs(zone)).toBe(before);
  return answer;
}

const sourceNatOf = ({ user }: NetworkWorld, vpcid: string): string =>
  user.call('listPublicIpAddresses', { vpcid, issourcenat: true })['publicipaddress'][0][
    'ipaddress'
  ];

test('the offerings of VPCs are those that CloudStack ships', () => {
  const { user, world } = createVpcWorld();
  const offerings = (values: Values = {}): Reply[] =>
    user.call('listVPCOfferings', values)['vpcoffering'] ?? [];
  expect(offerings().map(({ name, isdefault, state }) => [name, isdefault, state])).toEqual([
    ['Default VPC offering', true, 'Enabled'],
    ['Default VPC  offering with Netscaler', false, 'Enabled'],
    ['Redundant VPC offering', true, 'Enabled'],
    ['VPC offering with NSX - NAT Mode', false, 'Enabled'],
    ['VPC offering with NSX - Route Mode', false, 'Enabled'],
  ]);
  const [first] = offerings();
  expect(first).toMatchObject({
    id: vpcOfferingId({ world }, 'Default VPC offering'),
    displaytext: 'Default VPC offering',
    distributedvpcrouter: false,
    supportsregionLevelvpc: false,
    fornsx: false,
    internetprotocol: 'IPv4',
  });
  expect(first!['created']).toMatch(/^2026-/);
  expect(first!['networkmode']).toBeUndefined();
  expect(offerings({ name: 'route' })[0]).toMatchObject({ fornsx: true, networkmode: 'ROUTED' });
});

test('offerings of VPCs are found by what they are', () => {
  const { user, admin, world } = createVpcWorld({ domains: [{ path: 'ROOT/far' }] });
  const names = (values: Values, client = user): string[] =>
    (client.call('listVPCOfferings', values)['vpcoffering'] ?? []).map((row: Reply) => row['name']);
  const [first] = world.vpcOfferings.all();
  expect(names({ id: first!.id })).toEqual(['Default VPC offering']);
  expect(names({ name: 'redundant' })).toEqual(['Redundant VPC offering']);
  expect(names({ displaytext: 'netscaler' })).toEqual(['Default VPC  offering with Netscaler']);
  expect(names({ keyword: 'nat mode' })).toEqual(['VPC offering with NSX - NAT Mode']);
  expect(names({ isdefault: true })).toHaveLength(2);
  expect(names({ state: 'disabled' })).toEqual([]);
  expect(names({ supportedservices: 'SourceNat,vpn' })).toHaveLength(4);
  expect(refusal(user, 'listVPCOfferings', { supportedservices: 'Magic' })).toEqual([
    431,
    'Invalid service specified Magic',
  ]);
  const zoneid = world.zones.all()[0]!.id;
  const domainid = world.domains.all()[0]!.id;
  expect(names({ zoneid, domainid })).toHaveLength(5);
  const elsewhere = { id: 'elsewhere', name: 'elsewhere', internalId: 99 };
  world.zones.insert({ ...world.zones.all()[0]!, ...elsewhere });
  world.vpcOfferings.change(first!, { zoneIds: [elsewhere.id] });
  expect(names({ zoneid })).toHaveLength(4);
  const far = world.domains.all()[1]!.id;
  world.vpcOfferings.change(first!, { zoneIds: [], domainIds: [far] });
  expect(names({})).toHaveLength(4);
  expect(names({}, admin)).toHaveLength(5);
});

test('VPCs are found by what they are, the newest first', () => {
  const zone = createVpcWorld();
  const { user, other, admin, world } = zone;
  const redundant = vpcOfferingId(zone, 'Redundant VPC offering');
  const web = addVpc(zone, { name: 'web', displaytext: 'for all', cidr: '10.1.0.0/16' })['id'];
  const mail = addVpc(zone, { name: 'mail', vpcofferingid: redundant, start: false })['id'];
  const foreign = addVpc(zone, { name: 'foreign' }, other)['id'];
  const ids = (values: Values, client = user): string[] =>
    (client.call('listVPCs', values)['vpc'] ?? []).map((row: Reply) => row['id']);
  expect(ids({})).toEqual([mail, web]);
  expect(ids({ listall: true }, admin)).toEqual([foreign, mail, web]);
  expect(ids({}, admin)).toEqual([]);
  expect(ids({ id: web })).toEqual([web]);
  expect(ids({ name: 'AI' })).toEqual([mail]);
  expect(ids({ displaytext: 'for' })).toEqual([web]);
  expect(ids({ keyword: 'all' })).toEqual([web]);
  expect(ids({ keyword: 'mai' })).toEqual([mail]);
  expect(ids({ cidr: '10.1.0.0/16' })).toEqual([web]);
  expect(ids({ vpcofferingid: redundant })).toEqual([mail]);
  expect(ids({ zoneid: world.zones.all()[0]!.id })).toEqual([mail, web]);
  expect(ids({ state: 'enabled' })).toEqual([mail, web]);
  expect(ids({ state: 'inactive' })).toEqual([]);
  expect(ids({ restartrequired: true })).toEqual([]);
  expect(ids({ restartrequired: false })).toEqual([mail, web]);
  expect(ids({ supportedservices: 'Vpn,Lb' })).toEqual([mail, web]);
  expect(ids({ supportedservices: 'Firewall' })).toEqual([]);
  expect(refusal(user, 'listVPCs', { supportedservices: 'Magic' })).toEqual([
    431,
    'Invalid service specified Magic',
  ]);
});

test('VPCs have tags, by which they are found', () => {
  const zone = createVpcWorld();
  const { user, other } = zone;
  const { id } = addVpc(zone);
  const values = {
    resourceids: id,
    resourcetype: 'Vpc',
    'tags[0].key': 'for',
    'tags[0].value': 'web',
  };
  expect(failedJob(other, 'createTags', values)[0]).toBe(530);
  user.done('createTags', values);
  const [vpc] = user.call('listVPCs', { 'tags[0].key': 'for', 'tags[0].value': 'web' })['vpc'];
  expect(vpc).toMatchObject({ id, tags: [{ key: 'for', value: 'web', resourcetype: 'Vpc' }] });
  expect(user.call('listVPCs', { 'tags[0].key': 'for', 'tags[0].value': 'mail' })).toEqual({});
});

test('a VPC gets another name and text', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone);
  const update = (values: Values): Reply => zone.user.done('updateVPC', { id, ...values })['vpc'];
  expect(update({ name: 'web' })).toMatchObject({ name: 'web', displaytext: 'cloud' });
  expect(update({ displaytext: 'the web' })).toMatchObject({ name: 'web', displaytext: 'the web' });
  const { event } = zone.user.call('listEvents', { type: 'VPC.UPDATE' });
  expect(event[0]).toMatchObject({ state: 'Completed', resourceid: id });
});

test('a VPC that is hidden is found by root admins who ask for it', () => {
  const zone = createVpcWorld();
  const { user, admin } = zone;
  const { id } = addVpc(zone);
  expect(admin.done('updateVPC', { id, fordisplay: false })['vpc']['fordisplay']).toBe(false);
  expect(user.call('listVPCs', { id })).toEqual({});
  expect(admin.call('listVPCs', { id, fordisplay: false })['vpc']).toHaveLength(1);
});

test('a VPC with addresses gets another size of packets, the nearest that there can be', () => {
  const zone = createVpcWorld();
  const { user } = zone;
  const { id } = addVpc(zone);
  const update = (publicmtu: number): Reply => user.done('updateVPC', { id, publicmtu })['vpc'];
  expect(update(1_400)['publicmtu']).toBe(1_400);
  expect(update(10)['publicmtu']).toBe(68);
  expect(update(9_000)['publicmtu']).toBe(1_500);
  const bare = addVpc(zone, { start: false })['id'];
  const failed = [530, 'Failed to update VPC'];
  expect(refusedJob(zone, 'updateVPC', { id: bare, publicmtu: 1_400 })).toEqual(failed);
  zone.world.settings.set('vr.public.interface.max.mtu', 9_000);
  expect(update(9_000)['publicmtu']).toBe(9_000);
  // CloudStack has it the wrong way round.
  zone.world.settings.set('allow.end.users.to.specify.vr.mtu', true);
  expect(refusedJob(zone, 'updateVPC', { id, publicmtu: 1_400 })).toEqual(failed);
});

test('a change of nothing fails', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone);
  const failed = [530, 'Failed to update VPC'];
  expect(refusedJob(zone, 'updateVPC', { id })).toEqual(failed);
  expect(refusedJob(zone, 'updateVPC', { id, publicmtu: 1_500 })).toEqual(failed);
});

test('another of its addresses becomes its source NAT address, unless it does something already', () => {
  const zone = createVpcWorld();
  const { user } = zone;
  const { id } = addVpc(zone);
  const first = sourceNatOf(zone, id);
  const [second, third] = [1, 2].map(
    () => user.done('associateIpAddress', { vpcid: id })['ipaddress'],
  );
  user.done('updateVPC', { id, sourcenatipaddress: second['ipaddress'] });
  expect(sourceNatOf(zone, id)).toBe(second['ipaddress']);
  assertSound(zone);
  const networkid = addTier(zone, id)['id'];
  user.done('createLoadBalancerRule', {
    name: 'web',
    algorithm: 'source',
    privateport: 80,
    publicport: 80,
    publicipid: third['id'],
    networkid,
  });
  const failed = [530, 'Failed to update VPC'];
  for (const sourcenatipaddress of [third['ipaddress'], second['ipaddress'], '203.0.113.99']) {
    expect(refusedJob(zone, 'updateVPC', { id, sourcenatipaddress })).toEqual(failed);
  }
  expect(
    user.done('updateVPC', { id, sourcenatipaddress: first, name: 'web' })['vpc']['name'],
  ).toBe('web');
  expect(sourceNatOf(zone, id)).toBe(first);
});

test('a restart brings the router of a VPC that had none', () => {
  const zone = createVpcWorld();
  const { user, world } = zone;
  const { id } = addVpc(zone, { start: false });
  expect(user.done('restartVPC', { id, cleanup: true })).toEqual({ success: true });
  expect(world.vpcs.require(id)).toMatchObject({ isImplemented: true, restartRequired: false });
  assertSound(zone);
});

test('a restart that fails leaves another one to be done', () => {
  const zone = createVpcWorld();
  const { user, other } = zone;
  const { id } = addVpc(zone, { start: false });
  const others = [1, 2, 3, 4].map(
    (number) => addVpc(zone, { name: `other${number}` }, other)['id'],
  );
  expect(failedJob(user, 'restartVPC', { id })).toEqual([530, 'Failed to restart VPC']);
  expect(user.call('listVPCs', { restartrequired: true })['vpc'][0]['id']).toBe(id);
  other.done('deleteVPC', { id: others[0]! });
  user.done('restartVPC', { id });
  expect(user.call('listVPCs', { id })['vpc'][0]['restartrequired']).toBe(false);
});

test('a restart makes a VPC redundant, which takes the offering for that', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone);
  zone.user.done('restartVPC', { id, makeredundant: true });
  expect(zone.user.call('listVPCs', { id })['vpc'][0]).toMatchObject({
    redundantvpcrouter: true,
    vpcofferingname: 'Redundant VPC offering',
  });
});

test('a restart applies what a job has left half done', () => {
  const zone = createVpcWorld();
  const { user, world } = zone;
  const { id: vpcid } = addVpc(zone);
  const networkid = addTier(zone, vpcid)['id'];
  const vm = addRunningVm(zone, networkid);
  const { id: ipaddressid } = user.done('associateIpAddress', { vpcid })['ipaddress'];
  const rule = user.run('createPortForwardingRule', {
    ipaddressid,
    networkid,
    virtualmachineid: vm['id'],
    protocol: 'tcp',
    publicport: 22,
    privateport: 22,
  });
  const row = world.portForwardingRules.require(rule.id!);
  world.portForwardingRules.move(row, 'Changed');
  user.done('restartVPC', { id: vpcid });
  expect(row.state).toBe('Active');
});

test('a VPC goes with its addresses, lists and tags, and is Inactive meanwhile', () => {
  const zone = createVpcWorld();
  const { user, world } = zone;
  const { id } = addVpc(zone);
  user.done('associateIpAddress', { vpcid: id });
  const list = user.done('createNetworkACLList', { name: 'own', vpcid: id })['networkacllist'];
  user.done('createNetworkACL', { aclid: list['id'], protocol: 'tcp', startport: 22 });
  user.done('createTags', {
    resourceids: id,
    resourcetype: 'Vpc',
    'tags[0].key': 'for',
    'tags[0].value': 'web',
  });
  const { jobid } = user.call('deleteVPC', { id });
  world.kernel.advanceBy(100);
  expect(user.call('listVPCs', { id })['vpc'][0]['state']).toBe('Inactive');
  world.kernel.advanceUntilIdle();
  expect(user.job(jobid).result).toEqual({ success: true });
  expect(user.call('listVPCs', { id })).toEqual({});
  expect(user.call('listPublicIpAddresses')).toEqual({});
  expect(world.networkAclLists.all().map(({ name }) => name)).toEqual([
    'default_deny',
    'default_allow',
  ]);
  expect(world.tags.all()).toEqual([]);
  const { event } = user.call('listEvents', { type: 'VPC.DELETE' });
  expect(event[0]).toMatchObject({ state: 'Completed', resourceid: id });
  assertSound(zone);
});

test('a VPC stays as long as it has tiers, but its tags go', () => {
  const zone = createVpcWorld();
  const { user, world } = zone;
  const { id } = addVpc(zone);
  const tier = addTier(zone, id);
  user.done('createTags', {
    resourceids: id,
    resourcetype: 'Vpc',
    'tags[0].key': 'for',
    'tags[0].value': 'web',
  });
  const text = `Can't delete VPC ${vpcText(world.vpcs.require(id))} as its used by 1 networks`;
  expect(failedJob(user, 'deleteVPC', { id })).toEqual([431, text]);
  expect(user.call('listVPCs', { id })['vpc'][0]).toMatchObject({ state: 'Enabled', tags: [] });
  expect(refusedJob(zone, 'deleteVPC', { id })).toEqual([431, text]);
  user.done('deleteNetwork', { id: tier['id'] });
  user.done('deleteVPC', { id });
});

test('what is gone is neither changed nor restarted nor deleted', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone);
  const { internalId } = zone.world.vpcs.require(id);
  zone.user.done('deleteVPC', { id });
  expect(refusedJob(zone, 'updateVPC', { id, name: 'web' })).toEqual([
    431,
    `Unable to find vpc by id ${internalId}`,
  ]);
  expect(refusedJob(zone, 'restartVPC', { id })).toEqual([
    431,
    'Unable to find Enabled VPC by id specified',
  ]);
  expect(refusedJob(zone, 'deleteVPC', { id })).toEqual([
    431,
    `unable to find VPC id=${internalId}`,
  ]);
});

test('what is somebody else’s is neither changed nor restarted nor deleted', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone);
  const before = rowsAroundVpcs(zone);
  for (const command of ['updateVPC', 'restartVPC', 'deleteVPC']) {
    expect(refusal(zone.other, command, { id, name: 'mine' })[0]).not.toBe(200);
  }
  expect(refusal(zone.other, 'deleteVPC', { id })[0]).toBe(531);
  expect(refusal(zone.other, 'restartVPC', { id })[0]).toBe(531);
  expect(refusal(zone.other, 'updateVPC', { id, name: 'mine' })[0]).toBe(531);
  expect(rowsAroundVpcs(zone)).toBe(before);
});

test('jobs of one VPC run one after the other', () => {
  const zone = createVpcWorld();
  const { user, world } = zone;
  const { id } = addVpc(zone);
  const restart = user.call('restartVPC', { id })['jobid'];
  const update = user.call('updateVPC', { id, name: 'web' })['jobid'];
  world.kernel.advanceBy(200);
  expect([user.job(restart).status, user.job(update).status]).toEqual([0, 0]);
  expect(world.vpcs.require(id).name).toBe('cloud');
  world.kernel.advanceUntilIdle();
  expect(world.vpcs.require(id).name).toBe('web');
});

test('a deletion that is interrupted is finished later', () => {
  const { simulator, user } = testSimulator({
    faults: [
      {
        when: { command: 'deleteVPC', phase: 'job-step', step: 2 },
        then: { effect: 'job-fails', text: 'no' },
      },
    ],
  });
  const { world } = simulator;
  const zone = { world } as NetworkWorld;
  const { id } = user.done('createVPC', {
    name: 'cloud',
    zoneid: world.zones.all()[0]!.id,
    vpcofferingid: vpcOfferingId(zone, 'Default VPC offering'),
    cidr: '10.0.0.0/16',
  })['vpc'];
  expect(failedJob(user, 'deleteVPC', { id })[0]).toBe(530);
  expect(world.vpcs.require(id)).toMatchObject({ state: 'Inactive', removedMs: null });
  world.kernel.advanceBy(world.settings.get('vpc.cleanup.interval') * 1_000);
  expect(world.vpcs.require(id).removedMs).not.toBeNull();
  assertSound(simulator);
});

function ownedBy(zone: NetworkWorld, values: Values = {}): void {
  const { id } = addVpc(zone, values);
  addRunningVm(zone, addTier(zone, id, 1, values)['id'], values);
  zone.user.done('associateIpAddress', { vpcid: id });
  zone.user.done('createNetworkACLList', { name: 'own', vpcid: id });
}

test('VPCs go with their account', () => {
  const zone = createVpcWorld();
  ownedBy(zone);
  const { id } = zone.world.accounts.all().find(({ name }) => name === 'bosh')!;
  zone.admin.done('deleteAccount', { id });
  expect(zone.world.vpcs.all()).toEqual([]);
  expect(zone.world.networks.all().filter(({ vpcId }) => vpcId !== null)).toEqual([]);
  expect(zone.world.publicIps.all().every(({ state }) => state === 'Free')).toBe(true);
  assertSound(zone);
});

test('VPCs go with their project', () => {
  const zone = createVpcWorld({ projects: [{ name: 'alpha', account: 'bosh' }] });
  const { id: projectid } = zone.world.projects.all()[0]!;
  ownedBy(zone, { projectid });
  expect(zone.user.call('listVPCs', { projectid })['vpc']).toHaveLength(1);
  expect(zone.user.call('listVPCs')).toEqual({});
  zone.user.done('deleteProject', { id: projectid, cleanup: true });
  expect(zone.world.vpcs.all()).toEqual([]);
  assertSound(zone);
});

test('VPCs go with their domain', () => {
  const zone = createVpcWorld({ domains: [{ path: 'ROOT/sub' }] });
  const { world, admin } = zone;
  const domain = world.domains.all().find(({ path }) => path === 'ROOT/sub')!;
  const values = { account: 'worker', domainid: domain.id };
  admin.call('createAccount', {
    account: 'worker',
    domainid: domain.id,
    accounttype: 0,
    username: 'worker',
    password: 'secret',
    firstname: 'A',
    lastname: 'Worker',
    email: 'worker@example.com',
  });
  const { id } = addVpc(zone, values, admin);
  addTier(zone, id, 1, values, admin);
  admin.done('deleteDomain', { id: domain.id, cleanup: true });
  expect(world.vpcs.all()).toEqual([]);
  assertSound(zone);
});

test('a VPC whose tier others use waits for the next cleanup', () => {
  const zone = createVpcWorld();
  const { world, admin } = zone;
  const { id: vpcid } = addVpc(zone);
  const tier = addTier(zone, vpcid);
  const vm = addRunningVm(zone, tier['id']);
  const account = world.accounts.all().find(({ name }) => name === 'other')!;
  world.vms.change(world.vms.require(vm['id']), { accountId: account.id });
  admin.done('deleteAccount', { id: world.vpcs.require(vpcid).accountId });
  expect(world.vpcs.require(vpcid).removedMs).toBeNull();
  admin.done('destroyVirtualMachine', { id: vm['id'], expunge: true });
  world.kernel.advanceBy(world.settings.get('account.cleanup.interval') * 1_000);
  expect(world.vpcs.require(vpcid).removedMs).not.toBeNull();
});
