// Proves how lists of rules are made, shown, renamed, given to tiers and deleted, whose they are, and
// each refusal with its text, which changes nothing.
import { expect, test } from '@playwright/test';
import { networkText } from '../../../../simulator/world/network/networks.js';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import { addTier, addVpc, networkOfferingId, refusal } from '../../../support/vpc-world.js';
import { aclScene, addList, addRule, refusedJob, refusedRequest } from './network-acl-scene.js';

test('two lists are there from the start: one denies, one allows everything', () => {
  const { user } = aclScene();
  const lists = user.call('listNetworkACLLists', { keyword: 'Default Network' })['networkacllist'];
  expect(lists.map((list: Reply) => [list['name'], list['description']])).toEqual([
    ['default_allow', 'Default Network ACL Allow All'],
    ['default_deny', 'Default Network ACL Deny All'],
  ]);
  for (const [list, action] of [
    [lists[0], 'Allow'],
    [lists[1], 'Deny'],
  ]) {
    const { networkacl } = user.call('listNetworkACLs', { aclid: list['id'] });
    expect(networkacl.map((rule: Reply) => [rule['number'], rule['traffictype']])).toEqual([
      [2, 'Egress'],
      [1, 'Ingress'],
    ]);
    expect(networkacl[0]).toMatchObject({
      action,
      protocol: 'all',
      cidrlist: '0.0.0.0/0',
      state: 'Active',
      aclid: list['id'],
      aclname: list['name'],
    });
  }
});

test('a list of a VPC is there at once', () => {
  const zone = aclScene();
  const values = { name: 'web', description: 'What the web may do', vpcid: zone.vpcId };
  const { id } = zone.user.call('createNetworkACLList', values);
  const [list] = zone.user.call('listNetworkACLLists', { id })['networkacllist'];
  expect(list).toEqual({
    id,
    name: 'web',
    description: 'What the web may do',
    vpcid: zone.vpcId,
    vpcname: 'cloud',
  });
  zone.world.kernel.advanceUntilIdle();
  assertSound(zone);
});

test('a list without a VPC is for all, and root admins make it', () => {
  const zone = aclScene();
  const list = addList(zone, { name: 'all' }, zone.admin);
  expect(list['vpcid']).toBeUndefined();
  expect(refusedRequest(zone, zone.user, 'createNetworkACLList', { name: 'all' })).toEqual([
    531,
    'Only Root Admin can create global ACLs.',
  ]);
});

test('a list is for a VPC of the caller that is there', () => {
  const zone = aclScene();
  const [code] = refusedRequest(zone, zone.other, 'createNetworkACLList', {
    name: 'mine',
    vpcid: zone.vpcId,
  });
  expect(code).toBe(531);
  const { id: vpcid } = addVpc(zone, { name: 'second' });
  const { internalId } = zone.world.vpcs.require(vpcid);
  zone.user.done('deleteVPC', { id: vpcid });
  const values = { name: 'mine', vpcid };
  expect(refusedRequest(zone, zone.user, 'createNetworkACLList', values)).toEqual([
    431,
    `Invalid VPC ID [${internalId}] provided.`,
  ]);
  expect(refusal(zone.user, 'listNetworkACLLists', { vpcid })).toEqual([431, 'Unable to find VPC']);
});

test('lists are found by name, VPC, network and keyword, and by those who see the VPC', () => {
  const zone = aclScene();
  const { user, other, admin, vpcId, listId, globalId } = zone;
  const tier = addTier(zone, vpcId, 1, { aclid: listId });
  const second = addVpc(zone, { name: 'second' })['id'];
  addList(zone, { name: 'second', vpcid: second });
  const names = (values: Values, client = user): string[] =>
    (client.call('listNetworkACLLists', values)['networkacllist'] ?? []).map(
      (list: Reply) => list['name'],
    );
  const shipped = ['default_allow', 'default_deny'];
  expect(names({})).toEqual(['second', 'global', 'own', ...shipped]);
  expect(names({ vpcid: vpcId })).toEqual(['global', 'own', ...shipped]);
  expect(names({ networkid: tier['id'] })).toEqual(['own']);
  expect(names({ name: 'OWN' })).toEqual(['own']);
  expect(names({ keyword: 'allow' })).toEqual(['default_allow']);
  expect(names({ id: globalId })).toEqual(['global']);
  expect(names({}, other)).toEqual(['global', ...shipped]);
  expect(names({}, admin)).toEqual(['global', ...shipped]);
  expect(names({ listall: true }, admin)).toEqual(['second', 'global', 'own', ...shipped]);
  expect(refusal(other, 'listNetworkACLLists', { vpcid: vpcId })[0]).toBe(531);
});

