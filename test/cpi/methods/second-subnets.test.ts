// Proves that a VM gets a static address in a further subnet of a shared network, of whose subnets
// CloudStack tells the first alone, and that an address which no subnet has is told as such, and leaves
// nothing.
import { expect, test } from '@playwright/test';
import { addRange, physicalNetworkOf } from '../../../simulator/world/network/vlan-ranges.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { idOf } from '../../support/simulator-vms.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const usersMayExpunge = {
  ...advancedKvm,
  settings: { 'allow.user.expunge.recover.vm': true },
};

/** A zone with a shared network of two subnets. */
async function startTwoSubnets(): Promise<CpiZone> {
  const zone = await startZone({ world: usersMayExpunge }, 'direct');
  const { world } = zone.simulator;
  const zoneId = idOf(world.zones.all(), 'zone1');
  const created = zone.admin.call('createNetwork', {
    name: 'TWO',
    displaytext: 'two subnets',
    zoneid: zoneId,
    networkofferingid: idOf(world.networkOfferings.all(), 'DefaultSharedNetworkOffering'),
    vlan: '66',
    gateway: '10.66.0.1',
    netmask: '255.255.255.0',
    startip: '10.66.0.10',
    endip: '10.66.0.99',
  });
  addRange(world, {
    zoneId,
    physicalNetworkId: physicalNetworkOf(world, zoneId).id,
    networkId: String(at(created, 'network', 'id')),
    vlan: 'vlan://66',
    gateway: '10.67.0.1',
    netmask: '255.255.255.0',
    startIp: '10.67.0.10',
    endIp: '10.67.0.99',
  });
  return zone;
}

function inTwo(ip: string, parking?: string): object {
  const gateway = ip.replace(/\.\d+$/, '.1');
  const cloud_properties = { name: 'TWO', ...(parking !== undefined && { parking }) };
  return { private: manualNetwork(ip, { netmask: '255.255.255.0', gateway, cloud_properties }) };
}

test('a VM gets an address in the second subnet, which the log tells of', async () => {
  await using zone = await startTwoSubnets();
  const networks = inTwo('10.67.0.40', '10.67.0.80-10.67.0.99');
  const [vm] = (await zone.result('create_vm', vmArguments({ networks }))) as [string];
  const found = zone.admin.call('listVirtualMachines', { id: vm });
  expect(at(found, 'virtualmachine', 0, 'nic', 0, 'ipaddress')).toBe('10.67.0.40');
  const warnings = zone.diagnostics.filter((line) => line.startsWith('warning: network private'));
  expect(warnings).toEqual([
    'warning: network private: 10.67.0.40 is outside of 10.66.0.0/24, which is all that CloudStack ' +
      'tells of the subnets of its network TWO; unless it has another one, correct the subnet in the ' +
      'cloud config',
  ]);
});

test('an address in no subnet is refused by CloudStack, with what may be wrong, and nothing is left', async () => {
  await using zone = await startTwoSubnets();
  const before = zone.holdings();
  const request = vmArguments({ networks: inTwo('10.68.0.40') });
  const { type, message } = await zone.error('create_vm', request);
  expect(type).toBe('Bosh::Clouds::VMCreationFailed');
  expect(message).toMatch(
    /one subnet of the network TWO, 10\.66\.0\.0\/24, which 10\.68\.0\.40 is/,
  );
  expect(zone.holdings()).toEqual(before);
});

for (const [what, ip, parking] of [
  ['the gateway of the first subnet', '10.66.0.1', undefined],
  ['the last address of the first subnet', '10.66.0.255', undefined],
  ['a range for parking that ends before it begins', '10.67.0.40', '10.67.0.99-10.67.0.80'],
] as const) {
  test(`${what} is refused before anything is made`, async () => {
    await using zone = await startTwoSubnets();
    const request = vmArguments({ networks: inTwo(ip, parking) });
    const { message } = await zone.error('create_vm', request);
    expect(message).toMatch(/cannot be had|must be a range/);
    expect(zone.simulator.world.vms.everyRow()).toEqual([]);
  });
}
