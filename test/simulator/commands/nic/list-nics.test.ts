// Proves what listNics shows of the NICs of a VM, to whom, and its errors, all of which are 530.
import { expect, test } from '@playwright/test';
import { releaseNics } from '../../../../simulator/world/network/nics.js';
import { testSimulator, type Values } from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';
import { addNic, addVm, createNetworkWorld, networkNamed } from '../../../support/network-world.js';

test('shows each NIC of a VM', () => {
  const { world, user } = createNetworkWorld();
  const vm = addVm(world);
  const first = addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5' });
  const second = addNic(world, vm, 'l2');
  const { count, nic } = user.call('listNics', { virtualmachineid: vm.id });
  expect(count).toBe(2);
  expect(nic[0]).toEqual({
    id: first.id,
    networkid: first.networkId,
    networkname: 'isolated',
    netmask: '255.255.255.0',
    gateway: '10.1.0.1',
    ipaddress: '10.1.0.5',
    traffictype: 'Guest',
    type: 'Isolated',
    isdefault: true,
    macaddress: first.macAddress,
    secondaryip: [],
    extradhcpoption: [],
    deviceid: '0',
    virtualmachineid: vm.id,
  });
  expect(nic[1]).toMatchObject({ id: second.id, type: 'L2', isdefault: false, deviceid: '1' });
  expect(nic[1]).not.toHaveProperty('ipaddress');
});

test('shows those of the VM that is asked for', () => {
  const world = testSimulator();
  const [first, second] = [deployed(world, world.user), deployed(world, world.user)];
  for (const vm of [first, second]) {
    const { nic } = world.user.call('listNics', { virtualmachineid: vm['id'] as string });
    expect(nic).toHaveLength(1);
    expect(nic[0].id).toBe(vm['nic'][0].id);
  }
});

test('finds one by its id or its network', () => {
  const { world, user } = createNetworkWorld();
  const vm = addVm(world);
  addNic(world, vm, 'isolated');
  const second = addNic(world, vm, 'shared');
  const ids = (filter: Record<string, string>): string[] =>
    (user.call('listNics', { virtualmachineid: vm.id, ...filter })['nic'] ?? []).map(
      (nic: { id: string }) => nic.id,
    );
  expect(ids({ nicid: second.id })).toEqual([second.id]);
  expect(ids({ networkid: second.networkId })).toEqual([second.id]);
  expect(ids({ networkid: networkNamed(world, 'l2').id })).toEqual([]);
});

test('comes in pages, by parts of addresses, and hides nothing', () => {
  const { world, user, admin } = createNetworkWorld();
  const vm = addVm(world);
  const first = addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5' });
  const second = addNic(world, vm, 'shared');
  const ids = (values: Values = {}, client = user): string[] =>
    (client.call('listNics', { virtualmachineid: vm.id, ...values })['nic'] ?? []).map(
      (nic: { id: string }) => nic.id,
    );
  expect(ids({ page: 1, pagesize: 1 })).toEqual([first.id]);
  expect(ids({ page: 2, pagesize: 1 })).toEqual([second.id]);
  expect(ids({ keyword: '10.1.' })).toEqual([first.id]);
  expect(ids({ fordisplay: true }, admin)).toEqual([first.id, second.id]);
  expect(ids({ fordisplay: false }, admin)).toEqual([]);
  expect(ids({ fordisplay: false })).toEqual([first.id, second.id]);
});

test('only root admins see the VLAN, while the VM is up', () => {
  const { world, admin, user } = createNetworkWorld();
  const vm = addVm(world, 'Running');
  const nic = addNic(world, vm, 'isolated');
  const vlan = `vlan://${networkNamed(world, 'isolated').vlan}`;
  const shown = admin.call('listNics', { virtualmachineid: vm.id })['nic'][0];
  expect(shown).toMatchObject({ broadcasturi: vlan, isolationuri: vlan });
  expect(user.call('listNics', { virtualmachineid: vm.id })['nic'][0]).not.toHaveProperty(
    'broadcasturi',
  );
  const stopped = addVm(world);
  addNic(world, stopped, 'isolated');
  const [other] = admin.call('listNics', { virtualmachineid: stopped.id })['nic'];
  expect(other).not.toHaveProperty('broadcasturi');
  expect(nic.ipAddress).not.toBeNull();
});

test('refuses strangers, VMs that are gone and unknown ids', () => {
  const { world, other, user } = createNetworkWorld();
  const vm = addVm(world);
  addNic(world, vm, 'isolated');
  expect(other.fails('listNics', { virtualmachineid: vm.id })).toMatchObject({
    httpStatus: 530,
    cserrorcode: 9999,
    errortext: expect.stringContaining('does not have permission to operate with resource'),
  });
  releaseNics(world, vm.id);
  world.vms.remove(vm);
  expect(user.fails('listNics', { virtualmachineid: vm.id })).toMatchObject({
    httpStatus: 530,
    cserrorcode: 9999,
    errortext: 'Virtual machine id does not exist',
  });
  expect(user.fails('listNics').errortext).toBe(
    'Unable to execute API command listnics due to missing parameter virtualmachineid',
  );
});
