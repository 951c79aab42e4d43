// Proves what of a network offering can be changed, and that a refusal changes nothing.
import { expect, test } from '@playwright/test';
import {
  createOfferingWorld,
  domainAt,
  networkOffering,
  zoneNamed,
} from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

const L2 = 'DefaultL2NetworkOffering';
const SOURCE_NAT = 'DefaultIsolatedNetworkOfferingWithSourceNatService';

test('names, state, order and scope change; what is not given stays', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = networkOffering(cloud, L2);
  const update = (values: Values): Reply =>
    admin.call('updateNetworkOffering', { id, ...values })['networkoffering'] as Reply;
  expect(update({ name: 'plain', displaytext: 'Plain', state: 'disabled' })).toMatchObject({
    name: 'plain',
    displaytext: 'Plain',
    state: 'Disabled',
    guestiptype: 'L2',
  });
  const scope = { domainid: domainAt(cloud, 'ROOT/sub'), zoneid: zoneNamed(cloud, 'zone2') };
  expect(update(scope)).toMatchObject({ name: 'plain', state: 'Disabled', zone: 'zone2' });
  expect(cloud.clientOf('bosh').call('listNetworkOfferings', { id })).toEqual({});
  expect(update({ domainid: 'public', zoneid: 'all', state: 'Enabled' })).not.toHaveProperty(
    'zone',
  );
  expect(cloud.clientOf('bosh').call('listNetworkOfferings', { id })['count']).toBe(1);
  update({ sortkey: 1 });
  const listed = admin.call('listNetworkOfferings')['networkoffering'] as Reply[];
  expect(listed.at(-1)!['name']).toBe('plain');
});

test('another one can become required once none is', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = networkOffering(cloud, SOURCE_NAT);
  const { id: other } = admin.call('createNetworkOffering', {
    name: 'other',
    traffictype: 'Guest',
    guestiptype: 'Isolated',
    supportedservices: 'Dhcp,SourceNat',
  })['networkoffering'];
  const required = { id: other, availability: 'Required' };
  expect(admin.fails('updateNetworkOffering', required).errortext).toContain(
    'System already has network offering id=',
  );
  admin.call('updateNetworkOffering', { id, availability: 'Required' });
  admin.call('updateNetworkOffering', { id, availability: 'Optional' });
  expect(admin.call('updateNetworkOffering', required)['networkoffering'].availability).toBe(
    'Required',
  );
});

const refusals: readonly (readonly [string, Values, string])[] = [
  ['another state', { state: 'Closed' }, 'Incorrect state value: Closed'],
  [
    'another availability',
    { availability: 'Never' },
    'Invalid value for Availability. Supported types: Required, Optional',
  ],
  [
    'an L2 one required',
    { availability: 'Required' },
    'Availability can be Required only for networkOfferings of type Isolated and with SourceNat enabled',
  ],
  [
    'no domain',
    { domainid: 'nowhere' },
    'Failed to create network offering because invalid domain has been specified.',
  ],
  [
    'no zone',
    { zoneid: 'nowhere' },
    'Failed to create network offering because invalid zone has been specified.',
  ],
];

for (const [what, values, errortext] of refusals) {
  test(`refused: ${what}`, () => {
    const cloud = createOfferingWorld();
    const before = cloud.world.kernel.log.lastSeq;
    const id = networkOffering(cloud, L2);
    expect(
      cloud.clientOf('admin').fails('updateNetworkOffering', { id, name: 'x', ...values }),
    ).toMatchObject({ httpStatus: 431, errortext });
    expect(cloud.world.kernel.log.lastSeq).toBe(before);
  });
}

test('one that is gone, none at all, and callers who are no root admins are refused', () => {
  const cloud = createOfferingWorld();
  const admin = cloud.clientOf('admin');
  const id = networkOffering(cloud, L2);
  expect(cloud.clientOf('chief').fails('updateNetworkOffering', { id }).httpStatus).toBe(432);
  expect(admin.fails('updateNetworkOffering', { name: 'x' }).httpStatus).toBe(530);
  const row = cloud.world.networkOfferings.require(id);
  cloud.world.networkOfferings.remove(row);
  expect(admin.fails('updateNetworkOffering', { id })).toMatchObject({
    httpStatus: 431,
    errortext: `unable to find network offering ${row.internalId}`,
  });
});
