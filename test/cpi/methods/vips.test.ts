// Proves that create_vm points the public address of a vip network to the right NIC of a VM, that
// delete_vm gives it back, and that addresses which a VM cannot have are refused; against the
// simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { holdAddress, networkId, usersMayExpunge } from './load-balancer-requests.js';
import { subnet } from './network-requests.js';
import { manualNetwork, vmArguments, type VmVariation } from './vm-requests.js';

const publicIp = '203.0.113.15';
const otherAgent = 'b0000000-0000-4000-8000-000000000002';

async function create(zone: CpiZone, variation: VmVariation = {}): Promise<string> {
  return ((await zone.result('create_vm', vmArguments(variation))) as [string])[0];
}

function vmOf(zone: CpiZone, id: string): { publicip?: string; nic: unknown[] } {
  return at(zone.user.call('listVirtualMachines', { id }), 'virtualmachine', 0) as {
    publicip?: string;
    nic: unknown[];
  };
}

/** The network to whose NIC the address leads. */
function networkOfVip(zone: CpiZone): unknown {
  const addresses = zone.user.call('listPublicIpAddresses', { ipaddress: publicIp });
  return at(addresses, 'publicipaddress', 0, 'associatednetworkid');
}

async function secondNetwork(zone: CpiZone): Promise<string> {
  return String(at(await zone.result('create_network', subnet({ range: '10.66.0.0/24' })), 0));
}

/** A VM in NET_CS, where its default gateway is, and in a second network, with a vip. */
function twoNics(second: string, vip: object, more: object = {}): object {
  return {
    second: manualNetwork('10.66.0.5', {
      default: undefined,
      cloud_properties: { name: second },
      nic_group: '2',
      ...more,
    }),
    private: manualNetwork('10.203.6.40', { nic_group: '1' }),
    public: { type: 'vip', ip: publicIp, ...vip },
  };
}

test('a vip is allocated, connected, and given back with the VM', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
  const cid = await create(zone, { networks });
  expect(vmOf(zone, cid).publicip).toBe('203.0.113.15');
  await zone.result('delete_vm', [cid]);
  const addresses = zone.holdings()['addresses'] as { ipaddress: string }[];
  expect(addresses.map(({ ipaddress }) => ipaddress)).not.toContain('203.0.113.15');
  expect(before['addresses']).toEqual([]);
});

for (const command of ['listPublicIpAddresses', 'disassociateIpAddress']) {
  test(`a role that may not call ${command} deletes a VM with a vip, and is told`, async () => {
    await using zone = await startZone();
    const networks = { private: manualNetwork(), public: { type: 'vip', ip: publicIp } };
    const cid = await create(zone, { networks });
    await zone.result('delete_vm', [cid], { refuse: command });
    expect(await zone.result('has_vm', [cid])).toBe(false);
    const address = `warning: public address ${publicIp} of VM ${cid}`;
    expect(zone.diagnostics.join('\n')).toMatch(
      new RegExp(`${address} is not released: CloudStack ${command} failed .*must be allowed`),
    );
    expect(zone.user.call('listPublicIpAddresses', { ipaddress: publicIp })['count']).toBe(1);
  });
}

test('a role that may not list addresses is told nothing about a VM without one', async () => {
  await using zone = await startZone();
  const cid = await create(zone);
  await zone.result('delete_vm', [cid], { refuse: 'listPublicIpAddresses' });
  await zone.result('delete_vm', [cid], { refuse: 'listPublicIpAddresses' });
  expect(await zone.result('has_vm', [cid])).toBe(false);
  expect(zone.diagnostics.join('\n')).not.toMatch(/warning: .*address .*released/);
});

test('a vip that is no public address of the zone: nothing stays', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  // The first VM makes CloudStack allocate the network's own address, which stays.
  await zone.result('delete_vm', [await create(zone)]);
  const before = zone.holdings();
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: '198.51.100.1' } };
  const error = await zone.error('create_vm', vmArguments({ networks }));
  expect(error.message).toContain('198.51.100.1');
  expect(zone.holdings()).toEqual(before);
});