test('what is not displayed is found by root admins who ask for it', () => {
  const zone = aclScene();
  const { user, admin, vpcId } = zone;
  const { id } = addList(zone, { name: 'hidden', vpcid: vpcId, fordisplay: false }, admin);
  expect(user.call('listNetworkACLLists', { id })).toEqual({});
  const values = { id, fordisplay: false };
  const [list] = admin.call('listNetworkACLLists', values)['networkacllist'];
  expect(list['fordisplay']).toBe(false);
  admin.done('updateNetworkACLList', { id, fordisplay: true });
  expect(user.call('listNetworkACLLists', { id })['networkacllist']).toHaveLength(1);
});

test('a list gets another name and text; what is blank stays', () => {
  const zone = aclScene();
  const { user, listId } = zone;
  const update = (values: Values): Reply =>
    user.done('updateNetworkACLList', { id: listId, ...values })['networkacllist'];
  expect(update({ name: 'web', description: 'the web' })).toMatchObject({ name: 'web' });
  expect(update({ name: ' ' })).toMatchObject({ name: 'web', description: 'the web' });
  expect(update({ description: 'new' })).toMatchObject({ name: 'web', description: 'new' });
});

test('a list for all is renamed by root admins, and one of a VPC by its owner', () => {
  const zone = aclScene();
  const { user, other, chief } = { ...zone, chief: zone.other };
  const global = { id: zone.globalId, name: 'mine' };
  expect(refusedJob(zone, user, 'updateNetworkACLList', global)).toEqual([
    530,
    'Must be Root Admin to update a global ACL.',
  ]);
  expect(refusedJob(zone, chief, 'updateNetworkACLList', global)[0]).toBe(530);
  const own = { id: zone.listId, name: 'mine' };
  expect(refusedJob(zone, other, 'updateNetworkACLList', own)[1]).toContain(
    'does not have permission',
  );
  zone.admin.done('updateNetworkACLList', global);
});

test('a list is deleted with its rules', () => {
  const zone = aclScene();
  const { user, world, listId } = zone;
  addRule(zone);
  user.done('deleteNetworkACLList', { id: listId });
  expect(world.networkAcls.where('listId', listId)).toEqual([]);
  expect(refusal(user, 'deleteNetworkACLList', { id: listId })[1]).toContain(
    'entity does not exist',
  );
  assertSound(zone);
});

test('a list stays as long as a tier has it', () => {
  const zone = aclScene();
  const { admin, user, listId } = zone;
  const tier = addTier(zone, zone.vpcId, 1, { aclid: listId });
  expect(refusedJob(zone, user, 'deleteNetworkACLList', { id: listId })).toEqual([
    530,
    `ACL is still associated with 1 tier(s). Cannot delete network ACL: ${listId}`,
  ]);
  user.done('deleteNetwork', { id: tier['id'] });
  admin.done('deleteNetworkACLList', { id: listId });
});

test('the shipped lists stay, and those for all are deleted by root admins', () => {
  const zone = aclScene();
  const { admin, user, other, world, globalId, listId } = zone;
  for (const list of world.networkAclLists.all().filter(({ isDefault }) => isDefault)) {
    expect(refusedJob(zone, admin, 'deleteNetworkACLList', { id: list.id })).toEqual([
      431,
      'Default ACL cannot be removed',
    ]);
  }
  expect(refusedJob(zone, user, 'deleteNetworkACLList', { id: globalId })).toEqual([
    530,
    'Only Root Admin can delete global ACLs.',
  ]);
  expect(refusedJob(zone, other, 'deleteNetworkACLList', { id: listId })[0]).toBe(530);
  admin.done('deleteNetworkACLList', { id: globalId });
});

