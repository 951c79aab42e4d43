// Proves how rules of lists are made, shown, changed and deleted: what they let in and out, their
// numbers, who may do it; and each refusal with its text, which changes nothing.
import { expect, test } from '@playwright/test';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import { addTier, networkOfferingId, refusal, rowsAroundVpcs } from '../../../support/vpc-world.js';
import {
  aclScene,
  addList,
  addRule,
  refusedJob,
  refusedRequest,
  ruleValues,
  type AclScene,
} from './network-acl-scene.js';

function refused(values: Values): readonly [number, string] {
  const zone = aclScene();
  return refusedRequest(zone, zone.admin, 'createNetworkACL', ruleValues(zone, values));
}

const defaultRule = ({ world }: AclScene): string => world.networkAcls.all()[0]!.id;

test('a rule shows what was asked for', () => {
  const zone = aclScene();
  const rule = addRule(zone, {
    endport: 23,
    cidrlist: '10.1.0.0/16,2001:db8::/32',
    traffictype: 'egress',
    action: 'deny',
    number: 7,
    reason: 'no shells',
  });
  expect(rule).toEqual({
    id: rule['id'],
    protocol: 'tcp',
    startport: '22',
    endport: '23',
    cidrlist: '10.1.0.0/16,2001:db8::/32',
    traffictype: 'Egress',
    action: 'Deny',
    number: 7,
    reason: 'no shells',
    state: 'Active',
    tags: [],
    aclid: zone.listId,
    aclname: 'own',
  });
  assertSound(zone);
});

test('a rule lets one port in from everywhere unless more is said, behind the others', () => {
  const zone = aclScene();
  expect(addRule(zone)).toMatchObject({
    startport: '22',
    endport: '22',
    cidrlist: '0.0.0.0/0,::/0',
    traffictype: 'Ingress',
    action: 'Allow',
    number: 1,
  });
  addRule(zone, { number: 10 });
  expect(addRule(zone)['number']).toBe(11);
});

test('a rule for ICMP is for all of it unless type and code are said; its number is one', () => {
  const zone = aclScene();
  const { aclid } = ruleValues(zone);
  const of = (values: Values): Reply =>
    zone.user.done('createNetworkACL', { aclid: aclid!, ...values })['networkacl'];
  expect(of({ protocol: 'ICMP' })).toMatchObject({ icmptype: -1, icmpcode: -1 });
  expect(of({ protocol: ' 1 ' })).toMatchObject({ protocol: 'icmp', icmptype: -1 });
  expect(of({ protocol: 'icmp', icmptype: 8, icmpcode: 0 })).toMatchObject({
    icmptype: 8,
    icmpcode: 0,
  });
  expect(of({ protocol: '50' })['icmptype']).toBeUndefined();
});

test('a rule is on its way until its job has ended', () => {
  const zone = aclScene();
  const { id } = zone.user.call('createNetworkACL', ruleValues(zone));
  const state = (): string => zone.user.call('listNetworkACLs', { id })['networkacl'][0]['state'];
  expect(state()).toBe('Add');
  zone.world.kernel.advanceUntilIdle();
  expect(state()).toBe('Active');
  zone.user.call('deleteNetworkACL', { id });
  zone.world.kernel.advanceBy(100);
  expect(state()).toBe('Deleting');
  zone.world.kernel.advanceUntilIdle();
  expect(refusal(zone.user, 'listNetworkACLs', { id })[1]).toContain('entity does not exist');
});

test('a rule that is deleted before its job has ended was not made', () => {
  const zone = aclScene();
  const { id, jobid } = zone.user.call('createNetworkACL', ruleValues(zone));
  zone.user.call('deleteNetworkACL', { id });
  zone.world.kernel.advanceUntilIdle();
  const { resultcode, result } = zone.user.job(jobid);
  expect([resultcode, result['errortext']]).toEqual([530, 'Failed to create network ACL Item']);
  assertSound(zone);
});

