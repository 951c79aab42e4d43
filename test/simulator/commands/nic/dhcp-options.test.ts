// Proves what guests are told by DHCP besides their address: at the deployment, with a NIC that comes
// later, and changed; by number and by name; that the NICs of a VM show it, and each refusal.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type Values } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  listed,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

const shown = (code: number, name: string, value: string): Reply => ({
  extradhcpoptioncode: code,
  extradhcpoptionname: name,
  extradhcpvalue: value,
});

function scene(): { world: ReturnType<typeof testSimulator>; first: string; second: string } {
  const world = testSimulator();
  const second = world.simulator.world.networks.all().find(({ type }) => type === 'Shared')!.id;
  return { world, first: networkId(world, 'NET_CS'), second };
}

function optionsOf(vm: Reply): unknown[] {
  return (vm['nic'] as Reply[]).map(({ extradhcpoption }) => extradhcpoption as unknown);
}

test('a deployment gives options to the NICs of the networks that it names', () => {
  const { world, first, second } = scene();
  const list = 'dhcpoptionsnetworklist[0].';
  const vm = deployed(world, world.user, {
    networkids: `${first},${second}`,
    [`${list}networkid`]: second,
    [`${list}dhcp:114`]: 'http://boot.example',
    [`${list}domain-search`]: 'example',
    [`${list}T1`]: '60',
  });
  const options = [
    shown(58, 'T1', '60'),
    shown(114, 'url', 'http://boot.example'),
    shown(119, 'domain-search', 'example'),
  ];
  expect(optionsOf(vm)).toEqual([[], options]);
  const { nic } = world.user.call('listNics', { virtualmachineid: vm['id'] as string });
  expect(nic[1].extradhcpoption).toEqual(options);
});

test('a NIC that comes later has its own, and they are changed by network', () => {
  const { world, first, second } = scene();
  const { user } = world;
  const { id } = deployed(world, user, { networkids: first, startvm: false }) as { id: string };
  const added = user.done('addNicToVirtualMachine', {
    virtualmachineid: id,
    networkid: second,
    'dhcpoptions[0].mtu': '1400',
    'dhcpoptions[1].dhcp:42': '10.0.0.1',
  });
  expect(optionsOf(added['virtualmachine'] as Reply)[1]).toEqual([
    shown(26, 'mtu', '1400'),
    shown(42, 'ntp-server', '10.0.0.1'),
  ]);
  const list = 'dhcpoptionsnetworklist[0].';
  user.call('updateVirtualMachine', { id, [`${list}networkid`]: second, [`${list}mtu`]: '9000' });
  expect(optionsOf(listed(user, { id })!)).toEqual([[], [shown(26, 'mtu', '9000')]]);
  user.call('updateVirtualMachine', { id, [`${list}networkid`]: second });
  expect(optionsOf(listed(user, { id })!)).toEqual([[], []]);
});

test('options of no network, of another one, and such as there are not', () => {
  const { world, first, second } = scene();
  const { admin } = world;
  const list = 'dhcpoptionsnetworklist[0].';
  const refused = (values: Values): unknown[] => {
    const all = deployment(world, { networkids: first, ...values });
    const { httpStatus, errortext } = refusedUnchanged(world, admin, 'deployVirtualMachine', all);
    return [httpStatus, errortext];
  };
  const owner = {
    account: 'bosh',
    domainid: world.simulator.world.domains.all()[0]!.id,
  };
  expect(refused({ ...owner, [`${list}mtu`]: '1' })).toEqual([
    530,
    'No networkid specified when providing extra dhcp options.',
  ]);
  const elsewhere = { ...owner, [`${list}networkid`]: second };
  expect(refused({ ...elsewhere, [`${list}mtu`]: '1' })).toEqual([
    431,
    `VM does not has a nic in the Network (${second}) that is specified in the extra dhcp options.`,
  ]);
  expect(refused({ ...elsewhere, [`${list}colour`]: '1' })).toEqual([
    530,
    'Dhcp option colour not supported.',
  ]);
  expect(refused({ ...elsewhere, [`${list}dhcp:200`]: '1' })).toEqual([
    530,
    'Dhcp option code 200 not supported.',
  ]);
});
