// Proves that a VM gets one more NIC, at once if it runs, what a NIC's address and MAC address may
// be, and that each refusal has its code and text and changes nothing.
import { expect, test } from '@playwright/test';
import { networkText } from '../../../../simulator/world/network/networks.js';
import { vmText } from '../../../../simulator/world/compute/virtual-machines.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import { jobFails } from '../network/network-requests.js';

const command = 'addNicToVirtualMachine';

function values(zone: NetworkWorld, vmId: string, network: string, more: Values = {}): Values {
  return { virtualmachineid: vmId, networkid: networkNamed(zone.world, network).id, ...more };
}

function refused(
  zone: NetworkWorld,
  wanted: Values,
  client: TestClient = zone.user,
): [number, string] {
  return jobFails(zone, client, command, wanted);
}

test('a stopped VM gets the NIC as it was asked for', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  addNic(zone.world, vm, 'isolated');
  const more = { ipaddress: '10.3.0.12', macaddress: '2-0-0-A-b-1' };
  const { virtualmachine } = zone.user.done(command, values(zone, vm.id, 'shared', more));
  expect(virtualmachine.nic).toHaveLength(2);
  expect(virtualmachine.nic[1]).toMatchObject({
    ipaddress: '10.3.0.12',
    macaddress: '02:00:00:0a:0b:01',
    isdefault: false,
    secondaryip: [],
  });
  expect(virtualmachine).not.toHaveProperty('serviceofferingid');
  expect(zone.world.nics.all()[1]!.deviceId).toBe(1);
  expect(networkNamed(zone.world, 'shared').routerIpAddress).toBeNull();
  assertSound(zone);
});

test('for a running VM the network comes to life', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world, 'Running');
  zone.world.vms.change(vm, { hostId: zone.world.hosts.all()[0]!.id });
  addNic(zone.world, vm, 'l2');
  zone.user.done(command, values(zone, vm.id, 'isolated'));
  expect(networkNamed(zone.world, 'isolated').state).toBe('Implemented');
  expect(zone.world.publicIps.all()[0]).toMatchObject({ state: 'Allocated', isSourceNat: true });
});

test('a NIC that cannot be plugged is gone again', () => {
  const zone = createNetworkWorld();
  const { world } = zone;
  for (const publicIp of world.publicIps.all()) world.publicIps.remove(publicIp);
  const vm = addVm(world, 'Running');
  addNic(world, vm, 'l2');
  const { status, resultcode } = zone.user.run(command, values(zone, vm.id, 'isolated'));
  expect([status, resultcode]).toEqual([2, 530]);
  expect(world.nics.where('vmId', vm.id)).toHaveLength(1);
});

test('the first NIC of a VM is its default one, and device ids are used again', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  for (const network of ['isolated', 'l2', 'shared']) {
    zone.user.done(command, values(zone, vm.id, network));
  }
  const [first, second] = zone.world.nics.all();
  expect(first!.isDefault).toBe(true);
  const wanted = { virtualmachineid: vm.id, nicid: second!.id };
  zone.user.done('removeNicFromVirtualMachine', wanted);
  zone.user.done(command, values(zone, vm.id, 'l2'));
  expect(zone.world.nics.all().map((nic) => nic.deviceId)).toEqual([0, 2, 1]);
});

