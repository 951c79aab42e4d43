// Before any case runs, the runner looks at a cloud and says plainly what is not as its
// configuration says, all of it at once, and changes nothing.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { lookAtCloud, PreflightError } from '../../../bats-runner/target/preflight.js';
import { contractOffers } from '../../../bats-runner/target/contract-world.js';
import { openApiDoor } from '../../../bats-runner/contract/api-door.js';
import { cloudConfigPage } from '../../../bats-runner/target/cloud-config-page.js';
import { listen as listenTo } from '../../../simulator/doors/listen.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { SignedClient } from '../../support/signed-client.js';
import { configOf, openCloud, type InProcessCloud } from '../contract/in-process-cloud.js';

let cloud: InProcessCloud;
test.beforeEach(async () => {
  cloud = await openCloud();
});
test.afterEach(() => cloud.close());

type File = Record<string, unknown>;

/** What it says of the cloud with another configuration. */
async function complaint(change: File): Promise<string> {
  const seen = cloud.simulator.kernel.log.lastSeq;
  const failure: unknown = await lookAtCloud(configOf({ ...cloud.file, ...change })).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(failure).toBeInstanceOf(PreflightError);
  expect(cloud.simulator.kernel.log.lastSeq).toBe(seen);
  return (failure as Error).message;
}

function access(change: File): File {
  return { cloudstack: { ...(cloud.file['cloudstack'] as File), ...change } };
}

test('the example of the page fits the default world of a simulator', async () => {
  const simulator = createSimulator({ seed: 1, clock: 'on-poll' });
  const { origin, close } = await listenTo(simulator, { port: 0, host: '127.0.0.1' });
  const { apiKey: api_key, secretKey: secret_access_key } = simulator.userWithRole('User');
  const cloudstack = { endpoint: `${origin}/client/api`, api_key, secret_access_key };
  const [, example = ''] = /^```json\n(.*?)^```/ms.exec(cloudConfigPage()) ?? [];
  const file = { ...(JSON.parse(example) as File), cloudstack };
  const { network } = await lookAtCloud(configOf(file));
  expect(network.addresses.length).toBeGreaterThanOrEqual(12);
  await close();
});

test('it finds out what the configuration need not say', async () => {
  const found = await lookAtCloud(configOf(cloud.file));
  const { addresses, ...network } = found.network;
  expect(addresses[0]).toBe('10.10.1.20');
  expect(network).toEqual({
    name: 'private',
    range: '10.10.0.0/22',
    gateway: contractOffers.network.gateway,
    netmask: '255.255.252.0',
  });
  const { fixedDiskOffering, hypervisor, zone, networkOffering } = contractOffers;
  expect(found).toMatchObject({ fixedDiskOffering, hypervisor, zone, networkOffering });
  expect(found.secondZone?.network.range).toBe('10.40.0.0/22');
});

test('a name may be an id', async () => {
  const { id } = cloud.simulator.world.zones.all().find(({ name }) => name === 'zone1')!;
  expect((await lookAtCloud(configOf({ ...cloud.file, zone: id }))).zone).toBe('zone1');
});

test('every name that the cloud does not have is told, with those that it has', async () => {
  const text = await complaint({
    template: 'none-1',
    compute_offering: 'none-2',
    disk_offering: 'none-3',
    network: { ...(cloud.file['network'] as File), name: 'none-4' },
    network_offering: 'none-5',
    second_zone: { ...(cloud.file['second_zone'] as File), zone: 'none-6' },
  });
  expect(text).toMatch(/template: the account can use no template none-1; there are ubuntu-jammy/);
  expect(text).toMatch(/compute_offering: .* none-2; there are custom, large, medium, small/);
  expect(text).toMatch(/disk_offering: .* none-3; there are any-size, local, other-size, ten/);
  expect(text).toMatch(/network\.name: .* none-4; there are office, private, second/);
  expect(text).toMatch(/network_offering: .* none-5; there are /);
  expect(text).toMatch(/second_zone\.zone: .* none-6; there are zone1, zone2/);
  expect(await complaint({ zone: 'none' })).toMatch(
    / {2}zone: .* zone none; there are zone1, zone2/,
  );
});

for (const [what, change, problem] of [
  [
    'a custom offering for a fixed one',
    { other_compute_offering: 'custom', custom_compute_offering: undefined },
    /custom is custom: name/,
  ],
  ['a fixed one for a custom one', { custom_compute_offering: 'large' }, /large has a fixed size/],
  ['a disk of one size for any', { disk_offering: 'ten' }, /disk_offering ten has one size/],
  ['a disk of any size for one', { fixed_disk_offering: 'any-size' }, /any-size has any size/],
  ['local disks for shared ones', { disk_offering: 'local' }, /local is not on shared storage/],
  ['shared disks for local ones', { local_disk_offering: 'any-size' }, /is not on local storage/],
] as const) {
  test(`${what} is told`, async () => {
    expect(await complaint(change)).toMatch(problem);
  });
}