test('a vip of a living VM is not taken from it', async () => {
  await using zone = await startZone();
  const vip = { type: 'vip', ip: '203.0.113.15' };
  const holder = await create(zone, { networks: { private: manualNetwork(), public: vip } });
  const networks = { private: manualNetwork('10.203.6.41'), public: vip };
  const request = vmArguments({ agentId: otherAgent, networks });
  expect((await zone.error('create_vm', request)).message).toContain(holder);
  expect(vmOf(zone, holder).publicip).toBe('203.0.113.15');
});

test('a vip of a VM that was destroyed past the CPI, and is not expunged yet, is taken over', async () => {
  await using zone = await startZone();
  const vip = { type: 'vip', ip: publicIp };
  const holder = await create(zone, { networks: { private: manualNetwork(), public: vip } });
  zone.user.done('destroyVirtualMachine', { id: holder });
  const addresses = zone.user.call('listPublicIpAddresses', { ipaddress: publicIp });
  expect(at(addresses, 'publicipaddress', 0, 'virtualmachineid')).toBe(holder);
  const networks = { private: manualNetwork('10.203.6.41'), public: vip };
  const next = await create(zone, { agentId: otherAgent, networks });
  expect(vmOf(zone, next).publicip).toBe(publicIp);
});

for (const [how, vip, target] of [
  ['without more', {}, 'default'],
  ['of the NIC group of the second', { nic_group: '2' }, 'second'],
  ['of the NIC group of the default one', { nic_group: '1' }, 'default'],
  ['that names the default network', { cloud_properties: { name: 'NET_CS' } }, 'default'],
] as const) {
  test(`of two NICs, a vip ${how} leads to the ${target} one`, async () => {
    await using zone = await startZone();
    const second = await secondNetwork(zone);
    const vm = await create(zone, { networks: twoNics(second, vip) });
    const expected = target === 'second' ? second : networkId(zone, 'NET_CS');
    expect(networkOfVip(zone)).toBe(expected);
    expect(vmOf(zone, vm)).toMatchObject({
      publicip: publicIp,
      nic: [
        { networkid: networkId(zone, 'NET_CS'), isdefault: true },
        { networkid: second, isdefault: false },
      ],
    });
  });
}

test('a vip that names the second network by id or name leads there', async () => {
  await using zone = await startZone();
  const second = await secondNetwork(zone);
  const name = String(at(zone.user.call('listNetworks', { id: second }), 'network', 0, 'name'));
  for (const nameOrId of [second, name]) {
    const networks = twoNics(second, { cloud_properties: { name: nameOrId } });
    const vm = await create(zone, { networks });
    expect(networkOfVip(zone)).toBe(second);
    await zone.result('delete_vm', [vm]);
  }
});

test('an address that is held for the second network leads there, and stays with the account', async () => {
  await using zone = await startZone();
  const networkid = await secondNetwork(zone);
  // The first address of a network is its source NAT address.
  zone.user.done('associateIpAddress', { networkid });
  zone.user.done('associateIpAddress', { networkid, ipaddress: publicIp });
  const vm = await create(zone, { networks: twoNics(networkid, {}) });
  expect(vmOf(zone, vm).publicip).toBe(publicIp);
  await zone.result('delete_vm', [vm]);
  expect(networkOfVip(zone)).toBe(networkid);
});

