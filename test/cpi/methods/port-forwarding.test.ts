// Proves that several VMs share a public address by port forwarding, that their ports go with them,
// also when calls are cut off, and that ports and addresses which cannot be had are refused; against
// the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { holdAddress, usedZone } from './load-balancer-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const ip = '203.0.113.15';
const ssh = { public_port: 2222, private_port: 22 };

/** A VM of several, with a vip network that forwards ports. */
function vmWith(ports: unknown, number = 1, vip: object = {}): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: {
      private: manualNetwork(`10.203.6.${50 + number}`),
      public: { type: 'vip', ip, cloud_properties: { port_forwarding: ports }, ...vip },
    },
  });
}

async function create(zone: CpiZone, request: unknown[]): Promise<string> {
  return ((await zone.result('create_vm', request)) as [string])[0];
}

function rules(zone: CpiZone): unknown[] {
  return (zone.user.call('listPortForwardingRules')['portforwardingrule'] ?? []) as unknown[];
}

function firewallRules(zone: CpiZone): unknown[] {
  return (zone.user.call('listFirewallRules')['firewallrule'] ?? []) as unknown[];
}

/** Everything that an ordinary user holds, with the rules of its addresses. */
function holdings(zone: CpiZone): unknown {
  return { ...zone.holdings(), rules: rules(zone), firewall: firewallRules(zone) };
}

async function zoneWithAddress(): Promise<CpiZone> {
  const zone = await usedZone();
  holdAddress(zone, ip);
  return zone;
}

test('two VMs share an address, each has its ports, and they go with it', async () => {
  await using zone = await zoneWithAddress();
  const before = holdings(zone);
  const first = await create(zone, vmWith([ssh, { public_port: 53, protocol: 'UDP' }]));
  const second = await create(zone, vmWith([{ public_port: 2223, private_port: 22 }], 2));
  const port = (virtualmachineid: string, publicport: string, privateport: string): object =>
    expect.objectContaining({ ipaddress: ip, virtualmachineid, publicport, privateport });
  expect(rules(zone)).toHaveLength(3);
  expect(rules(zone)).toEqual(
    expect.arrayContaining([
      port(first, '2222', '22'),
      port(first, '53', '53'),
      port(second, '2223', '22'),
    ]),
  );
  expect(firewallRules(zone)).toHaveLength(3);
  await zone.result('delete_vm', [first]);
  expect(rules(zone)).toEqual([port(second, '2223', '22')]);
  await zone.result('delete_vm', [second]);
  expect(holdings(zone)).toEqual(before);
});

test('a port of one protocol is not in the way of the other one', async () => {
  await using zone = await zoneWithAddress();
  const first = await create(zone, vmWith([{ public_port: 53, protocol: 'UDP' }]));
  const second = await create(zone, vmWith([{ public_port: 53, protocol: 'TCP' }], 2));
  const places = rules(zone).map((rule) => [at(rule, 'protocol'), at(rule, 'virtualmachineid')]);
  expect(places.sort()).toEqual([
    ['tcp', second],
    ['udp', first],
  ]);
});

test('open_firewall false opens nothing', async () => {
  await using zone = await zoneWithAddress();
  await create(zone, vmWith([{ ...ssh, open_firewall: false }]));
  expect(rules(zone)).toHaveLength(1);
  expect(firewallRules(zone)).toEqual([]);
});

test('ports of the source NAT address can be forwarded, too', async () => {
  await using zone = await usedZone();
  const addresses = zone.user.call('listPublicIpAddresses', { issourcenat: true });
  const sourceNat = String(at(addresses, 'publicipaddress', 0, 'ipaddress'));
  const vm = await create(zone, vmWith([ssh], 1, { ip: sourceNat }));
  expect(rules(zone)).toMatchObject([{ ipaddress: sourceNat, virtualmachineid: vm }]);
});

