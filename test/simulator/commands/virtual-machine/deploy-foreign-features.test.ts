// Proves what a deployment is refused for that asks for what no network or image of this world has:
// addresses of IPv6, NICs and disks that an image brings.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

function refused(world: TestWorld, values: Values): [number, string] {
  const all = deployment(world, values);
  const { httpStatus, errortext } = refusedUnchanged(
    world,
    world.user,
    'deployVirtualMachine',
    all,
  );
  return [httpStatus, errortext];
}

test('an address of IPv6, for no network has any', () => {
  const world = testSimulator();
  const networkids = networkId(world, 'NET_CS');
  expect(refused(world, { networkids, ip6address: '2001:db8::1' })).toEqual([
    431,
    'Requested IPv6 is not in the predefined range!',
  ]);
  expect(refused(world, { networkids, ip6address: 'x' })).toEqual([
    431,
    'Invalid specified IPv6 address x',
  ]);
  const list = { 'iptonetworklist[0].networkid': networkids, ip6address: '2001:db8::1' };
  expect(refused(world, list)).toEqual([
    431,
    "ipToNetworkMap can't be specified along with networkIds or ipAddress",
  ]);
});

test('networks of an image’s NICs, which go with nothing else and lead nowhere', () => {
  const world = testSimulator();
  const networkids = networkId(world, 'NET_CS');
  const list = { 'nicnetworklist[0].nic': 1, 'nicnetworklist[0].network': networkids };
  expect(refused(world, { ...list, networkids })).toEqual([
    431,
    "nicnetworklist can't be specified along with networkids, ipaddress, iptonetworklist",
  ]);
  expect(refused(world, { ...list, 'nicnetworklist[0].nic': 'x' })).toEqual([
    431,
    `Network ID: ${networkids} for NIC ID: null is invalid`,
  ]);
  expect(refused(world, { 'nicnetworklist[0].nic': 1 })).toEqual([
    431,
    'Network ID: null for NIC ID: 1 is invalid',
  ]);
  // The account's only isolated network is taken then.
  expect(deployed(world, world.user, list)['nic']).toMatchObject([{ networkname: 'NET_CS' }]);
});

test('disks that a template brings, which none does', () => {
  const world = testSimulator();
  const networkids = networkId(world, 'NET_CS');
  const [template] = world.simulator.world.templates.all();
  const offering = diskOfferingId(world, 'shared.custom');
  const list = (datadisktemplateid: string, diskofferingid: string): Values => ({
    networkids,
    'datadiskofferinglist[0].datadisktemplateid': datadisktemplateid,
    'datadiskofferinglist[0].diskofferingid': diskofferingid,
  });
  expect(refused(world, { ...list(template!.id, offering), diskofferingid: offering })).toEqual([
    431,
    "diskofferingid parameter can't be specified along with datadisktemplatetodiskofferinglist parameter",
  ]);
  expect(refused(world, list('x', offering))).toEqual([
    431,
    'Unable to translate and find entity with datadisktemplateid x',
  ]);
  expect(refused(world, list(template!.id, 'x'))).toEqual([
    431,
    'Unable to translate and find entity with diskofferingId x',
  ]);
  expect(refused(world, list(template!.id, offering))[1]).toMatch(
    /^Invalid Datadisk template\. Specified Datadisk template\d+ doesn't belong to template \d+$/,
  );
});

test('lists tell how many there are, and nothing else, to who wants that', () => {
  const world = testSimulator();
  const { user, admin } = world;
  deployed(world, user, { networkids: networkId(world, 'NET_CS') });
  const retrieveonlyresourcecount = true;
  expect(user.call('listVirtualMachines', { retrieveonlyresourcecount })).toEqual({ count: 1 });
  expect(user.call('listPublicIpAddresses', { retrieveonlyresourcecount })).toEqual({ count: 1 });
  const { count } = admin.call('listNetworks', { listall: true });
  expect(admin.call('listNetworks', { listall: true, retrieveonlyresourcecount })).toEqual({
    count,
  });
});

test('properties for an image that reads them, which leave no trace here', () => {
  const world = testSimulator();
  const properties = { 'properties[0].key': 'hostname', 'properties[0].value': 'db' };
  const vm = deployed(world, world.user, { startvm: false, ...properties });
  expect(vm['details']).toEqual({});
  expect(JSON.stringify(vm)).not.toContain('hostname');
});
