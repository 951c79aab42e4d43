// Proves that a create_network is not refused because of what a killed one for the same has made: that
// network, which nobody was told of, is then the answer. Networks that anybody may know of, or that are
// not the same, are left as they are, and the call is refused as before.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { createVpc, tierOfVpc } from '../../crash/vm-scenarios.js';
import {
  at,
  directorUuid,
  startZone,
  type CallOptions,
  type CpiZone,
} from '../../support/cpi-zone.js';
import { networksOf, subnet, type CreatedNetwork } from './network-requests.js';
import { vmArguments } from './vm-requests.js';

const asAdmin: CallOptions = { as: 'Admin' };
const offering = { network_offering: 'DefaultIsolatedNetworkOffering' };
const range = { range: '10.66.0.0/24', gateway: '10.66.0.1' };
const inVlan = subnet(range, { vlan: 666, ...offering });

/** A create_network that is killed when it has made the network, before it can mark it. */
async function killed(zone: CpiZone, args: unknown[], options: CallOptions = {}): Promise<void> {
  await new Promise<void>((resolve) => {
    const through = (transport: Transport): Transport => ({
      close: () => {
        transport.close();
      },
      send: (request) => {
        const { body } = request;
        if (typeof body !== 'string' || !body.includes('command=createTags&')) {
          return transport.send(request);
        }
        resolve();
        return new Promise(() => undefined);
      },
    });
    void zone.call('create_network', args, { ...options, through });
  });
}

const marked = expect.arrayContaining([
  expect.objectContaining({ key: 'bosh-cpi-director', value: directorUuid }),
  expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'network' }),
]) as unknown;

for (const { what, options, args } of [
  { what: 'a VLAN', options: asAdmin, args: inVlan },
  {
    what: 'a VLAN, as a text, and a size',
    options: asAdmin,
    args: subnet({ netmask_bits: 24 }, { vlan: '666', ...offering }),
  },
  { what: 'a range in a VPC', options: {}, args: tierOfVpc },
]) {
  test(`the network of a killed call for ${what} is that of the next call`, async () => {
    await using zone = await startZone({}, 'direct');
    const as = options === asAdmin ? 'admin' : 'user';
    createVpc(zone);
    const before = networksOf(zone, as);
    await killed(zone, args, options);
    const made = networksOf(zone, as);
    expect(made).toHaveLength(before.length + 1);
    const [cid, addresses] = (await zone.result('create_network', args, options)) as CreatedNetwork;
    const network = at(zone[as].call('listNetworks', { id: cid }), 'network', 0);
    expect(network).toMatchObject({ cidr: addresses.range, tags: marked });
    expect(networksOf(zone, as)).toHaveLength(made.length);
    await zone.result('delete_network', [cid], options);
    expect(networksOf(zone, as)).toEqual(before);
  });
}

for (const [what, more, text] of [
  ['of another Director', {}, 'bosh-cpi-director another'],
  ['for another range', { range: '10.67.0.0/24', gateway: '10.67.0.1' }, undefined],
  ['for another gateway', { gateway: '10.66.0.9' }, undefined],
] as const) {
  test(`what a killed call ${what} made stays in the way`, async () => {
    await using zone = await startZone({}, 'direct');
    await killed(zone, subnet({ ...range, ...more }, { vlan: 666, ...offering }), asAdmin);
    if (text !== undefined) {
      for (const network of networksOf(zone, 'admin')) {
        const id = String(at(network, 'id'));
        if (String(at(network, 'name')).startsWith('network-')) {
          zone.admin.done('updateNetwork', { id, displaytext: text });
        }
      }
    }
    const before = networksOf(zone, 'admin');
    const error = await zone.error('create_network', inVlan, asAdmin);
    expect(error.message).toContain('Network with vlan 666 already exists');
    expect(networksOf(zone, 'admin')).toEqual(before);
  });
}

for (const [what, change] of [
  ['has tags', () => Promise.resolve()],
  [
    'has no tags, but a VM',
    async (zone: CpiZone, name: string) => {
      const dynamic = { type: 'dynamic', cloud_properties: { name } };
      await zone.result('create_vm', vmArguments({ networks: { dynamic } }), asAdmin);
      zone.admin.call('deleteTags', { resourceids: name, resourcetype: 'Network' });
    },
  ],
] as const) {
  test(`a network that ${what} is never given to a second call`, async () => {
    await using zone = await startZone({}, 'direct');
    const [cid] = (await zone.result('create_network', inVlan, asAdmin)) as CreatedNetwork;
    await change(zone, cid);
    const before = networksOf(zone, 'admin');
    const error = await zone.error('create_network', inVlan, asAdmin);
    expect(error.message).toContain('Network with vlan 666 already exists');
    expect(networksOf(zone, 'admin')).toEqual(before);
  });
}

test('a tier with another list of rules is not the same', async () => {
  const [request] = tierOfVpc as [{ cloud_properties: object }];
  const open = {
    ...request,
    cloud_properties: { ...request.cloud_properties, acl: 'default_allow' },
  };
  for (const [first, second] of [
    [open, request],
    [request, open],
  ]) {
    await using zone = await startZone({}, 'direct');
    createVpc(zone);
    await killed(zone, [first]);
    const before = networksOf(zone);
    expect((await zone.error('create_network', [second])).ok_to_retry).toBe(false);
    expect(networksOf(zone)).toEqual(before);
  }
});
