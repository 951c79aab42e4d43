// The program with `check_source_address` in front of a simulated cloud: a VM reads its own settings
// by the address that it comes from, and nobody else's; what CloudStack cannot tell is no answer. The
// network is one of the loopback addresses, so that requests really come from those of the VMs.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { listen } from '../../../simulator/doors/listen.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone } from '../../support/cpi-zone.js';
import {
  asUser,
  registryFolder,
  registryUser,
  spawnRegistry,
} from '../../support/registry-process.js';
import { untilReady } from '../../support/server-process.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

const [zone1, ...otherZones] = advancedKvm.zones;
const gateway = '127.203.7.254';
const network = {
  name: 'NET_CS',
  type: 'Isolated',
  account: 'bosh',
  cidr: '127.203.6.0/23',
  gateway,
} as const;
const world = { ...advancedKvm, zones: [{ ...zone1!, networks: [network] }, ...otherZones] };
const agents = ['a0000000-0000-4000-8000-00000000000a', 'b0000000-0000-4000-8000-00000000000b'];
const addresses = ['127.203.6.40', '127.203.6.41'];

/** Without credentials. */
async function read(endpoint: string, vm: string, from?: string): Promise<[number, string]> {
  const outgoing = request(`${endpoint}/instances/${vm}/settings`, {
    ...(from !== undefined && { localAddress: from }),
    agent: false,
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { settings = '' } = JSON.parse(await text(response)) as { settings?: string };
  return [response.statusCode ?? 0, settings];
}

test('a VM reads its own settings by its address, and no others', async () => {
  await using zone = await startZone({ world }, 'direct');
  for (const [number, agentId] of agents.entries()) {
    const networks = { private: manualNetwork(addresses[number], { gateway }) };
    await zone.result('create_vm', vmArguments({ agentId, networks }));
  }
  const [first, second] = agents.map((agentId) => `vm-${agentId}`) as [string, string];
  const { origin, close } = await listen(zone.simulator, { port: 0, host: '127.0.0.1' });
  const { apiKey, secretKey } = zone.simulator.userWithRole('User');
  using folder = registryFolder();
  const cloudstack = {
    endpoint: `${origin}/client/api`,
    api_key: apiKey,
    secret_access_key: secretKey,
  };
  const registry = spawnRegistry(folder.path, { check_source_address: true }, [], [], {
    cloudstack,
  });
  const { endpoint = '' } = await untilReady(registry, folder.path);
  for (const vm of [first, second]) {
    await asUser(endpoint, vm, { method: 'PUT', body: `{"of":"${vm}"}` });
  }
  expect(await read(endpoint, first, addresses[0])).toEqual([200, `{"of":"${first}"}`]);
  expect(await read(endpoint, second, addresses[1])).toEqual([200, `{"of":"${second}"}`]);
  expect(await read(endpoint, first, addresses[1]), 'of another VM').toEqual([401, '']);
  expect(await read(endpoint, second, addresses[0]), 'of another VM').toEqual([401, '']);
  expect(await read(endpoint, first), 'of nobody').toEqual([401, '']);
  expect((await asUser(endpoint, first)).status, 'users need no address').toBe(200);
  await close();
  expect(await read(endpoint, first, addresses[0]), 'CloudStack is away').toEqual([503, '']);
  expect((await asUser(endpoint, first)).status).toBe(200);
  registry.child.kill('SIGTERM');
  expect(await registry.ended).toBe(0);
  expect(registry.output()).not.toContain(registryUser.password);
  expect(registry.output()).not.toContain(secretKey);
});
