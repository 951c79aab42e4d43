// Proves what a guest gets from its virtual router: user data byte for byte, each metadata file, and
// only its own; and that it gets nothing where CloudStack has no router, or while it is off.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, networkId } from '../../support/simulator-vms.js';

const userData = Buffer.from('{"agent_id":"ä"}\n');

interface Scene extends TestWorld {
  readonly vmId: string;
  /** What a GET inside of the VM answers: status and text, or nothing. */
  readonly get: (path: string, host?: string) => string;
}

/** A VM in a network of the default world, and its eyes. */
function scene(network = 'NET_CS', values: Record<string, string> = {}): Scene {
  const world = testSimulator();
  const vmId = deployed(world, world.user, {
    name: 'web-1',
    networkids: networkId(world, network),
    userdata: userData.toString('base64'),
    ...values,
  })['id'] as string;
  const get = (path: string, host = 'data-server'): string => {
    const answer = world.simulator.guest(vmId).get(`http://${host}${path}`);
    return answer === undefined
      ? 'nothing'
      : `${answer.status} ${Buffer.from(answer.body).toString()}`;
  };
  return { ...world, vmId, get };
}

test('user data arrive decoded, byte for byte, at each of their paths', () => {
  const { simulator, vmId, get } = scene();
  const answer = simulator.guest(vmId).get('http://data-server/latest/user-data');
  expect(answer).toEqual({ status: 200, body: userData });
  for (const path of ['/latest/user-data/', '//latest//user-data', '/latest/User-Data?x=1']) {
    expect(get(path)).toBe(`200 ${userData.toString('utf8')}`);
  }
});

test('a VM without user data gets an empty file', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { networkids: networkId(world, 'NET_CS') });
  const answer = world.simulator.guest(id as string).get('http://data-server/latest/user-data');
  expect(answer).toEqual({ status: 200, body: Buffer.alloc(0) });
});

test('changed user data are there at once', () => {
  const { user, vmId, get } = scene();
  const changed = Buffer.from('changed');
  user.call('updateVirtualMachine', { id: vmId, userdata: changed.toString('base64') });
  expect(get('/latest/user-data')).toBe('200 changed');
});

test('the index names the metadata files, each of which is there', () => {
  const { simulator, vmId, get } = scene();
  const [nic] = simulator.world.nics.where('vmId', vmId);
  const sourceNat = simulator.world.publicIps.all().find(({ isSourceNat }) => isSourceNat)!;
  const names = get('/latest/meta-data/').slice('200 '.length).trimEnd().split('\n');
  const files = Object.fromEntries(names.map((name) => [name, get(`/latest/meta-data/${name}`)]));
  expect(files).toEqual({
    'service-offering': '200 m1.small',
    'availability-zone': '200 zone1',
    'local-ipv4': `200 ${nic!.ipAddress}`,
    'local-hostname': '200 web-1',
    'public-ipv4': `200 ${sourceNat.ipAddress}`,
    'public-hostname': `200 ${sourceNat.ipAddress}`,
    'instance-id': `200 ${vmId}`,
    'vm-id': `200 ${vmId}`,
    'public-keys': '200 ',
    'cloud-identifier': expect.stringMatching(/^200 CloudStack-\{[-0-9a-f]{36}\}$/) as unknown,
    'hypervisor-host-name': '200 ',
  });
  expect(get('/latest/instance-id')).toBe(`200 ${vmId}`);
  expect(get('/latest/meta-data')).toBe(get('/latest/meta-data/'));
});

test('what is not there is not found', () => {
  const { get } = scene();
  for (const path of [
    '/',
    '/latest/meta-data/ami-id',
    '/latest/meta-data/public-keys/0/openssh-key',
    '/latest/user-data/more',
    '/latest/secrets',
    '/openstack/latest/user_data',
    '/%',
  ]) {
    expect(get(path), path).toMatch(/^404 /);
  }
});

test('the files of other addresses are closed, its own are open', () => {
  const first = scene();
  const { simulator, user, vmId, get } = first;
  const second = deployed(first, user, { networkids: networkId(first, 'NET_CS') });
  const addressOf = (id: string): string => simulator.world.nics.where('vmId', id)[0]!.ipAddress!;
  expect(get(`/userdata/${addressOf(vmId)}/user-data`)).toBe(`200 ${userData.toString('utf8')}`);
  expect(get(`/userdata/${addressOf(second['id'] as string)}/user-data`)).toMatch(/^403 /);
  expect(get(`/metadata/${addressOf(second['id'] as string)}/vm-id`)).toMatch(/^403 /);
});

test('in an isolated network the router is the gateway, in a shared one it is not', () => {
  const isolated = scene();
  expect(isolated.get('/latest/vm-id', '10.203.7.254')).toBe(`200 ${isolated.vmId}`);
  const shared = scene('NET_SHARED');
  const [first] = shared.simulator.guest(shared.vmId).interfaces;
  const network = shared.simulator.world.networks.all().find(({ type }) => type === 'Shared')!;
  expect(first!.router).not.toBe(network.gateway);
  expect(shared.get('/latest/vm-id', first!.router!)).toBe(`200 ${shared.vmId}`);
  expect(shared.get('/latest/vm-id', network.gateway!)).toBe('nothing');
  expect(shared.get('/latest/public-hostname')).toBe('200 web-1');
});

test('only routers answer, and only on their port', () => {
  const { simulator, vmId, get } = scene();
  for (const host of ['169.254.169.254', '10.203.6.77', 'example.com', 'data-server:8081']) {
    expect(get('/latest/user-data', host), host).toBe('nothing');
  }
  expect(simulator.guest(vmId).get('https://data-server/latest/user-data')).toBeUndefined();
});

test('static NAT is the public name of its VM', () => {
  const { user, vmId, simulator, get } = scene();
  const networkid = simulator.world.nics.where('vmId', vmId)[0]!.networkId;
  const { ipaddress } = user.done('associateIpAddress', { networkid });
  user.call('enableStaticNat', { ipaddressid: ipaddress.id, virtualmachineid: vmId });
  expect(get('/latest/meta-data/public-ipv4')).toBe(`200 ${ipaddress.ipaddress}`);
});

test('a VM that is off sees nothing, and an unknown one is none', () => {
  const { user, simulator, vmId, get } = scene();
  user.done('stopVirtualMachine', { id: vmId });
  expect(() => get('/latest/user-data')).toThrow(/web-1 .* is Stopped/);
  expect(() => simulator.guest(vmId).interfaces).toThrow(/is Stopped/);
  expect(() => simulator.guest('nobody')).toThrow(/there is no virtualmachine nobody/);
});
