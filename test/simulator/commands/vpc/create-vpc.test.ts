// Proves how a VPC comes into being: what it shows, when it gets its router and its source NAT
// address, whose it is and how many there may be; and each refusal with its text, which leaves nothing.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import { createIdentityWorld } from '../../../support/identity-world.js';
import type { Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  addVpc,
  createVpcWorld,
  failedJob,
  refusal,
  rowsAroundVpcs,
  vpcOfferingId,
  vpcValues,
} from '../../../support/vpc-world.js';

function refused(values: Values, prepare?: (zone: ReturnType<typeof createVpcWorld>) => void) {
  const zone = createVpcWorld();
  prepare?.(zone);
  const before = rowsAroundVpcs(zone);
  const answer = refusal(zone.user, 'createVPC', vpcValues(zone, values));
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

test('shows what was asked for, and what follows from it', () => {
  const zone = createVpcWorld();
  const { world, user, admin } = zone;
  const vpc = addVpc(zone, { displaytext: 'All of it', dns1: '9.9.9.9', dns2: '1.1.1.1' });
  const account = world.accounts.all().find((row) => row.name === 'bosh')!;
  expect(vpc).toMatchObject({
    name: 'cloud',
    displaytext: 'All of it',
    state: 'Enabled',
    zonename: 'zone1',
    zoneid: world.zones.all()[0]!.id,
    cidr: '10.0.0.0/16',
    vpcofferingid: vpcOfferingId(zone, 'Default VPC offering'),
    vpcofferingname: 'Default VPC offering',
    account: 'bosh',
    domain: 'ROOT',
    domainpath: 'ROOT',
    network: [],
    restartrequired: false,
    networkdomain: `cs${account.internalId.toString(16)}cloud.internal`,
    tags: [],
    distributedvpcrouter: false,
    regionlevelvpc: false,
    redundantvpcrouter: false,
    publicmtu: 1500,
    dns1: '9.9.9.9',
    dns2: '1.1.1.1',
  });
  expect(vpc['fordisplay']).toBeUndefined();
  const [shown] = admin.call('listVPCs', { listall: true })['vpc'];
  expect(shown).toEqual({ ...vpc, fordisplay: true });
  const services = vpc['service'] as { name: string; provider: { name: string }[] }[];
  expect(services.map(({ name }) => name)).not.toContain('Gateway');
  expect(services.find(({ name }) => name === 'Lb')!.provider).toEqual([
    { name: 'VpcVirtualRouter' },
    { name: 'InternalLbVm' },
  ]);
  expect(user.call('listVPCs', { id: vpc['id'] })['vpc'][0]['created']).toMatch(/^2026-/);
  assertSound(zone);
});

test('is called as it is named unless it gets a text of its own', () => {
  const zone = createVpcWorld();
  expect(addVpc(zone)['displaytext']).toBe('cloud');
  expect(addVpc(zone, { displaytext: '' })['displaytext']).toBe('cloud');
});

test('has its router and its source NAT address when its job has ended', () => {
  const zone = createVpcWorld();
  const { world, user } = zone;
  const { id } = user.call('createVPC', vpcValues(zone));
  expect(world.vpcs.require(id)).toMatchObject({ state: 'Enabled', isImplemented: false });
  expect(user.call('listPublicIpAddresses', { vpcid: id })).toEqual({});
  world.kernel.advanceUntilIdle();
  expect(world.vpcs.require(id).isImplemented).toBe(true);
  const { publicipaddress } = user.call('listPublicIpAddresses', { vpcid: id });
  expect(publicipaddress).toHaveLength(1);
  expect(publicipaddress[0]).toMatchObject({ issourcenat: true, vpcid: id, vpcname: 'cloud' });
  expect(publicipaddress[0]['associatednetworkid']).toBeUndefined();
});

test('waits for its first tier if it is not to be started', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone, { start: false });
  expect(zone.world.vpcs.require(id).isImplemented).toBe(false);
  expect(zone.user.call('listPublicIpAddresses', { vpcid: id })).toEqual({});
});

test('takes the source NAT address that is asked for', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone, { sourcenatipaddress: '203.0.113.12' });
  const { publicipaddress } = zone.user.call('listPublicIpAddresses', { vpcid: id });
  expect(publicipaddress.map((row: Values) => [row['ipaddress'], row['issourcenat']])).toEqual([
    ['203.0.113.12', true],
  ]);
  const before = rowsAroundVpcs(zone);
  const values = vpcValues(zone, { sourcenatipaddress: '203.0.113.12' });
  const text = 'new source NAT address cannot be acquired';
  expect(refusal(zone.admin, 'createVPC', values)).toEqual([530, text]);
  expect(rowsAroundVpcs(zone)).toBe(before);
});