test('a tier without a list gets one for its first rule, even if that is refused', () => {
  const zone = aclScene();
  const { user, vpcId } = zone;
  const networkid = addTier(zone, vpcId)['id'];
  const values = { networkid, protocol: 'tcp', startport: 22 };
  expect(refusal(user, 'createNetworkACL', { ...values, action: 'maybe' })[0]).toBe(431);
  const name = `VPC_cloud_Tier_tier1_ACL_${networkid}`;
  const rule = user.done('createNetworkACL', values)['networkacl'];
  expect(rule['aclname']).toBe(name);
  expect(user.call('listNetworks', { id: networkid })['network'][0]['aclname']).toBe(name);
  const [list] = user.call('listNetworkACLLists', { networkid })['networkacllist'];
  expect(list).toMatchObject({ name, description: `ACL for ${name}` });
  expect(user.done('createNetworkACL', values)['networkacl']['aclid']).toBe(list['id']);
  assertSound(zone);
});

test('rules are found by list, network, kind, protocol, action and keyword', () => {
  const zone = aclScene();
  const { user, other, admin, vpcId, listId } = zone;
  const networkid = addTier(zone, vpcId, 1, { aclid: listId })['id'];
  const bare = addTier(zone, vpcId, 2)['id'];
  const web = addRule(zone, { reason: 'web', action: 'deny' })['id'];
  const mail = addRule(zone, { protocol: 'udp', traffictype: 'egress', reason: 'mail' })['id'];
  const ids = (values: Values, client = user): string[] =>
    (client.call('listNetworkACLs', values)['networkacl'] ?? []).map((rule: Reply) => rule['id']);
  const shipped = ids({}, other);
  expect(shipped).toHaveLength(4);
  expect(ids({})).toEqual([mail, web, ...shipped]);
  expect(ids({ listall: true }, admin)).toEqual([mail, web, ...shipped]);
  expect(ids({}, admin)).toEqual(shipped);
  expect(ids({ aclid: listId })).toEqual([mail, web]);
  expect(ids({ networkid })).toEqual([mail, web]);
  expect(ids({ networkid: bare })).toEqual([]);
  expect(ids({ aclid: listId, traffictype: 'EGRESS' })).toEqual([mail]);
  expect(ids({ protocol: 'UDP' })).toEqual([mail]);
  expect(ids({ aclid: listId, action: 'deny' })).toEqual([web]);
  expect(ids({ keyword: 'mail' })).toEqual([mail]);
  expect(ids({ keyword: 'udp' })).toEqual([mail]);
  expect(ids({ id: web })).toEqual([web]);
  expect(refusal(other, 'listNetworkACLs', { aclid: listId })[0]).toBe(531);
  expect(refusal(other, 'listNetworkACLs', { networkid })[0]).toBe(531);
});

test('rules have tags, by which they are found', () => {
  const zone = aclScene();
  const { user, other } = zone;
  const rule = addRule(zone);
  const tag = { resourceids: rule['id'], resourcetype: 'NetworkACL' };
  const values = { ...tag, 'tags[0].key': 'for', 'tags[0].value': 'web' };
  expect(refusedJob(zone, other, 'createTags', values)[0]).toBe(530);
  user.done('createTags', values);
  const found = user.call('listNetworkACLs', { 'tags[0].key': 'for', 'tags[0].value': 'web' });
  expect(found['networkacl'].map((row: Reply) => row['id'])).toEqual([rule['id']]);
  user.done('deleteNetworkACL', { id: rule['id'] });
  assertSound(zone);
});

test('hidden rules are listed as well, and root admins see that they are', () => {
  const zone = aclScene();
  const rule = addRule(zone, { fordisplay: false }, zone.admin);
  expect(rule['fordisplay']).toBe(false);
  expect(zone.user.call('listNetworkACLs', { id: rule['id'] })['networkacl']).toHaveLength(1);
});

