// Proves how public addresses are kept for an account and given back, that nobody else gets them
// meanwhile, and that root admins hide addresses from users; and the refusals of all three commands.
import { expect, test } from '@playwright/test';
import { domainOf, projectOf } from '../../../support/identity-world.js';
import { createOwnedWorld } from '../../../support/owned-things.js';
import { assertSound } from '../../../support/sound-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { unchanged } from '../network/network-requests.js';

interface Scene extends NetworkWorld {
  readonly id: string;
  readonly ipaddress: string;
  readonly networkid: string;
}

/** A free address, and a network of the user. */
function scene(): Scene {
  const zone = createNetworkWorld();
  const { id, ipAddress } = zone.world.publicIps.all()[2]!;
  return { ...zone, id, ipaddress: ipAddress, networkid: networkNamed(zone.world, 'isolated').id };
}

function refused(zone: Scene, client: TestClient, command: string, values: Values = {}): unknown[] {
  return unchanged(zone, () => {
    const { httpStatus, errortext } = client.fails(command, { id: zone.id, ...values });
    return [httpStatus, errortext];
  });
}

function listed(client: TestClient, values: Values = {}): Reply[] {
  return (client.call('listPublicIpAddresses', values)['publicipaddress'] ?? []) as Reply[];
}

test('a reserved address is its account’s to associate by name, and nobody else’s', () => {
  const zone = scene();
  const { user, other, id, ipaddress, networkid, world } = zone;
  const reserved = user.call('reserveIpAddress', { id })['ipaddress'] as Reply;
  expect(reserved).toMatchObject({ id, state: 'Reserved', account: 'bosh' });
  expect(reserved).toHaveProperty('allocated');
  expect(user.call('reserveIpAddress', { id })['ipaddress']).toEqual(reserved);
  expect(refused(zone, other, 'reserveIpAddress')).toEqual([
    431,
    'Unable to reserve a IP because it has already been reserved for another account.',
  ]);
  const wanted = { networkid: networkNamed(world, 'tiny').id, ipaddress };
  expect(other.fails('associateIpAddress', wanted).httpStatus).toBe(533);
  expect(listed(user)).toEqual([]);
  expect(listed(user, { state: 'Reserved' })).toMatchObject([{ id }]);
  expect(listed(user, { state: 'Free' })).toHaveLength(3);
  expect(
    refused(zone, user, 'listPublicIpAddresses', { state: 'Free', allocatedonly: true }),
  ).toEqual([431, 'Conflict: allocatedonly is true but state is Free']);
  // Without its name another one is taken.
  const { ipaddress: next } = user.done('associateIpAddress', { networkid });
  expect(next.id).not.toBe(id);
  expect(user.done('associateIpAddress', { networkid, ipaddress })['ipaddress'].id).toBe(id);
  expect(refused(zone, user, 'reserveIpAddress')).toEqual([
    431,
    'Unable to reserve a IP in Allocated state.',
  ]);
  expect(refused(zone, user, 'releaseIpAddress')).toEqual([
    431,
    'Unable to release a public IP in Allocated state, please use disassociateIpAddress instead',
  ]);
  assertSound(zone);
});

test('where all addresses are reserved, one is had by its name alone, also by their account', () => {
  const zone = scene();
  const { user, ipaddress, networkid, world } = zone;
  for (const { id } of world.publicIps.all().filter(({ state }) => state === 'Free')) {
    user.call('reserveIpAddress', { id });
  }
  expect(user.fails('associateIpAddress', { networkid }).httpStatus).toBe(533);
  const had = user.done('associateIpAddress', { networkid, ipaddress })['ipaddress'] as Reply;
  expect(had).toMatchObject({ ipaddress });
  assertSound(zone);
});

test('a reservation is given back by its account or an admin', () => {
  const zone = scene();
  const { user, admin, other, id } = zone;
  admin.call('reserveIpAddress', {
    id,
    account: 'bosh',
    domainid: zone.world.domains.all()[0]!.id,
  });
  expect(refused(zone, other, 'releaseIpAddress')[0]).toBe(531);
  expect(user.call('releaseIpAddress', { id })).toEqual({ success: true });
  expect(listed(user, { state: 'Reserved' })).toEqual([]);
  unchanged(zone, () => user.call('releaseIpAddress', { id }));
  other.call('reserveIpAddress', { id });
  admin.call('releaseIpAddress', { id });
  expect(zone.world.publicIps.require(id)).toMatchObject({ state: 'Free', accountId: null });
  assertSound(zone);
});

test('reservations count, and are for the caller unless account and domain are named', () => {
  const zone = scene();
  const { admin, user, id, world } = zone;
  const domainid = world.domains.all()[0]!.id;
  expect(admin.call('reserveIpAddress', { id, account: 'bosh' })['ipaddress'].account).toBe(
    'admin',
  );
  admin.call('releaseIpAddress', { id });
  admin.call('updateResourceLimit', { resourcetype: 1, account: 'bosh', domainid, max: 1 });
  user.call('reserveIpAddress', { id: world.publicIps.all()[0]!.id });
  expect(refused(zone, user, 'reserveIpAddress')).toEqual([
    532,
    'Maximum number of public IP addresses for account: bosh has been exceeded.',
  ]);
  expect(refused(zone, user, 'reserveIpAddress', { account: 'other', domainid })[0]).toBe(531);
});

