// Proves that a deployment that fails while it allocates, after every check, leaves the VM in state
// Error with the NICs it got so far, answers with an error without id or job, and holds the
// addresses and the name until the VM is expunged.
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  listed,
  listedNames,
  networkId,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const MASKED = 'Internal error executing command, please contact your system administrator';

test('a taken address: users read the general text, root admins the reason', () => {
  const world = testSimulator();
  const networkids = networkId(world, 'NET_SHARED');
  deployed(world, world.user, { networkids, ipaddress: '10.204.0.20' });
  const again = deployment(world, { networkids, ipaddress: '10.204.0.20' });
  expect(world.user.fails('deployVirtualMachine', again)).toEqual({
    httpStatus: 530,
    wrapper: 'deployvirtualmachineresponse',
    errorcode: 530,
    cserrorcode: 0,
    errortext: MASKED,
  });
  expect(world.admin.fails('deployVirtualMachine', again)).toMatchObject({
    httpStatus: 530,
    cserrorcode: 0,
    errortext: 'Insufficient address capacity',
  });
});

test('the VM stays, in state Error, with its name and without NICs and volumes', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  deployed(world, user, { ipaddress: '10.203.6.10' });
  const jobs = simulator.world.jobs.all().length;
  user.fails('deployVirtualMachine', deployment(world, { name: 'late', ipaddress: '10.203.6.10' }));
  expect(simulator.world.jobs.all()).toHaveLength(jobs);
  const vm = listed(user, { name: 'late' })!;
  expect(vm).toMatchObject({ state: 'Error', nic: [] });
  expect(simulator.world.volumes.where('vmId', vm['id'])).toEqual([]);
  assertSound(simulator);
});

for (const [what, ipaddress] of [
  ['the gateway', '10.203.7.254'],
  ['the network address', '10.203.6.0'],
  ['the broadcast address', '10.203.7.255'],
  ['outside the network', '10.203.8.1'],
] as const) {
  test(`an address that is ${what} cannot be had`, () => {
    const world = testSimulator();
    const { networks, vms } = world.simulator.world;
    const network = networks.all().find((row) => row.name === 'NET_CS')!;
    const admin = world.simulator.world.accounts.all().find((row) => row.type === 'Admin')!;
    networks.change(network, { accountId: admin.id });
    const values = deployment(world, { networkids: network.id, ipaddress });
    expect(world.admin.fails('deployVirtualMachine', values)).toMatchObject({
      httpStatus: 530,
      cserrorcode: 0,
      errortext:
        `Unable to acquire Guest IP address for network Network {"id": ${network.internalId}, ` +
        `"name": "NET_CS", "uuid": "${network.id}", "networkofferingid": 1}`,
    });
    expect(vms.all().map((vm) => vm.state)).toEqual(['Error']);
  });
}

test('NICs allocated before the failing one keep their addresses and the name', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const shared = networkId(world, 'NET_SHARED');
  deployed(world, user, { networkids: shared, ipaddress: '10.204.0.20' });
  const values = deployment(world, {
    name: 'half',
    'iptonetworklist[0].networkid': networkId(world, 'NET_CS'),
    'iptonetworklist[0].ip': '10.203.6.10',
    'iptonetworklist[1].networkid': shared,
    'iptonetworklist[1].ip': '10.204.0.20',
  });
  expect(user.fails('deployVirtualMachine', values).httpStatus).toBe(530);
  expect(listed(user, { name: 'half' })).toMatchObject({
    state: 'Error',
    nic: [{ networkname: 'NET_CS', ipaddress: '10.203.6.10' }],
  });
  // Neither the address nor the name is free, and each attempt leaves one more VM in Error.
  const address = deployment(world, { ipaddress: '10.203.6.10' });
  expect(user.fails('deployVirtualMachine', address).errortext).toBe(MASKED);
  expect(user.fails('deployVirtualMachine', deployment(world, { name: 'half' })).errortext).toBe(
    'The vm with hostName half already exists in the network domain: cs2cloud.internal; network=NET_CS',
  );
  assertSound(simulator);
});

test('a full network gives no more addresses', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { networks } = simulator.world;
  networks.change(
    networks.all().find((row) => row.name === 'NET_CS')!,
    {
      cidr: '10.203.6.0/30',
      gateway: '10.203.6.1',
    },
  );
  const vm = deployed(world, user, { name: 'only' });
  expect(vm['ipaddress']).toBe('10.203.6.2');
  expect(user.fails('deployVirtualMachine', deployment(world)).httpStatus).toBe(530);
  expect(simulator.world.vms.all().map((row) => row.state)).toEqual(['Running', 'Error']);
});

test('destroying and expunging the failed VM frees what it held', () => {
  const world = testSimulator();
  const { user, admin } = world;
  const shared = networkId(world, 'NET_SHARED');
  deployed(world, user, { name: 'first', networkids: shared, ipaddress: '10.204.0.20' });
  const values = deployment(world, {
    name: 'half',
    'iptonetworklist[0].networkid': networkId(world, 'NET_CS'),
    'iptonetworklist[0].ip': '10.203.6.10',
    'iptonetworklist[1].networkid': shared,
    'iptonetworklist[1].ip': '10.204.0.20',
  });
  user.fails('deployVirtualMachine', values);
  const { id } = listed(user, { name: 'half' })!;
  admin.done('destroyVirtualMachine', { id, expunge: true });
  expect(listedNames(user)).toEqual(['first']);
  expect(deployed(world, user, { name: 'half', ipaddress: '10.203.6.10' })['state']).toBe(
    'Running',
  );
});
