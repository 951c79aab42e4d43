// Proves the IPv6 addresses of shared networks: which createNetwork takes and with which text it refuses
// others, that NICs have the address that their MAC address makes, whatever a deployment asks for, and
// that it may ask only for what the network hands out.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, idOf, refusedUnchanged } from '../../../support/simulator-vms.js';

const ipv4 = {
  gateway: '10.9.0.1',
  netmask: '255.255.255.0',
  startip: '10.9.0.10',
  endip: '10.9.0.19',
};
const ipv6 = {
  ip6gateway: '2001:db8::1',
  ip6cidr: '2001:db8::/64',
  startipv6: '2001:db8::10',
  endipv6: '2001:db8::1f',
  ip6dns1: '2001:db8::53',
};

function request({ simulator }: TestWorld, values: Values, offering: string): Values {
  const { networkOfferings, zones } = simulator.world;
  return {
    name: 'six',
    displaytext: 'six',
    zoneid: idOf(zones.all(), 'zone1'),
    networkofferingid: idOf(networkOfferings.all(), offering),
    ...(offering === 'DefaultSharedNetworkOffering' && { vlan: '77' }),
    ...values,
  };
}

function created(world: TestWorld, values: Values = { ...ipv4, ...ipv6 }): Reply {
  const values6 = request(world, values, 'DefaultSharedNetworkOffering');
  return world.admin.call('createNetwork', values6)['network'] as Reply;
}

test('a shared network of both families tells its subnets', () => {
  const world = testSimulator();
  const network = created(world);
  expect(network).toMatchObject({
    type: 'Shared',
    cidr: '10.9.0.0/24',
    ip6cidr: '2001:db8::/64',
    ip6gateway: '2001:db8::1',
  });
  const listed = world.user.call('listNetworks', { id: network['id'] })['network'] as Reply[];
  expect(listed[0]).toMatchObject({ ip6cidr: '2001:db8::/64', ip6gateway: '2001:db8::1' });
  const other = created(world, { ...ipv4, name: 'four', vlan: '78' });
  expect(other).not.toHaveProperty('ip6cidr');
});

test('a NIC has the address that its MAC address makes', () => {
  const world = testSimulator();
  const { id } = created(world);
  const networkids = String(id);
  for (const values of [{}, { ip6address: '2001:db8::10' }]) {
    const vm = deployed(world, world.user, { networkids, ...values });
    const nic = (vm['nic'] as Reply[])[0]!;
    const [, , third, fourth, fifth, sixth] = (nic['macaddress'] as string).split(':');
    expect(nic).toMatchObject({ ip6cidr: '2001:db8::/64', ip6gateway: '2001:db8::1' });
    const hex = (text: string): string => parseInt(text, 16).toString(16);
    // The MAC addresses of NICs begin with 02:00.
    expect(nic['ip6address']).toBe(
      `2001:db8::${hex(`${third!}ff`)}:${hex(`fe${fourth!}`)}:${hex(`${fifth!}${sixth!}`)}`,
    );
  }
  const list = {
    'iptonetworklist[0].networkid': networkids,
    'iptonetworklist[0].ip': '10.9.0.15',
    'iptonetworklist[0].ipv6': '2001:db8::1f',
    'iptonetworklist[0].mac': '02:00:11:22:33:44',
  };
  const vm = deployed(world, world.user, list);
  expect((vm['nic'] as Reply[])[0]).toMatchObject({
    ipaddress: '10.9.0.15',
    macaddress: '02:00:11:22:33:44',
    ip6address: '2001:db8::11ff:fe22:3344',
  });
});

for (const [title, values, errortext] of [
  [
    'outside of what the network hands out',
    { ip6address: '2001:db8::20' },
    'Requested IPv6 is not in the predefined range!',
  ],
  ['that is none', { ip6address: '10.9.0.15' }, 'Invalid specified IPv6 address 10.9.0.15'],
] as const) {
  test(`an address ${title} cannot be asked for, by itself or in a list`, () => {
    const world = testSimulator();
    const networkids = String(created(world)['id']);
    const { ip6address } = values;
    const list = {
      'iptonetworklist[0].networkid': networkids,
      'iptonetworklist[0].ipv6': ip6address,
    };
    for (const asked of [{ networkids, ip6address }, list]) {
      const reply = refusedUnchanged(
        world,
        world.user,
        'deployVirtualMachine',
        deployment(world, asked),
      );
      expect([reply.httpStatus, reply.errortext]).toEqual([431, errortext]);
    }
  });
}