test('takes no source NAT address beyond the limit of the account', () => {
  const zone = createVpcWorld();
  const owner = zone.world.accounts.all().find((row) => row.name === 'bosh')!;
  zone.admin.call('updateResourceLimit', {
    account: 'bosh',
    domainid: owner.domainId,
    resourcetype: 1,
    max: 0,
  });
  const values = vpcValues(zone, {
    sourcenatipaddress: '203.0.113.12',
    account: 'bosh',
    domainid: owner.domainId,
  });
  const text = 'new source NAT address cannot be acquired';
  expect(refusal(zone.admin, 'createVPC', values)).toEqual([530, text]);
});

test('is gone again if no address is left for it', () => {
  const zone = createVpcWorld();
  const { world, user } = zone;
  for (let number = 1; number <= 4; number += 1) addVpc(zone, { name: `cloud${number}` });
  expect(failedJob(user, 'createVPC', vpcValues(zone))).toEqual([530, 'Failed to create VPC']);
  expect(world.vpcs.all().map(({ name }) => name)).not.toContain('cloud');
  assertSound(zone);
});

test('cannot be started any more once it is being deleted', () => {
  const zone = createVpcWorld();
  const { world, user } = zone;
  const { id, jobid } = user.call('createVPC', vpcValues(zone));
  user.call('deleteVPC', { id });
  world.kernel.advanceUntilIdle();
  const { resultcode, result } = user.job(jobid);
  expect([resultcode, result['errortext']]).toEqual([
    431,
    'Unable to find Enabled VPC by id specified',
  ]);
  assertSound(zone);
});

test('has two routers with the offering for that', () => {
  const zone = createVpcWorld();
  const vpcofferingid = vpcOfferingId(zone, 'Redundant VPC offering');
  expect(addVpc(zone, { vpcofferingid })['redundantvpcrouter']).toBe(true);
});

test('takes the nearest size of packets that there can be', () => {
  const zone = createVpcWorld();
  expect(addVpc(zone, { publicmtu: 9_000 })['publicmtu']).toBe(1_500);
  expect(addVpc(zone, { publicmtu: 10 })['publicmtu']).toBe(68);
  expect(addVpc(zone, { publicmtu: 1_400 })['publicmtu']).toBe(1_400);
});

test('belongs to whom it is made for', () => {
  const zone = createVpcWorld();
  const domainid = zone.world.domains.all()[0]!.id;
  const values = { account: 'other', domainid };
  expect(addVpc(zone, values, zone.admin)['account']).toBe('other');
  const [code] = refusal(zone.user, 'createVPC', vpcValues(zone, values));
  expect(code).toBe(531);
});

test('belongs to a project', () => {
  const zone = createVpcWorld({ projects: [{ name: 'alpha', account: 'bosh' }] });
  const projectid = zone.world.projects.all()[0]!.id;
  const vpc = addVpc(zone, { projectid });
  expect(vpc).toMatchObject({ projectid, project: 'alpha' });
  expect(vpc['account']).toBeUndefined();
});

test('counts for its account until it is deleted, and there may be only so many', () => {
  const zone = createVpcWorld();
  const { admin, user, world } = zone;
  const owner = world.accounts.all().find((row) => row.name === 'bosh')!;
  const counted = (): unknown =>
    admin.call('listAccounts', { id: owner.id })['account'][0]['vpctotal'];
  const vpc = addVpc(zone);
  expect(counted()).toBe(1);
  admin.call('updateResourceLimit', {
    account: 'bosh',
    domainid: owner.domainId,
    resourcetype: 7,
    max: 1,
  });
  const before = rowsAroundVpcs(zone);
  expect(refusal(user, 'createVPC', vpcValues(zone))).toEqual([
    535,
    expect.stringMatching(
      /^Maximum amount of resources of Type = 'vpc', .* for Account Name = bosh/,
    ),
  ]);
  expect(rowsAroundVpcs(zone)).toBe(before);
  user.done('deleteVPC', { id: vpc['id'] });
  expect(counted()).toBe(0);
  addVpc(zone);
});

const offeringNamed = (name: string) => (zone: ReturnType<typeof createVpcWorld>) => ({
  vpcofferingid: vpcOfferingId(zone, name),
});