test('projects reserve, too; what is dedicated is reserved for those alone', () => {
  const world = createOwnedWorld();
  const { clientOf } = world;
  const [admin, bosh, worker] = ['admin', 'bosh', 'worker'].map(clientOf) as [
    TestClient,
    TestClient,
    TestClient,
  ];
  const [free] = listed(admin, { state: 'Free' });
  const projectid = projectOf(world, 'alpha').id;
  const { ipaddress } = bosh.call('reserveIpAddress', { id: String(free!['id']), projectid });
  expect(ipaddress).toMatchObject({ project: 'alpha', state: 'Reserved' });
  const domainid = domainOf(world, 'ROOT/sub').id;
  const range = (startip: string, values: Values): string => {
    const all = { startip, gateway: '198.51.100.1', netmask: '255.255.255.0', domainid, ...values };
    const zoneid = world.world.zones.all()[0]!.id;
    const { vlan } = admin.call('createVlanIpRange', { zoneid, ...all });
    return world.world.publicIps.where('vlanRangeId', vlan.id)[0]!.id;
  };
  const [ofDomain, ofAccount] = [
    range('198.51.100.7', {}),
    range('198.51.100.8', { account: 'worker' }),
  ];
  expect(bosh.fails('reserveIpAddress', { id: ofDomain }).errortext).toBe(
    'Unable to reserve a IP because it is dedicated to another domain.',
  );
  expect(clientOf('keeper').fails('reserveIpAddress', { id: ofAccount }).errortext).toBe(
    'Unable to reserve a IP because it is dedicated to another account.',
  );
  worker.call('reserveIpAddress', { id: ofAccount });
  worker.call('reserveIpAddress', { id: ofDomain });
  assertSound(world.simulator);
});

test('what is hidden only root admins find', () => {
  const zone = scene();
  const { admin, user, networkid, id } = zone;
  const shown = user.done('associateIpAddress', { networkid })['ipaddress'].id as string;
  const domainid = zone.world.domains.all()[0]!.id;
  const owner = { account: 'bosh', domainid };
  const hidden = admin.done('associateIpAddress', { networkid, fordisplay: false, ...owner })[
    'ipaddress'
  ].id as string;
  const ids = (client: TestClient, values: Values = {}): unknown[] =>
    listed(client, values).map((row) => row['id']);
  expect(ids(user)).toEqual([shown]);
  expect(ids(admin, { listall: true, fordisplay: false })).toEqual([hidden]);
  expect(
    admin.done('updateIpAddress', { id: hidden, fordisplay: true })['ipaddress'],
  ).toMatchObject({
    id: hidden,
    fordisplay: true,
  });
  admin.done('updateIpAddress', { id: shown, fordisplay: false });
  // Nobody else's word counts.
  user.done('updateIpAddress', { id: shown, fordisplay: true });
  expect(ids(user)).toEqual([hidden]);
  admin.call('reserveIpAddress', { id, fordisplay: false, ...owner });
  expect(ids(user, { state: 'Reserved' })).toEqual([]);
  user.call('releaseIpAddress', { id });
  expect(zone.world.publicIps.require(id).isDisplayed).toBe(true);
});

test('free addresses are root admins’ to change, others’ are their own', () => {
  const zone = scene();
  const { admin, user, other, id } = zone;
  admin.done('updateIpAddress', { id, fordisplay: false });
  expect(user.run('updateIpAddress', { id })).toMatchObject({
    status: 2,
    result: { errortext: 'Only Root admin can update non-allocated ip addresses' },
  });
  user.call('reserveIpAddress', { id });
  expect(other.run('updateIpAddress', { id })).toMatchObject({ status: 2, resultcode: 530 });
});

test('addresses that are gone', () => {
  const zone = scene();
  const { admin, world } = zone;
  const gateway = { gateway: '198.51.100.1', netmask: '255.255.255.0' };
  const zoneid = world.zones.all()[0]!.id;
  const { vlan } = admin.call('createVlanIpRange', { zoneid, startip: '198.51.100.9', ...gateway });
  const publicIp = world.publicIps.where('vlanRangeId', vlan.id)[0]!;
  admin.call('deleteVlanIpRange', { id: vlan.id });
  const gone = { ...zone, id: publicIp.id };
  const text = `Unable to find IP address by ID=${publicIp.internalId}`;
  expect(refused(gone, admin, 'reserveIpAddress')).toEqual([431, text]);
  expect(refused(gone, admin, 'releaseIpAddress')).toEqual([431, text]);
  expect(admin.run('updateIpAddress', { id: publicIp.id }).result['errortext']).toBe(
    'Unable to find ip address by id',
  );
});

test('addresses are found by tag', () => {
  const zone = scene();
  const { user, networkid } = zone;
  const { ipaddress } = user.done('associateIpAddress', { networkid });
  user.done('associateIpAddress', { networkid });
  const tag = { 'tags[0].key': 'for', 'tags[0].value': 'web' };
  user.done('createTags', { resourceids: ipaddress.id, resourcetype: 'PublicIpAddress', ...tag });
  expect(listed(user, tag).map(({ id }) => id)).toEqual([ipaddress.id]);
  expect(listed(user, { ...tag, 'tags[0].value': 'db' })).toEqual([]);
});