test('a list that is deleted before its job has ended was not made', () => {
  const zone = aclScene();
  const { user, world, vpcId } = zone;
  const { id, jobid } = user.call('createNetworkACLList', { name: 'brief', vpcid: vpcId });
  world.networkAclLists.purge(world.networkAclLists.require(id));
  world.kernel.advanceUntilIdle();
  const { resultcode, result } = user.job(jobid);
  expect([resultcode, result['errortext']]).toEqual([530, 'Failed to create network ACL']);
});

test('a tier gets another list, of its VPC or for all', () => {
  const zone = aclScene();
  const { user, vpcId, listId, globalId, world } = zone;
  const networkid = addTier(zone, vpcId)['id'];
  const shown = (): string => user.call('listNetworks', { id: networkid })['network'][0]['aclname'];
  const [deny] = world.networkAclLists.all();
  for (const [aclid, name] of [
    [listId, 'own'],
    [globalId, 'global'],
    [deny!.id, 'default_deny'],
  ] as const) {
    expect(user.done('replaceNetworkACLList', { aclid, networkid })).toEqual({ success: true });
    expect(shown()).toBe(name);
  }
  assertSound(zone);
});

test('a list of another VPC, or of somebody else, is refused', () => {
  const zone = aclScene();
  const { user, other, vpcId, listId, world } = zone;
  const second = addVpc(zone, { name: 'second' })['id'];
  const networkid = addTier(zone, second)['id'];
  const list = world.networkAclLists.require(listId);
  const acl = JSON.stringify({
    id: list.internalId,
    name: 'own',
    uuid: listId,
    vpcId: world.vpcs.require(vpcId).internalId,
  });
  const network = networkText(world, world.networks.require(networkid));
  expect(refusedJob(zone, user, 'replaceNetworkACLList', { aclid: listId, networkid })).toEqual([
    431,
    `Network: ${network} and ACL: ${acl} do not belong to the same VPC`,
  ]);
  const foreign = { aclid: listId, networkid };
  expect(refusedJob(zone, other, 'replaceNetworkACLList', foreign)[0]).toBe(530);
});

test('a network that is no tier, is gone or has no such service, gets no list', () => {
  const zone = aclScene();
  const { user, admin, vpcId, listId, world } = zone;
  const replace = 'replaceNetworkACLList';
  expect(refusedJob(zone, user, replace, { aclid: listId })).toEqual([
    530,
    "Network ID and private gateway can't be null at the same time",
  ]);
  const isolated = world.networks.all().find(({ name }) => name === 'isolated')!;
  expect(refusedJob(zone, user, replace, { aclid: listId, networkid: isolated.id })).toEqual([
    431,
    `Network is not part of a VPC: ${isolated.id}`,
  ]);
  const tier = addTier(zone, vpcId);
  const offering = world.networkOfferings.require(
    networkOfferingId(zone, 'DefaultIsolatedNetworkOfferingForVpcNetworks'),
  );
  const { services } = offering;
  world.networkOfferings.change(offering, { services: ['SourceNat'] });
  expect(refusedJob(zone, user, replace, { aclid: listId, networkid: tier['id'] })).toEqual([
    431,
    'Cannot apply NetworkACL. Network Offering does not support NetworkACL service',
  ]);
  world.networkOfferings.change(offering, { services });
  user.done('deleteNetwork', { id: tier['id'] });
  expect(refusedJob(zone, admin, replace, { aclid: listId, networkid: tier['id'] })).toEqual([
    431,
    'Unable to find specified Network',
  ]);
});

test('events tell of lists', () => {
  const zone = aclScene();
  const { user, listId, vpcId } = zone;
  const networkid = addTier(zone, vpcId)['id'];
  user.done('updateNetworkACLList', { id: listId, name: 'web' });
  user.done('replaceNetworkACLList', { aclid: listId, networkid });
  user.done('deleteNetwork', { id: networkid });
  user.done('deleteNetworkACLList', { id: listId });
  for (const type of ['CREATE', 'UPDATE', 'REPLACE', 'DELETE']) {
    const { event } = user.call('listEvents', { type: `NETWORK.ACL.${type}` });
    expect(event[0]).toMatchObject({ state: 'Completed', level: 'INFO', resourceid: listId });
  }
  const { event } = user.call('listEvents', { type: 'NETWORK.ACL.REPLACE' });
  expect(event[0]['description']).toBe(
    `Successfully completed Associating network ACL ID=${listId} with network ID=${networkid}`,
  );
});
