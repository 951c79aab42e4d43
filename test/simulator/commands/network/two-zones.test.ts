// Proves that lists of what a zone has show what is in the zone, or on the physical network, that they
// are asked for, where there is more than one.
import { expect, test } from '@playwright/test';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import type { Reply, Values } from '../../../support/simulator-client.js';
import { addVpc, refusal, tierValues } from '../../../support/vpc-world.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  type NetworkWorld,
} from '../../../support/network-world.js';

type Zone = WorldDescriptionInput['zones'][number];

function zoneNamed(name: string, number: number): Zone {
  return {
    name,
    pods: [
      {
        name: `${name}-pod`,
        clusters: [{ name: `${name}-cluster`, hosts: [{ name: `${name}-host` }] }],
      },
    ],
    publicRanges: [
      {
        startIp: `203.0.${number}.10`,
        endIp: `203.0.${number}.13`,
        gateway: `203.0.${number}.1`,
        netmask: '255.255.255.0',
      },
    ],
    networks: [{ name: `${name}-network`, type: 'Isolated', account: 'bosh' }],
  };
}

/** Two zones, in each of which a user has a network, an address and a rule. */
function twoZones(): NetworkWorld {
  const there = createNetworkWorld({
    zones: [zoneNamed('zone1', 1), zoneNamed('zone2', 2)],
    templates: [{ name: 'linux', zone: 'zone1', account: 'admin' }],
  });
  const { world, user } = there;
  for (const network of world.networks.all()) {
    const { ipaddress } = user.done('associateIpAddress', { networkid: network.id });
    user.done('createLoadBalancerRule', {
      name: network.name,
      algorithm: 'source',
      publicport: 80,
      privateport: 80,
      publicipid: ipaddress.id,
    });
  }
  for (const network of world.networks.all()) implementNetwork(world, network);
  for (const { id: zoneid } of world.zones.all()) addVpc(there, { zoneid, start: false });
  const vm = addVm(world);
  addNic(world, vm, 'zone1-network');
  return there;
}

for (const [command, key, values, field] of [
  ['listNetworks', 'network', {}, 'zoneid'],
  ['listPhysicalNetworks', 'physicalnetwork', {}, 'zoneid'],
  ['listVlanIpRanges', 'vlaniprange', {}, 'zoneid'],
  ['listPublicIpAddresses', 'publicipaddress', { listall: true }, 'zoneid'],
  ['listPublicIpAddresses', 'publicipaddress', { allocatedonly: false }, 'zoneid'],
  ['listLoadBalancerRules', 'loadbalancerrule', { listall: true }, 'zoneid'],
  ['listNetworks', 'network', { listall: true }, 'physicalnetworkid'],
  ['listVlanIpRanges', 'vlaniprange', {}, 'physicalnetworkid'],
  ['listPublicIpAddresses', 'publicipaddress', { listall: true }, 'physicalnetworkid'],
  ['listPhysicalNetworks', 'physicalnetwork', {}, 'id'],
  ['listVPCs', 'vpc', { listall: true }, 'zoneid'],
  ['listRouters', 'router', { listall: true }, 'zoneid'],
  ['listRouters', 'router', { listall: true }, 'podid'],
] as const) {
  test(`${command} ${JSON.stringify(values)} by ${field}`, () => {
    const { admin, user, world } = twoZones();
    const client = command === 'listNetworks' && field === 'zoneid' ? user : admin;
    const listed = (more: Values = {}): Reply[] =>
      (client.call(command, { ...values, ...more })[key] ?? []) as Reply[];
    const table = { zoneid: world.zones, podid: world.pods }[field as string];
    const [first, second] = (table ?? world.physicalNetworks).all().map(({ id }) => id);
    const found = listed({ [field]: second! });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((row) => row[field] === second)).toBe(true);
    expect(listed({ [field]: first! }).length + found.length).toBe(listed().length);
  });
}

test('listVirtualMachines by zoneid', () => {
  const { user, world } = twoZones();
  const count = (zoneid: string): unknown => user.call('listVirtualMachines', { zoneid })['count'];
  expect(world.zones.all().map(({ id }) => count(id))).toEqual([1, undefined]);
});

test('a tier is in the zone of its VPC', () => {
  const there = twoZones();
  const [first, second] = there.world.zones.all();
  const vpc = there.world.vpcs.all().find(({ zoneId }) => zoneId === first!.id)!;
  const values = tierValues(there, vpc.id, 1, { zoneid: second!.id });
  expect(refusal(there.user, 'createNetwork', values)).toEqual([
    431,
    "New network doesn't belong to vpc zone",
  ]);
});
