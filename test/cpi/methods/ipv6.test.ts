// Proves that VMs get IPv6 where the network has it: the agent is told the address that BOSH asks for, by
// the MAC address of the NIC, also of one NIC with both families; what CloudStack keeps instead is told;
// the address serves the next VM; and what a network cannot give is refused before anything is made.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { idOf } from '../../support/simulator-vms.js';
import { addressIn, settingsOf } from '../../guests/agent.js';
import { agentId, manualNetwork, vmArguments } from './vm-requests.js';

const otherAgent = agentId.replace(/^./, 'a');

/** A zone with a shared network of both families, as a root admin makes it. */
async function startDualStack(more: object = {}): Promise<CpiZone> {
  const zone = await startZone({}, 'direct');
  const { networkOfferings, zones } = zone.simulator.world;
  zone.admin.call('createNetwork', {
    name: 'DUAL',
    displaytext: 'IPv4 and IPv6',
    zoneid: idOf(zones.all(), 'zone1'),
    networkofferingid: idOf(networkOfferings.all(), 'DefaultSharedNetworkOffering'),
    vlan: '66',
    gateway: '10.66.0.1',
    netmask: '255.255.255.0',
    startip: '10.66.0.10',
    endip: '10.66.0.99',
    ip6gateway: '2001:db8::1',
    ip6cidr: '2001:db8::/64',
    startipv6: '2001:db8::10',
    endipv6: '2001:db8::ff',
    ip6dns1: '2001:db8::53',
    ...more,
  });
  return zone;
}

const cloud = { cloud_properties: { name: 'DUAL' }, nic_group: '1' };

function dualStack(ip: string, more: object = {}): Record<string, object> {
  const usual = { netmask: '255.255.255.0', gateway: '10.66.0.1' };
  const six = { prefix: '128', netmask: 'ffff:ffff:ffff:ffff::', gateway: '2001:db8::1' };
  return {
    four: manualNetwork('10.66.0.40', { ...usual, ...cloud }),
    six: manualNetwork(ip, { ...six, ...cloud, default: undefined, ...more }),
  };
}

async function createVm(zone: CpiZone, request: unknown[]): Promise<string> {
  return String(at(await zone.result('create_vm', request), 0));
}

test('an IPv4 and an IPv6 network of one NIC group are one NIC, and the agent is told both addresses', async () => {
  await using zone = await startDualStack();
  const networks = dualStack('2001:db8::40');
  const [vm, echoed] = (await zone.result('create_vm', vmArguments({ networks }))) as [
    string,
    object,
  ];
  const guest = zone.simulator.guest(vm);
  expect(guest.interfaces).toHaveLength(1);
  const settings = settingsOf(guest);
  const mac = guest.interfaces[0]!.macAddress;
  expect(settings.networks).toMatchObject({
    four: { ip: '10.66.0.40', mac },
    six: { ip: '2001:db8::40', gateway: '2001:db8::1', netmask: 'ffff:ffff:ffff:ffff::', mac },
  });
  expect(addressIn(guest, settings, 'four')).toBe('10.66.0.40');
  expect(echoed).toMatchObject({ six: { ip: '2001:db8::40', mac } });
});

test('what CloudStack keeps instead of the address is told, unless it is the same', async () => {
  await using zone = await startDualStack();
  const vm = await createVm(zone, vmArguments({ networks: dualStack('2001:db8::40') }));
  const listed = zone.user.call('listVirtualMachines', { id: vm });
  const kept = String(at(listed, 'virtualmachine', 0, 'nic', 0, 'ip6address'));
  expect(kept).toMatch(/^2001:db8::[0-9a-f:]*ff:fe[0-9a-f:]*$/);
  const told = zone.diagnostics.filter((line) => line.includes('CloudStack keeps'));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(`sets 2001:db8::40 in network DUAL, but CloudStack keeps ${kept}`);
});

test('an account that may not expunge has the address again at once', async () => {
  await using zone = await startDualStack();
  for (const agent of [agentId, otherAgent, agentId]) {
    const request = vmArguments({ agentId: agent, networks: dualStack('2001:db8::40') });
    const vm = await createVm(zone, request);
    await zone.result('delete_vm', [vm]);
  }
  expect(zone.diagnostics.join('\n')).not.toContain('until it expunges the VM');
});

test('the VM that holds an IPv6 address which CloudStack says is taken is named', async () => {
  await using zone = await startDualStack({ endipv6: '2001:db8::ffff:ffff:ffff:ffff' });
  const holder = await createVm(zone, vmArguments({ networks: dualStack('2001:db8::40') }));
  await zone.result('set_vm_metadata', [holder, { deployment: 'd' }]);
  const listed = zone.user.call('listVirtualMachines', { id: holder });
  const kept = String(at(listed, 'virtualmachine', 0, 'nic', 0, 'ip6address'));
  const before = zone.holdings();
  // NetworkModelImpl.checkRequestedIpAddresses, of addresses that earlier versions handed out.
  const text = 'The requested IP is already taken!';
  zone.simulator.setFaults([
    {
      when: { command: 'deployVirtualMachine', times: 1 },
      then: { effect: 'refused', status: 431, text },
    },
  ]);
  const four = manualNetwork('10.66.0.41', {
    netmask: '255.255.255.0',
    gateway: '10.66.0.1',
    ...cloud,
  });
  const networks = { ...dualStack(kept.toUpperCase()), four };
  const error = await zone.error('create_vm', vmArguments({ agentId: otherAgent, networks }));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false });
  expect(error.message).toContain(`${kept.toUpperCase()} in network DUAL is held by VM`);
  expect(error.message).toContain(holder);
  expect(zone.holdings()).toEqual(before);
});

test('an address outside of what the network hands out is refused with the words of CloudStack', async () => {
  await using zone = await startDualStack();
  const before = zone.holdings();
  const networks = dualStack('2001:db8::1:40');
  const { message } = await zone.error('create_vm', vmArguments({ networks }));
  expect(message).toContain('Requested IPv6 is not in the predefined range!');
  expect(zone.holdings()).toEqual(before);
});

for (const [problem, networks, type, message] of [
  [
    'an address outside of the subnet',
    dualStack('2001:db8:1::40'),
    'CloudError',
    /network six: 2001:db8:1::40 cannot be had .* 2001:db8::\/64 with gateway 2001:db8::1/,
  ],
  [
    'the address of the gateway, spelt otherwise',
    dualStack('2001:0db8:0::0001'),
    'CloudError',
    /cannot be had/,
  ],
  ['a text with colons', dualStack('2001:db8:::40'), 'CpiError', /2001:db8:::40 is no address/],
  [
    'two IPv6 addresses',
    { ...dualStack('2001:db8::40'), seven: dualStack('2001:db8::41')['six'] },
    'NotSupported',
    /one IPv4 and one IPv6 address/,
  ],
  [
    'a whole prefix',
    dualStack('2001:db8::40', { prefix: '80' }),
    'NotSupported',
    /whole prefix of addresses/,
  ],
  [
    'a network without IPv6',
    dualStack('2001:db8::40', { cloud_properties: { name: 'NET_SHARED' } }),
    'CloudError',
    /network six: .* NET_SHARED, which has no IPv6 addresses/,
  ],
] as const) {
  test(`refused before anything is created: ${problem}`, async () => {
    await using zone = await startDualStack();
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments({ networks }));
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}