test('a user who may not expunge frees the ports all the same', async () => {
  await using zone = await startZone();
  await zone.result('delete_vm', [await create(zone, vmArguments())]);
  holdAddress(zone, ip);
  for (let round = 0; round < 2; round += 1) {
    const vm = await create(zone, vmWith([ssh]));
    expect(rules(zone)).toMatchObject([{ virtualmachineid: vm }]);
    await zone.result('delete_vm', [vm]);
    expect(rules(zone)).toEqual([]);
  }
});

test('a port of a VM that was destroyed past the CPI is taken over', async () => {
  await using zone = await startZone();
  await zone.result('delete_vm', [await create(zone, vmArguments())]);
  holdAddress(zone, ip);
  const gone = await create(zone, vmWith([ssh]));
  zone.user.done('destroyVirtualMachine', { id: gone });
  expect(rules(zone)).toMatchObject([{ virtualmachineid: gone }]);
  const vm = await create(zone, vmWith([ssh], 2));
  expect(rules(zone)).toMatchObject([{ virtualmachineid: vm }]);
});

test('an attempt that was cut off is made again with the same port', async () => {
  await using zone = await zoneWithAddress();
  const first = await create(zone, vmWith([ssh]));
  const second = await create(zone, vmWith([ssh]));
  expect(second).not.toBe(first);
  expect(rules(zone)).toMatchObject([{ virtualmachineid: second }]);
});

test('a rule whose answer is lost is taken back with its VM', async () => {
  await using zone = await zoneWithAddress();
  const before = holdings(zone);
  for (const lost of ['loseAnswersOf', 'answersAreLate'] as const) {
    const error = await zone.error('create_vm', vmWith([ssh]), {
      [lost]: 'createPortForwardingRule',
    });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(holdings(zone)).toEqual(before);
  }
});

test('a role that may not list or delete rules deletes the VM, and is told', async () => {
  await using zone = await zoneWithAddress();
  const vm = await create(zone, vmWith([ssh]));
  await zone.result('delete_vm', [vm], { refuse: 'listPortForwardingRules' });
  expect(zone.diagnostics.join('\n')).toMatch(
    new RegExp(`warning: port forwarding to VM ${vm} stays as it is: .*must be allowed`),
  );
});

for (const [problem, request, type, message] of [
  [
    'a port that another VM has',
    vmWith([ssh], 2),
    'CloudError',
    /tcp port 2222 of \S+ leads to VM/,
  ],
  [
    'an address that the account has not',
    vmWith([ssh], 2, { ip: '203.0.113.16' }),
    'CloudError',
    /203\.0\.113\.16 is not held by this account/,
  ],
  [
    'an address that one VM has alone',
    vmWith([ssh], 2, { ip: '203.0.113.17' }),
    'CloudError',
    /203\.0\.113\.17 belongs to VM \S+ alone/,
  ],
  [
    'one port twice',
    vmWith([ssh, { public_port: 2222 }], 2),
    'CpiError',
    /network public: port_forwarding names tcp port 2222 twice/,
  ],
  ['no public port', vmWith([{ private_port: 22 }], 2), 'CpiError', /public_port is missing/],
  ['a port that is none', vmWith([{ public_port: 65_536 }], 2), 'CpiError', /from 1 to 65535/],
  [
    'a protocol that CloudStack has not',
    vmWith([{ ...ssh, protocol: 'sctp' }], 2),
    'CpiError',
    /protocol must be "tcp" or "udp"/,
  ],
  ['ports that are no list', vmWith(ssh, 2), 'CpiError', /port_forwarding must be a list/],
] as const) {
  test(`refused before anything is created: ${problem}`, async () => {
    await using zone = await zoneWithAddress();
    await create(zone, vmWith([ssh]));
    holdAddress(zone, '203.0.113.17');
    await create(
      zone,
      vmArguments({
        agentId: 'b0000000-0000-4000-8000-000000000009',
        networks: {
          private: manualNetwork('10.203.6.90'),
          public: { type: 'vip', ip: '203.0.113.17' },
        },
      }),
    );
    const before = holdings(zone);
    const error = await zone.error('create_vm', request);
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(holdings(zone)).toEqual(before);
  });
}
