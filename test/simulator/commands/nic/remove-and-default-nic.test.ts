// Proves that a NIC that is removed frees its addresses at once, that another NIC can become the
// default one, and that each refusal has its code and text and changes nothing.
import { expect, test } from '@playwright/test';
import { isAddressFree } from '../../../../simulator/world/network/addresses.js';
import { implementNetwork, networkText } from '../../../../simulator/world/network/networks.js';
import { nicText } from '../../../../simulator/world/network/nics.js';
import { allocatePublicIp } from '../../../../simulator/world/network/public-ips.js';
import { vmText } from '../../../../simulator/world/compute/virtual-machines.js';
import type { NicRow, VmRow } from '../../../../simulator/world/entities.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { assertSound } from '../../../support/sound-world.js';
import { jobFails } from '../network/network-requests.js';

interface Scene extends NetworkWorld {
  readonly vm: VmRow;
  readonly first: NicRow;
  readonly second: NicRow;
}

function scene(state: Parameters<typeof addVm>[1] = 'Stopped'): Scene {
  const zone = createNetworkWorld();
  const vm = addVm(zone.world, state);
  const first = addNic(zone.world, vm, 'shared');
  const second = addNic(zone.world, vm, 'isolated', { ipAddress: '10.1.0.5' });
  return { ...zone, vm, first, second };
}

const remove = 'removeNicFromVirtualMachine';
const setDefault = 'updateDefaultNicForVirtualMachine';

for (const state of ['Stopped', 'Running'] as const) {
  test(`a ${state} VM loses a NIC, whose addresses the next VM can have`, () => {
    const { world, user, vm, second } = scene(state);
    user.done('addIpToNic', { nicid: second.id, ipaddress: '10.1.0.6' });
    const wanted = { virtualmachineid: vm.id, nicid: second.id };
    const { virtualmachine } = user.done(remove, wanted);
    expect(virtualmachine.nic).toHaveLength(1);
    const network = networkNamed(world, 'isolated');
    expect(isAddressFree(world, network, '10.1.0.5')).toBe(true);
    expect(isAddressFree(world, network, '10.1.0.6')).toBe(true);
    addNic(world, addVm(world), 'isolated', { ipAddress: '10.1.0.5' });
  });
}

test('the default NIC stays, and so does one of another VM', () => {
  const zone = scene();
  const { world, vm, first } = zone;
  const wanted = { virtualmachineid: vm.id, nicid: first.id };
  expect(jobFails(zone, zone.user, remove, wanted)).toEqual([
    431,
    `Unable to remove nic from ${vmText(vm)} in ` +
      `${networkText(world, networkNamed(world, 'shared'))}, nic is default.`,
  ]);
  const foreign = addNic(world, addVm(world), 'isolated');
  const other = { virtualmachineid: vm.id, nicid: foreign.id };
  expect(jobFails(zone, zone.user, remove, other)).toEqual([
    431,
    `${nicText(world, foreign)} is not a nic on ${vmText(vm)}`,
  ]);
  world.nics.remove(foreign);
  expect(jobFails(zone, zone.user, remove, other)).toEqual([
    431,
    `Unable to find a nic with id ${foreign.internalId}`,
  ]);
});

test('a NIC to which rules lead stays, also if they lead to a secondary address', () => {
  const zone = scene();
  const { world, user, vm, second } = zone;
  const network = networkNamed(world, 'isolated');
  implementNetwork(world, network);
  const publicIp = world.publicIps.all()[1]!;
  const { accountId } = vm;
  allocatePublicIp(world, publicIp, { accountId, networkId: network.id, isSourceNat: false });
  user.done('addIpToNic', { nicid: second.id, ipaddress: '10.1.0.6' });
  user.call('enableStaticNat', {
    ipaddressid: publicIp.id,
    virtualmachineid: vm.id,
    vmguestip: '10.1.0.6',
  });
  assertSound(zone);
  const wanted = { virtualmachineid: vm.id, nicid: second.id };
  expect(jobFails(zone, user, remove, wanted)).toEqual([
    431,
    `Unable to remove nic from ${vmText(vm)} in ${networkText(world, network)}, nic has ` +
      'associated Port forwarding or Load balancer or Static NAT rules.',
  ]);
  user.done('disableStaticNat', { ipaddressid: publicIp.id });
  user.done(remove, wanted);
});

for (const state of ['Starting', 'Destroyed', 'Error'] as const) {
  test(`a VM that is ${state} keeps its NICs and its default one`, () => {
    const zone = scene(state);
    const { world, vm, second } = zone;
    const wanted = { virtualmachineid: vm.id, nicid: second.id };
    expect(jobFails(zone, zone.user, remove, wanted)).toEqual([
      530,
      `Unable to remove ${networkText(world, networkNamed(world, 'isolated'))} from ` +
        `${vmText(vm)}: com.cloud.exception.ResourceUnavailableException: Resource ` +
        `[DataCenter:1] is unreachable: Unable to remove vm ${vmText(vm)} from network, is not ` +
        'in the right state',
    ]);
    expect(jobFails(zone, zone.user, setDefault, wanted)).toEqual([
      530,
      `refusing to set default ${vmText(vm)} is not Running or Stopped`,
    ]);
  });
}

test('another NIC becomes the default one, and takes its device id', () => {
  const zone = scene();
  const { user, vm, first, second } = zone;
  const wanted = { virtualmachineid: vm.id, nicid: second.id };
  const { virtualmachine } = user.done(setDefault, wanted);
  expect(virtualmachine.nic[0]).toMatchObject({ id: second.id, isdefault: true });
  expect(first).toMatchObject({ isDefault: false, deviceId: 1 });
  expect(jobFails(zone, user, setDefault, wanted)).toEqual([
    530,
    'refusing to set default nic because chosen nic is already the default',
  ]);
  user.done(remove, { virtualmachineid: vm.id, nicid: first.id });
});

test('strangers are refused, and what is gone', () => {
  const zone = scene();
  const { world, other, user, vm, second } = zone;
  const wanted = { virtualmachineid: vm.id, nicid: second.id };
  for (const command of [remove, setDefault]) {
    expect(other.fails(command, wanted).httpStatus).toBe(531);
  }
  const foreign = addNic(world, addVm(world), 'isolated');
  expect(jobFails(zone, user, setDefault, { ...wanted, nicid: foreign.id })).toEqual([
    431,
    `${nicText(world, foreign)} is not a nic on  ${vmText(vm)}`,
  ]);
  world.vms.remove(vm);
  expect(jobFails(zone, user, remove, wanted)).toEqual([
    431,
    `Unable to find a virtual machine with id ${vm.internalId}`,
  ]);
  expect(jobFails(zone, user, setDefault, wanted)).toEqual([
    431,
    `unable to find a virtual machine with id ${vm.internalId}`,
  ]);
});