const inZone: readonly (readonly [string, Values, number, string])[] = [
  ['no subnet', { cidr: '' }, 431, 'Invalid CIDR specified '],
  ['no CIDR', { cidr: '10.0.0.0' }, 431, 'Invalid CIDR specified 10.0.0.0'],
  ['a public subnet', { cidr: '9.0.0.0/8' }, 431, 'Guest Cidr 9.0.0.0/8 is not RFC1918 compliant'],
  ['a size and a subnet', { cidrsize: 24 }, 431, 'VPC cidr and cidr size are mutually exclusive'],
  [
    'a second name server alone',
    { dns2: '9.9.9.9' },
    431,
    'Second IPv4 DNS can be specified only with the first IPv4 DNS',
  ],
  ['a name server of no address', { dns1: 'dns' }, 431, 'Invalid IPv4 for DNS1'],
  ['a second one of no address', { dns1: '9.9.9.9', dns2: 'dns' }, 431, 'Invalid IPv4 for DNS2'],
];

for (const [what, values, code, text] of inZone) {
  test(`${what} is refused`, () => {
    expect(refused(values)).toEqual([code, text]);
  });
}

test('neither subnet nor size is refused, and so is a size alone', () => {
  const zone = createVpcWorld();
  const { cidr, ...values } = vpcValues(zone);
  expect(cidr).toBeDefined();
  expect(refusal(zone.user, 'createVPC', values)).toEqual([
    431,
    'VPC cidr or cidr size must be specified',
  ]);
  expect(refusal(zone.user, 'createVPC', { ...values, cidrsize: 24 })).toEqual([
    431,
    'VPC cidr size is only applicable on VPC with Routed mode',
  ]);
});

test('a domain of names that is none is refused', () => {
  const [code, text] = refused({ networkdomain: '-no-' });
  expect(code).toBe(431);
  expect(text).toMatch(/^Invalid network domain\. Total length shouldn't exceed 190 chars\./);
});

test('offerings for other products find none of their providers in the zone', () => {
  for (const [name, provider] of [
    ['Default VPC  offering with Netscaler', 'Netscaler'],
    ['VPC offering with NSX - NAT Mode', 'Nsx'],
    ['VPC offering with NSX - Route Mode', 'Nsx'],
  ] as const) {
    const zone = createVpcWorld();
    const values = vpcValues(zone, offeringNamed(name)(zone));
    const text = `Provider ${provider} should be enabled in at least one physical network of the zone specified`;
    assert.deepEqual(refusal(zone.user, 'createVPC', values), [431, text]);
    assert.equal(zone.world.vpcs.all().length, 0);
  }
});

test('an offering that is disabled, or not for the domain or zone, is refused', () => {
  const text = 'Unable to find vpc offering in Enabled state by specified id';
  const isDisabled = refused({}, ({ world }) => {
    world.vpcOfferings.change(world.vpcOfferings.all()[0]!, { enabled: false });
  });
  expect(isDisabled).toEqual([431, text]);
  const isElsewhere = refused({}, ({ world }) => {
    world.vpcOfferings.change(world.vpcOfferings.all()[0]!, { zoneIds: ['elsewhere'] });
  });
  expect(isElsewhere).toEqual([
    531,
    expect.stringMatching(/^There's no way to confirm .*bosh.* has access to VPCOffering \{"id":1/),
  ]);
});

test('a zone that is no more is refused', () => {
  const zone = createVpcWorld();
  const [row] = zone.world.zones.all();
  const values = vpcValues(zone);
  zone.world.zones.remove(row!);
  expect(refusal(zone.user, 'createVPC', values)).toEqual([431, "Can't find zone by id specified"]);
});

test('a disabled zone is for root admins', () => {
  const zone = createVpcWorld();
  const [row] = zone.world.zones.all();
  zone.world.zones.change(row!, { allocationState: 'Disabled' });
  expect(refusal(zone.user, 'createVPC', vpcValues(zone))).toEqual([
    531,
    'Cannot perform this operation since specified Zone is currently disabled',
  ]);
  addVpc(zone, {}, zone.admin);
});

test('the offering is one of those that are there', () => {
  const { clientOf } = createIdentityWorld();
  const { errortext } = clientOf('bosh').fails('createVPC', {
    name: 'cloud',
    zoneid: '1',
    vpcofferingid: '99',
  });
  expect(errortext).toContain('Invalid parameter vpcofferingid value=99');
});

test('its events tell of it', () => {
  const zone = createVpcWorld();
  const { id } = addVpc(zone);
  const { event } = zone.user.call('listEvents', { type: 'VPC.CREATE' });
  const texts = event.map((row: Values) => [row['state'], row['description'], row['resourceid']]);
  expect(texts.reverse()).toEqual([
    ['Created', `Successfully created entity for creating VPC. Id: ${id}`, id],
    ['Scheduled', `creating VPC. Id: ${id}`, id],
    ['Started', `creating VPC. Id: ${id}`, id],
    ['Completed', `Successfully completed creating VPC. Id: ${id}`, id],
  ]);
});
