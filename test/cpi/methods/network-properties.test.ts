// Proves that IPv6 addresses and security groups of VMs and networks reach CloudStack, and that what a
// network cannot give is refused before anything is made. The simulated zone has neither, so that here
// its answers and requests are changed on their way to those of a zone that has.
import { expect, test } from '@playwright/test';
import type { HttpResponse, Transport } from '../../../cpi/cloudstack/transport.js';
import { at, startZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const prefix = { ip6cidr: '2001:db8::/64', ip6gateway: '2001:db8::1' };
const groupId = 'b0000000-0000-4000-8000-00000000000f';

/**
 * A cloud whose networks have IPv6 addresses and security groups: it takes what the simulated one
 * refuses. What was asked for is noted.
 */
function moreCapable(asked: Record<string, string>[]): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const { body } = request;
      if (typeof body !== 'string') return transport.send(request);
      const command = new URLSearchParams(body).get('command');
      if (command === 'deployVirtualMachine')
        asked.push(Object.fromEntries(new URLSearchParams(body)));
      const response = await transport.send(request);
      return command === 'listNetworks' ? withIpv6(response) : response;
    },
  });
}

function withIpv6(response: HttpResponse): HttpResponse {
  const answer = JSON.parse(response.body) as { listnetworksresponse?: { network?: object[] } };
  for (const network of answer.listnetworksresponse?.network ?? []) Object.assign(network, prefix);
  return { ...response, body: JSON.stringify(answer) };
}

function dualStack(ip: string, more: object = {}): Record<string, object> {
  return {
    private: manualNetwork('10.203.6.40', { nic_group: '1' }),
    six: manualNetwork(ip, { prefix: '128', nic_group: '1', default: undefined, ...more }),
  };
}

test('an IPv4 and an IPv6 network of one NIC group are one NIC with both addresses', async () => {
  await using zone = await startZone();
  const asked: Record<string, string>[] = [];
  const options = { through: moreCapable(asked) };
  const before = zone.holdings();
  const networks = dualStack('2001:db8::40');
  // The simulated zone has no IPv6, and says so; a request without an address it would take.
  await zone.error('create_vm', vmArguments({ networks }), options);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    'iptonetworklist[0].ip': '10.203.6.40',
    'iptonetworklist[0].ipv6': '2001:db8::40',
  });
  expect(asked[0]).not.toHaveProperty('iptonetworklist[1].networkid');
  expect(zone.holdings()).toEqual(before);
});

for (const [problem, networks, type, message] of [
  [
    'an address outside of the range',
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
] as const) {
  test(`refused before anything is created in a network with IPv6: ${problem}`, async () => {
    await using zone = await startZone();
    const asked: Record<string, string>[] = [];
    const before = zone.holdings();
    const options = { through: moreCapable(asked) };
    const error = await zone.error('create_vm', vmArguments({ networks }), options);
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(asked).toEqual([]);
    expect(zone.holdings()).toEqual(before);
  });
}

test('an IPv6 address in a network without IPv6 is refused before anything is created', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const request = vmArguments({ networks: dualStack('2001:db8::40') });
  const error = await zone.error('create_vm', request);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toMatch(/network six: .* NET_CS, which has no IPv6 addresses/);
  expect(zone.holdings()).toEqual(before);
});

for (const [about, ofVm, ofNetwork, expected] of [
  ['those of the VM', ['web', 'db'], undefined, { securitygroupnames: 'web,db' }],
  ['those of its networks', undefined, ['web'], { securitygroupnames: 'web' }],
  ['those of the VM instead of its networks', [groupId], ['web'], { securitygroupids: groupId }],
  ['one of two mentions', ['web', 'web'], undefined, { securitygroupnames: 'web' }],
] as const) {
  test(`security groups are passed on: ${about}`, async () => {
    await using zone = await startZone();
    const asked: Record<string, string>[] = [];
    const before = zone.holdings();
    const cloud = { name: 'NET_CS', security_groups: ofNetwork };
    const request = vmArguments({
      properties: { security_groups: ofVm },
      networks: { private: manualNetwork('10.203.6.40', { cloud_properties: cloud }) },
    });
    const error = await zone.error('create_vm', request, { through: moreCapable(asked) });
    expect(asked[0]).toMatchObject(expected);
    expect(error.message).toMatch(/security group feature is not enabled per zone/);
    expect(zone.holdings()).toEqual(before);
  });
}

test('security groups by name and by id at once are refused before anything is asked for', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const request = vmArguments({ properties: { security_groups: ['web', groupId] } });
  const error = await zone.error('create_vm', request);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
  expect(error.message).toMatch(/give all names, or all ids/);
  expect(zone.holdings()).toEqual(before);
});

test('a VM without security groups is asked for without', async () => {
  await using zone = await startZone();
  const asked: Record<string, string>[] = [];
  await zone.result('create_vm', vmArguments(), { through: moreCapable(asked) });
  expect(at(asked, 0, 'securitygroupnames') ?? at(asked, 0, 'securitygroupids')).toBeUndefined();
});