test('a network that names no range hands out none', () => {
  const world = testSimulator();
  const { startipv6, endipv6, ...withoutRange } = ipv6;
  const networkids = String(created(world, { ...ipv4, ...withoutRange })['id']);
  const asked = deployment(world, { networkids, ip6address: startipv6 });
  const { errortext } = refusedUnchanged(world, world.user, 'deployVirtualMachine', asked);
  expect(errortext).toBe('Requested IPv6 is not in the predefined range!');
  // The first of a range alone is the whole range.
  const one = { ...ipv4, ...withoutRange, startipv6, name: 'one', vlan: '78' };
  const only = String(created(world, one)['id']);
  deployed(world, world.user, { networkids: only, ip6address: startipv6 });
  const next = deployment(world, { networkids: only, ip6address: endipv6 });
  refusedUnchanged(world, world.user, 'deployVirtualMachine', next);
});

for (const [title, change, errortext, offering = 'DefaultSharedNetworkOffering'] of [
  ['a gateway that is none', { ip6gateway: '10.9.0.1' }, 'Invalid ip6Gateway'],
  ['a CIDR that is none', { ip6cidr: '2001:db8::' }, 'Invalid ip6cidr'],
  [
    'a gateway elsewhere',
    { ip6gateway: '2001:db9::1' },
    'ip6Gateway is not in ip6cidr indicated network!',
  ],
  ['a start that is none', { startipv6: 'x' }, 'Invalid format for the startIPv6 parameter'],
  [
    'a start elsewhere',
    { startipv6: '2001:db9::1' },
    'startIPv6 is not in ip6cidr indicated network!',
  ],
  ['an end that is none', { endipv6: 'x' }, 'Invalid format for the endIPv6 parameter'],
  ['an end elsewhere', { endipv6: '2001:db9::1' }, 'endIPv6 is not in ip6cidr indicated network!'],
  ['a name server that is none', { ip6dns1: '10.9.0.1' }, 'Invalid IPv6 for IPv6 DNS1'],
  ['another name server that is none', { ip6dns2: 'x' }, 'Invalid IPv6 for IPv6 DNS2'],
  [
    'no name server',
    { ip6dns1: undefined },
    'Can only create IPv6 network if the zone has IPv6 DNS! Please configure the zone IPv6 DNS1 ' +
      'and/or IPv6 DNS2.',
  ],
  [
    'the second name server alone',
    { ip6dns1: undefined, ip6dns2: '2001:db8::53' },
    'Second IPv6 DNS can be specified only with the first IPv6 DNS',
  ],
  [
    'name servers without addresses',
    { ip6cidr: undefined },
    'IPv6 DNS cannot be specified for IPv4 only network',
  ],
  [
    'no addresses of IPv4',
    { gateway: undefined, netmask: undefined, startip: undefined, endip: undefined },
    'Currently IPv6-only Shared network with Virtual Router provider is not supported.',
  ],
  [
    'an isolated network',
    { startip: undefined, endip: undefined },
    'Can only support create IPv6 network with advance shared network!',
    'DefaultIsolatedNetworkOfferingWithSourceNatService',
  ],
  [
    'an isolated network of another size',
    { startip: undefined, endip: undefined, ip6cidr: '2001:db8::/48' },
    'The cidr size of IPv6 network must be 64 bits!',
    'DefaultIsolatedNetworkOfferingWithSourceNatService',
  ],
] as const) {
  test(`a network with IPv6 is refused: ${title}`, () => {
    const world = testSimulator();
    const all = Object.entries({ ...ipv4, ...ipv6, ...change });
    const values = Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Values;
    const asked = request(world, values, offering);
    const reply = refusedUnchanged(world, world.admin, 'createNetwork', asked);
    expect([reply.httpStatus, reply.errortext]).toEqual([431, errortext]);
  });
}