test('an address that is taken, in whatever state its VM is, and a full network are refused', () => {
  const zone = createNetworkWorld();
  const { world } = zone;
  const vm = addVm(world);
  addNic(world, vm, 'l2');
  addNic(world, addVm(world, 'Destroyed'), 'isolated', { ipAddress: '10.1.0.5' });
  addNic(world, addVm(world, 'Error'), 'shared', { ipAddress: '10.3.0.10' });
  const text = (name: string, why: string): string =>
    `Insufficient capacity when adding NIC to ${vmText(vm)}: com.cloud.exception.${name}: ` +
    `${why}Scope=interface com.cloud.dc.DataCenter; id=1`;
  for (const ipaddress of ['10.1.0.5', '10.1.0.1', '10.1.0.255', '10.9.0.1']) {
    expect(refused(zone, values(zone, vm.id, 'isolated', { ipaddress }))).toEqual([
      530,
      text(
        'InsufficientVirtualNetworkCapacityException',
        'Unable to acquire Guest IP address for network ' +
          networkText(world, networkNamed(world, 'isolated')),
      ),
    ]);
  }
  expect(refused(zone, values(zone, vm.id, 'shared', { ipaddress: '10.3.0.10' }))).toEqual([
    530,
    text('InsufficientAddressCapacityException', 'Insufficient address capacity'),
  ]);
});

test('what is no address, no MAC address, or that of several machines is refused', () => {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world);
  const rival = addNic(zone.world, addVm(zone.world), 'isolated');
  const wanted = (more: Values): Values => values(zone, vm.id, 'isolated', more);
  expect(refused(zone, wanted({ ipaddress: '10.1.0' }))).toEqual([
    431,
    'Invalid format for IP address parameter: 10.1.0',
  ]);
  expect(refused(zone, wanted({ macaddress: '02:00:00:00:01' }))).toEqual([
    431,
    'Mac address is not valid: 02:00:00:00:01',
  ]);
  expect(refused(zone, wanted({ macaddress: '01:00:00:00:00:01' }))).toEqual([
    431,
    'Mac address is not unicast: 01:00:00:00:00:01',
  ]);
  expect(refused(zone, wanted({ macaddress: rival.macAddress }))).toEqual([
    530,
    `A NIC with this MAC address exists for network: ${rival.networkId}`,
  ]);
});

test('a second NIC in a network, and a name that is taken there, are refused', () => {
  const zone = createNetworkWorld();
  const { world } = zone;
  const vm = addVm(world);
  const nic = addNic(world, vm, 'isolated');
  expect(refused(zone, values(zone, vm.id, 'isolated'))).toEqual([
    530,
    `A NIC already exists for VM:${vm.instanceName} in network: ${nic.networkId}`,
  ]);
  const namesake = addVm(world);
  world.vms.change(namesake, { name: vm.name });
  expect(refused(zone, values(zone, namesake.id, 'isolated'))).toEqual([
    530,
    `Network isolated already has a vm with host name: ${vm.name}`,
  ]);
});

for (const state of ['Starting', 'Destroyed', 'Expunging', 'Error'] as const) {
  test(`a VM that is ${state} is refused`, () => {
    const zone = createNetworkWorld();
    const vm = addVm(zone.world, state);
    expect(refused(zone, values(zone, vm.id, 'isolated'))).toEqual([
      530,
      `Unable to add NIC to ${vmText(vm)}: com.cloud.exception.ResourceUnavailableException: ` +
        `Resource [DataCenter:1] is unreachable: Unable to add vm ${vmText(vm)} to network, is ` +
        'not in the right state',
    ]);
  });
}

test('networks of others, and what is gone, are refused', () => {
  const zone = createNetworkWorld();
  const { world, user, other } = zone;
  const vm = addVm(world);
  const foreign = networkNamed(world, 'tiny');
  expect(refused(zone, values(zone, vm.id, 'tiny'))).toEqual([
    530,
    `Unable to use network with id= ${foreign.id}, permission denied`,
  ]);
  world.networks.remove(foreign);
  expect(refused(zone, { virtualmachineid: vm.id, networkid: foreign.id })).toEqual([
    431,
    `unable to find a network with id ${foreign.internalId}`,
  ]);
  expect(other.fails(command, values(zone, vm.id, 'shared')).httpStatus).toBe(531);
  world.vms.remove(vm);
  expect(refused(zone, values(zone, vm.id, 'isolated'))).toEqual([
    431,
    `unable to find a virtual machine with id ${vm.internalId}`,
  ]);
  expect(user.call('listNetworks')['count']).toBe(3);
});