const refusals: readonly (readonly [string, Values, string])[] = [
  ['another kind of traffic', { traffictype: 'sideways' }, 'Invalid traffic type sideways'],
  ['a number below one', { number: 0 }, 'Invalid number [0]. Number cannot be < 1'],
  [
    'another action',
    { action: 'maybe' },
    'Invalid action [maybe]. Permitted actions are Allow and Deny',
  ],
  ['no port', { startport: 65_536 }, 'Start public port is an invalid value: 65536'],
  ['no last port', { endport: -1 }, 'End public port is an invalid value: -1'],
  [
    'ports the wrong way round',
    { startport: 23, endport: 22 },
    "Start port can't be bigger than end port [startport=23,endport=22]",
  ],
  [
    'ports of everything',
    { protocol: 'all' },
    "start port and end port must be null if protocol = 'all'",
  ],
  ['no CIDR', { cidrlist: '10.0.0.0' }, 'Source cidrs formatting error 10.0.0.0'],
  [
    'no CIDR of IPv6',
    { cidrlist: '2001:db8::/129' },
    'Source cidrs formatting error 2001:db8::/129',
  ],
  ['a number that no protocol has', { protocol: '256' }, 'Invalid protocol number: 256'],
  [
    'a name that no protocol has',
    { protocol: 'gre' },
    'Invalid protocol [gre]. Expected one of: [tcp,udp,icmp,all]',
  ],
  [
    'types of other protocols',
    { icmptype: 8 },
    'Can specify icmpCode and icmpType for ICMP protocol only',
  ],
  ['ports of ICMP', { protocol: 'icmp' }, "Can't specify start/end port when protocol is ICMP"],
];

for (const [what, values, text] of refusals) {
  test(`refused: ${what}`, () => {
    expect(refused(values)).toEqual([431, text]);
  });
}

test('refused: types and codes that ICMP does not have', () => {
  const zone = aclScene();
  const of = (values: Values): readonly [number, string] =>
    refusedRequest(zone, zone.user, 'createNetworkACL', {
      aclid: zone.listId,
      protocol: 'icmp',
      ...values,
    });
  expect(of({ icmptype: 256 })).toEqual([
    431,
    'Invalid icmp type [256]. It should belong to [0-255] range',
  ]);
  expect(of({ icmptype: 8, icmpcode: 17 })).toEqual([
    431,
    'Invalid icmp code [17]. It should belong to [0-16] range and can be defined when icmpType belongs to [0-40] range',
  ]);
});

test('refused: a last port without a first', () => {
  const zone = aclScene();
  const values = { aclid: zone.listId, protocol: 'tcp', endport: 22 };
  expect(refusedRequest(zone, zone.admin, 'createNetworkACL', values)).toEqual([
    530,
    'Cannot invoke "java.lang.Integer.intValue()" because "sourcePortStart" is null',
  ]);
});

test('refused: a number that a rule of the list has', () => {
  const zone = aclScene();
  addRule(zone, { number: 3 });
  const text = `ACL item with number 3 already exists in ACL: ${zone.listId}`;
  const values = ruleValues(zone, { number: 3 });
  expect(refusedRequest(zone, zone.user, 'createNetworkACL', values)).toEqual([431, text]);
  const second = addList(zone, { name: 'second', vpcid: zone.vpcId })['id'];
  addRule(zone, { aclid: second, number: 3 });
  const { id } = addRule(zone, { number: 4 });
  expect(refusedJob(zone, zone.user, 'updateNetworkACLItem', { id, number: 3 })).toEqual([
    431,
    text,
  ]);
});

test('refused: rules of nothing, of a network that is no tier, of somebody else', () => {
  const zone = aclScene();
  const { user, other, world } = zone;
  const create = 'createNetworkACL';
  const values = { protocol: 'tcp', startport: 22 };
  expect(refusedRequest(zone, user, create, values)).toEqual([
    431,
    'Cannot create Network ACL Item. ACL Id or network Id is required',
  ]);
  const { id: networkid } = world.networks.all().find(({ name }) => name === 'isolated')!;
  expect(refusedRequest(zone, user, create, { ...values, networkid })).toEqual([
    431,
    `Network: ${networkid} does not belong to VPC`,
  ]);
  expect(refusedRequest(zone, other, create, { ...values, networkid })[0]).toBe(531);
  expect(refusedRequest(zone, other, create, ruleValues(zone))[0]).toBe(531);
});

