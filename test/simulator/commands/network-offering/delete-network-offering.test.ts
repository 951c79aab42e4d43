// Proves which network offerings can be deleted, and that those that cannot stay.
import { expect, test } from '@playwright/test';
import type { IdentityWorld } from '../../../support/identity-world.js';
import {
  createOfferingWorld,
  networkOffering,
  zoneNamed,
} from '../../../support/offering-world.js';

function newOffering({ clientOf }: IdentityWorld): string {
  const made = clientOf('admin').call('createNetworkOffering', {
    name: 'new',
    traffictype: 'Guest',
    guestiptype: 'Isolated',
    supportedservices: 'Dhcp,SourceNat',
    enable: true,
  });
  return made['networkoffering'].id as string;
}

test('one that no network has is gone at once', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = newOffering(cloud);
  expect(admin.call('deleteNetworkOffering', { id })).toEqual({ success: true });
  expect(admin.call('listNetworkOfferings', { id })).toEqual({});
  expect(admin.fails('deleteNetworkOffering', { id })).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringMatching(/^unable to find network offering \d+$/),
  });
});

test('one that a network has stays until the network is gone', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = newOffering(cloud);
  const network = cloud.clientOf('bosh').call('createNetwork', {
    name: 'mine',
    zoneid: zoneNamed(cloud, 'zone1'),
    networkofferingid: id,
  })['network'];
  const before = cloud.world.kernel.log.lastSeq;
  expect(admin.fails('deleteNetworkOffering', { id })).toMatchObject({
    httpStatus: 431,
    errortext: expect.stringMatching(
      /^Can't delete network offering NetworkOffering \{.*\} as its used by 1 networks\. To make the network offering unavailable, disable it$/,
    ),
  });
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
  cloud.clientOf('bosh').done('deleteNetwork', { id: network.id });
  expect(admin.call('deleteNetworkOffering', { id })).toEqual({ success: true });
});

test('those of CloudStack stay, and none but a root admin deletes any', () => {
  const cloud = createOfferingWorld();
  const id = newOffering(cloud);
  const before = cloud.world.kernel.log.lastSeq;
  const own = networkOffering(cloud, 'DefaultL2NetworkOffering');
  expect(cloud.clientOf('admin').fails('deleteNetworkOffering', { id: own })).toMatchObject({
    httpStatus: 431,
    errortext: "Default network offering can't be deleted",
  });
  expect(cloud.clientOf('chief').fails('deleteNetworkOffering', { id }).httpStatus).toBe(432);
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
});