test('addresses outside of a network, or of another type of network, are told', async () => {
  const text = await complaint({
    network: { name: 'private', addresses: ['10.10.0.1', '10.10.1.0-10.10.1.20', '10.11.0.1'] },
    shared_network: { name: 'private2', addresses: ['10.40.0.10-10.40.0.20'] },
  });
  expect(text).toMatch(
    /10\.10\.0\.1 and 1 more cannot be had in private, which has 10\.10\.0\.0\/22/,
  );
  expect(text).toMatch(/shared_network\.name: the account can use no network private2/);
  const isolated = { name: 'second', addresses: ['10.20.1.0-10.20.1.9'] };
  expect(await complaint({ second_network: undefined, shared_network: isolated })).toMatch(
    /shared_network: second is of type Isolated, not Shared/,
  );
});

test('addresses that somebody holds are told, with the VM that has them', async () => {
  const { simulator } = cloud;
  const user = new SignedClient(simulator, simulator.userWithRole('User'));
  const { world, kernel } = simulator;
  const named = <Row extends { name: string }>(rows: Row[], name: string): Row =>
    rows.find((row) => row.name === name)!;
  const network = named(world.networks.all(), 'private');
  const held = user.call('deployVirtualMachine', {
    name: 'somebodys',
    zoneid: network.zoneId,
    serviceofferingid: named(world.serviceOfferings.all(), 'small').id,
    templateid: named(world.templates.all(), 'ubuntu-jammy').id,
    networkids: network.id,
    ipaddress: '10.10.1.33',
  });
  user.call('associateIpAddress', { networkid: network.id, ipaddress: '203.0.113.26' });
  kernel.advanceUntilIdle();
  const text = await complaint({});
  expect(text).toContain(`network: 10.10.1.33 is held by VM somebodys (${String(held['id'])})`);
  expect(text).toMatch(/vips: 203\.0\.113\.26 is held by the account already/);
});

test('keys that are refused are told apart, and no secret is repeated', async () => {
  const text = await complaint(access({ secret_access_key: 'not-this-one' }));
  expect(text).toMatch(/it refuses cloudstack\.api_key with cloudstack\.secret_access_key/);
  expect(text).not.toContain('not-this-one');
  const { api_key, secret_access_key } = cloud.file['cloudstack'] as File;
  const wrong = { operator: { api_key, secret_access_key: 'nor-this' } };
  expect(await complaint(wrong)).toMatch(/it refuses operator\.api_key/);
  const ordinary = { operator: { api_key, secret_access_key } };
  expect(await complaint(ordinary)).toMatch(/operator is no account that may do everything/);
});

test('an endpoint that is nobody’s, or not the API, is told', async () => {
  const closed = createServer();
  const origin = await listen(closed);
  closed.close();
  expect(await complaint(access({ endpoint: `${origin}/client/api` }))).toMatch(
    /cannot be reached \(.*ECONNREFUSED/,
  );
  const elsewhere = access({ endpoint: new URL('/_sim/health', cloud.endpoint).href });
  expect(await complaint(elsewhere)).toMatch(/does not answer as CloudStack does .*\/client\/api/);
});

test('an endpoint that takes requests and never answers is told', async () => {
  const silent = createServer((socket) => sockets.push(socket));
  const sockets: Socket[] = [];
  const waiting = { seconds_per_answer: 0.1 };
  const change = { ...access({ endpoint: `${await listen(silent)}/client/api` }), ...waiting };
  expect(await complaint(change)).toMatch(
    /cannot be reached \(listZones: no answer within 0\.1 s\)/,
  );
  for (const socket of sockets) socket.destroy();
  silent.close();
});

for (const command of ['listHosts', 'listTemplates']) {
  test(`a cloud that never answers ${command} is told, with what was asked`, async () => {
    const door = await openApiDoor({ endpoint: cloud.endpoint });
    const never = new Promise<undefined>(() => undefined);
    door.intercept((request) => (request.command === command ? never : undefined));
    const { apiKey, secretKey } = cloud.simulator.userWithRole('Admin');
    const text = await complaint({
      ...access({ endpoint: door.endpoint }),
      operator: { api_key: apiKey, secret_access_key: secretKey },
      seconds_per_answer: 2,
    });
    expect(text).toContain(`cannot be reached (${command}: no answer within 2 s)`);
    await door.close();
  });
}

test('a certificate of a private authority is trusted with ca_cert, and told without', async () => {
  const door = await openApiDoor({ endpoint: cloud.endpoint, tls: loopbackTls });
  const endpoint = door.endpoint;
  expect(await complaint(access({ endpoint }))).toMatch(/is not trusted .*set cloudstack\.ca_cert/);
  const trusting = access({ endpoint, ca_cert: loopbackTls.cert });
  expect((await lookAtCloud(configOf({ ...cloud.file, ...trusting }))).zone).toBe('zone1');
  await door.close();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