test('refused: rules of a tier whose offering has none', () => {
  const zone = aclScene();
  const networkid = addTier(zone, zone.vpcId)['id'];
  const name = 'DefaultIsolatedNetworkOfferingForVpcNetworks';
  const offering = zone.world.networkOfferings.require(networkOfferingId(zone, name));
  zone.world.networkOfferings.change(offering, { services: ['SourceNat'] });
  const values = { networkid, protocol: 'tcp', startport: 22 };
  expect(refusedRequest(zone, zone.user, 'createNetworkACL', values)).toEqual([
    431,
    'Network Offering does not support NetworkACL service',
  ]);
});

test('the rules of the shipped lists stay as they are', () => {
  const zone = aclScene();
  const { admin, world } = zone;
  const [list] = world.networkAclLists.all();
  const modified = [431, 'Default ACL cannot be modified'];
  const rule = ruleValues(zone, { aclid: list!.id });
  expect(refusedRequest(zone, admin, 'createNetworkACL', rule)).toEqual(modified);
  const id = defaultRule(zone);
  expect(refusedJob(zone, admin, 'updateNetworkACLItem', { id, action: 'allow' })).toEqual(
    modified,
  );
  expect(refusedJob(zone, admin, 'deleteNetworkACL', { id })).toEqual([
    431,
    'ACL Items in default ACL cannot be deleted',
  ]);
});

test('rules of lists for all are made, changed and deleted by root admins', () => {
  const zone = aclScene();
  const { user, admin, globalId } = zone;
  const values = ruleValues(zone, { aclid: globalId });
  expect(refusedRequest(zone, user, 'createNetworkACL', values)).toEqual([
    531,
    'Only Root Admins can create rules for a global ACL.',
  ]);
  const { id } = addRule(zone, { aclid: globalId }, admin);
  expect(refusedJob(zone, user, 'updateNetworkACLItem', { id, reason: 'mine' })).toEqual([
    530,
    'Only Root Admins can update global ACLs.',
  ]);
  expect(refusedJob(zone, user, 'deleteNetworkACL', { id })).toEqual([
    530,
    'Only Root Admin can delete global ACL rules.',
  ]);
  admin.done('updateNetworkACLItem', { id, reason: 'ours' });
  admin.done('deleteNetworkACL', { id });
});

test('a tier that is gone has no rules, whether its list is there or gone, too', () => {
  const zone = aclScene();
  const { user, vpcId, listId } = zone;
  const networkid = addTier(zone, vpcId, 1, { aclid: listId })['id'];
  addRule(zone);
  const found = (): unknown => user.call('listNetworkACLs', { networkid })['networkacl'] ?? [];
  expect(found()).toHaveLength(1);
  user.done('deleteNetwork', { id: networkid });
  expect(found()).toEqual([]);
  user.done('deleteNetworkACLList', { id: listId });
  expect(found()).toEqual([]);
  assertSound(zone);
});

test('a rule that is changed while it is being removed stays', () => {
  const zone = aclScene();
  const { user, simulator } = zone;
  const { id } = addRule(zone);
  user.call('deleteNetworkACL', { id });
  simulator.kernel.advanceBy(100);
  expect(zone.world.networkAcls.require(String(id)).state).toBe('Revoke');
  user.call('updateNetworkACLItem', { id, reason: 'kept' });
  simulator.kernel.advanceUntilIdle();
  expect(zone.world.networkAcls.require(String(id))).toMatchObject({
    state: 'Active',
    reason: 'kept',
  });
  assertSound(zone);
});

test('of a rule that is changed the rest stays', () => {
  const zone = aclScene();
  const { user } = zone;
  const { id } = addRule(zone, { cidrlist: '10.1.0.0/16', reason: 'web', action: 'deny' });
  const update = (values: Values): Reply =>
    user.done('updateNetworkACLItem', { id, ...values })['networkacl'];
  const first = update({ startport: 80, endport: 81, number: 5 });
  expect(first).toMatchObject({
    startport: '80',
    endport: '81',
    number: 5,
    cidrlist: '10.1.0.0/16',
    reason: 'web',
    action: 'Deny',
    state: 'Active',
  });
  expect(update({ action: 'allow', traffictype: 'egress', reason: ' ' })).toMatchObject({
    action: 'Allow',
    traffictype: 'Egress',
    reason: 'web',
  });
  expect(update({ cidrlist: '10.2.0.0/16', protocol: 'udp', reason: 'dns' })).toMatchObject({
    cidrlist: '10.2.0.0/16',
    protocol: 'udp',
    reason: 'dns',
    traffictype: 'Egress',
  });
  assertSound(zone);
});