test('the networks come back as they were given, each NIC with its MAC', async () => {
  await using zone = await startZone();
  const networks = twoNics(await secondNetwork(zone), {}) as Record<string, object>;
  const [, echoed] = (await zone.result('create_vm', vmArguments({ networks }))) as [
    string,
    object,
  ];
  expect(Object.keys(echoed)).toEqual(Object.keys(networks));
  const macs = ['second', 'private'].map((name) => at(echoed, name, 'mac'));
  expect(new Set(macs).size).toBe(2);
  for (const mac of macs) expect(mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  expect(at(echoed, 'public')).toEqual(networks['public']);
});

for (const [problem, vip, type, message] of [
  ['no address', { ip: 'none' }, 'CpiError', /network public: none is no IPv4 address/],
  ['an IPv6 address', { ip: '2001:db8::1' }, 'CpiError', /is no IPv4 address/],
  ['an unknown NIC group', { nic_group: '9' }, 'CpiError', /nic_group 9/],
  ['a network without NIC', { cloud_properties: { name: 'NET_SHARED' } }, 'CloudError', /no NIC/],
  ['a number as name', { cloud_properties: { name: 5 } }, 'CpiError', /name must be a string/],
  ['an address of no range', { ip: '9.9.9.9' }, 'CloudError', /can not have 9\.9\.9\.9: it is in/],
  ['a source NAT address', { ip: '203.0.113.10' }, 'CloudError', /source NAT address/],
  [
    'an address of another network than its own',
    { ip: '203.0.113.20', nic_group: '2' },
    'CloudError',
    /is allocated for the network/,
  ],
] as const) {
  test(`refused before anything is created: a vip with ${problem}`, async () => {
    await using zone = await startZone();
    await zone.result('delete_vm', [await create(zone)]);
    holdAddress(zone, '203.0.113.20');
    const second = await secondNetwork(zone);
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments({ networks: twoNics(second, vip) }));
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const [problem, networks, message] of [
  ['only a vip', { n: { type: 'vip', ip: publicIp } }, /needs a manual or dynamic network/],
  [
    'two vips',
    {
      n: manualNetwork(),
      a: { type: 'vip', ip: publicIp },
      b: { type: 'vip', ip: '203.0.113.16' },
    },
    /one vip/,
  ],
] as const) {
  test(`refused before anything is created: ${problem}`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments({ networks }));
    expect(error.ok_to_retry).toBe(false);
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}

test('an address with load balancer rules is told, and the VM is taken back', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  await zone.result('delete_vm', [await create(zone)]);
  const publicipid = holdAddress(zone, publicIp);
  const rule = { name: 'web', algorithm: 'source', publicport: '443', privateport: '8443' };
  zone.user.done('createLoadBalancerRule', { ...rule, publicipid });
  const before = zone.holdings();
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: publicIp } };
  const error = await zone.error('create_vm', vmArguments({ networks }));
  expect(error.message).toMatch(/already has LoadBalancing rules/);
  expect(zone.holdings()).toEqual(before);
});

for (const step of [1, 'completion'] as const) {
  test(`an address that a failed job had allocated is given back: at step ${step}`, async () => {
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    await zone.result('delete_vm', [await create(zone)]);
    zone.simulator.setFaults([
      {
        when: { command: 'associateIpAddress', phase: 'job-step', step },
        then: { effect: 'job-fails', text: 'it failed' },
      },
    ]);
    const before = zone.holdings()['addresses'];
    const networks = { private: manualNetwork(), public: { type: 'vip', ip: publicIp } };
    const error = await zone.error('create_vm', vmArguments({ networks }));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(error.message).toContain(
      `${publicIp} is not allocated to this account: CloudStack says`,
    );
    expect(zone.holdings()['addresses']).toEqual(before);
  });
}

for (const [status, text, type, okToRetry] of [
  [530, 'Failed to allocate IP address', 'VMCreationFailed', true],
  [533, 'Insufficient address capacity', 'CloudError', false],
] as const) {
  test(`an address that CloudStack refuses with ${status} is told, ${okToRetry ? '' : 'not '}to be tried again`, async () => {
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    await zone.result('delete_vm', [await create(zone)]);
    const before = zone.holdings();
    zone.simulator.setFaults([
      {
        when: { command: 'associateIpAddress', phase: 'before-apply' },
        then: { effect: 'refused', status, text, masked: false },
      },
    ]);
    const networks = { private: manualNetwork(), public: { type: 'vip', ip: publicIp } };
    const error = await zone.error('create_vm', vmArguments({ networks }));
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: okToRetry });
    expect(error.message).toContain(text);
    zone.simulator.setFaults([]);
    expect(zone.holdings()).toEqual(before);
  });
}
