// Proves that the routes of cloud_properties reach the agent with the networks that they are for, and
// that those which make no sense are refused before anything is created; against the simulated zone.
import { expect, test } from '@playwright/test';
import { at, startZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const networks = {
  private: manualNetwork(),
  dyn: { type: 'dynamic', gateway: '192.0.2.1', cloud_properties: { name: 'NET_SHARED' } },
  public: { type: 'vip', ip: '203.0.113.15' },
};

test('each network has its routes, by its own gateway unless another is named', async () => {
  await using zone = await startZone();
  const routes = {
    private: [{ cidr: '10.20.0.5/16' }, { cidr: '0.0.0.0/0', gateway: '10.203.6.9' }],
    dyn: [{ cidr: '192.168.4.0/22', gateway: '10.204.0.9' }],
  };
  const args = vmArguments({ networks, properties: { routes } });
  const [id] = (await zone.result('create_vm', args)) as [string];
  const listed = zone.user.call('listVirtualMachines', { id, userdata: true });
  const userData = at(listed, 'virtualmachine', 0, 'userdata') as string;
  const settings: unknown = JSON.parse(Buffer.from(userData, 'base64').toString());
  expect(at(settings, 'networks', 'private', 'routes')).toEqual([
    { Destination: '10.20.0.0', Gateway: '10.203.7.254', Netmask: '255.255.0.0' },
    { Destination: '0.0.0.0', Gateway: '10.203.6.9', Netmask: '0.0.0.0' },
  ]);
  expect(at(settings, 'networks', 'dyn', 'routes')).toEqual([
    { Destination: '192.168.4.0', Gateway: '10.204.0.9', Netmask: '255.255.252.0' },
  ]);
  expect(at(settings, 'networks', 'public', 'routes')).toBeUndefined();
});

test('a network may be called as every object has members', async () => {
  await using zone = await startZone({}, 'direct');
  for (const name of ['constructor', 'toString', '__proto__']) {
    const networks = JSON.parse(JSON.stringify({ X: manualNetwork() }).replace('"X"', `"${name}"`));
    const [id, echoed] = (await zone.result('create_vm', vmArguments({ networks }))) as [
      string,
      object,
    ];
    expect(Object.keys(echoed)).toEqual([name]);
    await zone.result('delete_vm', [id]);
    zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  }
});

test('without routes, and with none for a network, nothing is added', async () => {
  await using zone = await startZone();
  for (const [number, routes] of [{}, '', null, { private: [] }, { private: null }].entries()) {
    const own = { private: manualNetwork(`10.203.6.${50 + number}`) };
    const properties = { routes };
    const args = vmArguments({ agentId: `agent-${number}`, networks: own, properties });
    const [, echoed] = (await zone.result('create_vm', args)) as [string, object];
    expect(at(echoed, 'private')).not.toHaveProperty('routes');
  }
});

for (const [problem, routes, message] of [
  ['a list', [{ cidr: '10.0.0.0/8' }], /routes must be an object/],
  ['a text', 'private', /routes must be an object/],
  ['an unknown network', { web: [] }, /routes of network web .*no manual or dynamic network/],
  ['a vip', { public: [{ cidr: '10.0.0.0/8' }] }, /routes of network public/],
  ['no list for a network', { private: { cidr: '10.0.0.0/8' } }, /must be a list of objects/],
  ['a CIDR as entry', { private: ['10.0.0.0/8'] }, /got one with a string/],
  ['an entry without cidr', { private: [{}] }, /cidr must be an IPv4 range .*got nothing/],
  ['an address as cidr', { private: [{ cidr: '10.0.0.1' }] }, /got "10\.0\.0\.1"/],
  ['an IPv6 range', { private: [{ cidr: 'fd00::/64' }] }, /got "fd00::\/64"/],
  ['a number as cidr', { private: [{ cidr: 8 }] }, /cidr must be an IPv4 range/],
  ['a gateway that is none', { private: [{ cidr: '10.0.0.0/8', gateway: 'x' }] }, /got "x"/],
  ['a gateway that is a number', { private: [{ cidr: '10.0.0.0/8', gateway: 1 }] }, /gateway/],
  ['no gateway for a dynamic network', { dyn: [{ cidr: '10.0.0.0/8' }] }, /needs an IPv4 address/],
] as const) {
  test(`routes with ${problem} are refused before anything is created`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const args = vmArguments({ networks, properties: { routes } });
    const error = await zone.error('create_vm', args);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}