test('the type of ICMP is changed', () => {
  const zone = aclScene();
  const values = { aclid: zone.listId, protocol: 'icmp' };
  const { id } = zone.user.done('createNetworkACL', values)['networkacl'];
  const { networkacl } = zone.user.done('updateNetworkACLItem', { id, icmptype: 8, icmpcode: 0 });
  expect(networkacl).toMatchObject({ icmptype: 8, icmpcode: 0 });
});

test('a rule that is changed as a whole forgets what it was', () => {
  const zone = aclScene();
  const { admin } = zone;
  const { id } = addRule(zone, { reason: 'web', action: 'deny', traffictype: 'egress' });
  const whole = { id, partialupgrade: false };
  const update = (values: Values): Reply =>
    admin.done('updateNetworkACLItem', { ...whole, ...values })['networkacl'];
  const rule = update({ protocol: 'icmp' });
  expect(rule).toMatchObject({
    protocol: 'icmp',
    icmptype: -1,
    icmpcode: -1,
    action: 'Allow',
    traffictype: 'Ingress',
    number: 1,
  });
  expect([rule['startport'], rule['endport'], rule['reason']]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(update({ protocol: 'tcp', startport: 22, endport: 22 })['icmptype']).toBeUndefined();
  expect(refusedJob(zone, admin, 'updateNetworkACLItem', whole)[1]).toContain(
    'NetworkACLItemVO.getProtocol()" is null',
  );
});

test('a rule is shown or hidden by each change', () => {
  const zone = aclScene();
  const { admin, user } = zone;
  const { id } = addRule(zone);
  const update = (values: Values): Reply =>
    admin.done('updateNetworkACLItem', { id, ...values })['networkacl'];
  expect(update({ fordisplay: false })['fordisplay']).toBe(false);
  expect(update({ reason: 'web' })['fordisplay']).toBe(true);
  expect(user.call('listNetworkACLs', { id })['networkacl'][0]['fordisplay']).toBeUndefined();
});

test('what a rule may not be it does not become', () => {
  const zone = aclScene();
  const { user, other } = zone;
  const { id } = addRule(zone);
  expect(refusedJob(zone, user, 'updateNetworkACLItem', { id, endport: 21 })).toEqual([
    431,
    "Start port can't be bigger than end port [startport=22,endport=21]",
  ]);
  expect(refusedJob(zone, user, 'updateNetworkACLItem', { id, action: 'maybe' })[0]).toBe(431);
  expect(refusedJob(zone, other, 'updateNetworkACLItem', { id, action: 'deny' })[0]).toBe(530);
  expect(refusedJob(zone, other, 'deleteNetworkACL', { id })[0]).toBe(530);
});

test('CloudStack answers a change under the name of another command', () => {
  const zone = aclScene();
  const { id } = addRule(zone);
  const { body } = zone.user.send('updateNetworkACLItem', { id, reason: 'web' });
  expect(Object.keys(body)).toEqual(['createnetworkaclresponse']);
});

test('a deleted rule leaves the others', () => {
  const zone = aclScene();
  const [first, second] = [addRule(zone), addRule(zone, { startport: 80 })];
  zone.user.done('deleteNetworkACL', { id: first['id'] });
  const { networkacl } = zone.user.call('listNetworkACLs', { aclid: zone.listId });
  expect(networkacl).toEqual([second]);
});

test('events tell of rules', () => {
  const zone = aclScene();
  const { user } = zone;
  const { id } = addRule(zone);
  user.done('updateNetworkACLItem', { id, reason: 'web' });
  user.done('deleteNetworkACL', { id });
  for (const type of ['CREATE', 'UPDATE', 'DELETE']) {
    const { event } = user.call('listEvents', { type: `NETWORK.ACL.ITEM.${type}` });
    expect(event[0]).toMatchObject({ state: 'Completed', level: 'INFO', resourceid: id });
  }
  expect(rowsAroundVpcs(zone)).not.toContain(id);
});
