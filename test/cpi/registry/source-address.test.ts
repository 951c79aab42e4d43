// Without credentials a reader gets the settings of the VM whose address it has, as CloudStack tells
// it: its own, not another's, and not after the VM is gone.
import { expect, test } from '@playwright/test';
import { createCloudStackClient } from '../../../cpi/cloudstack/client.js';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { askCloudStack, plainAddress, type MayRead } from '../../../cpi/registry/source-address.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { listen } from '../../../simulator/doors/listen.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

const publicIp = '203.0.113.15';
const agent = 'a0000000-0000-4000-8000-00000000000a';
const other = 'b0000000-0000-4000-8000-00000000000b';

async function withVms(
  work: (mayRead: MayRead, zone: CpiZone, cid: string) => Promise<void>,
): Promise<void> {
  await using zone = await startZone();
  const networks = { private: manualNetwork('10.203.6.40'), vip: { type: 'vip', ip: publicIp } };
  const created = await zone.result('create_vm', vmArguments({ agentId: agent, networks }));
  const [cid] = created as [string];
  const private2 = { private: manualNetwork('10.203.6.41') };
  await zone.result('create_vm', vmArguments({ agentId: other, networks: private2 }));
  await withAccess(zone, (mayRead) => work(mayRead, zone, cid));
}

async function withAccess(
  zone: CpiZone,
  work: (mayRead: MayRead, logged: string[]) => Promise<void>,
): Promise<void> {
  const { origin, close } = await listen(zone.simulator, { port: 0, host: '127.0.0.1' });
  const { apiKey, secretKey } = zone.simulator.userWithRole('User');
  const logged: string[] = [];
  const client = createCloudStackClient({
    endpoint: `${origin}/client/api`,
    keys: { apiKey, secretKey },
    transport: createNodeTransport({}),
    clock: realClock,
    random: () => 0,
    log: (line) => logged.push(line),
    jobDeadlineMs: 1_000,
  });
  try {
    await work(askCloudStack(client), logged);
  } finally {
    await close();
  }
}

test('a VM reads by any address that is its own', async () => {
  await withVms(async (mayRead) => {
    expect(await mayRead(`vm-${agent}`, '10.203.6.40')).toBe(true);
    expect(await mayRead(`vm-${agent}`, '::ffff:10.203.6.40')).toBe(true);
    expect(await mayRead(`vm-${agent}`, publicIp)).toBe(true);
  });
});

test('nobody else does: other VMs, strangers, and who asks for a name that is none', async () => {
  await withVms(async (mayRead) => {
    expect(await mayRead(`vm-${agent}`, '10.203.6.41')).toBe(false);
    expect(await mayRead(`vm-${other}`, '10.203.6.40')).toBe(false);
    expect(await mayRead(`vm-${agent}`, '127.0.0.1')).toBe(false);
    expect(await mayRead(`vm-${agent}`, '')).toBe(false);
    expect(await mayRead('vm-', '10.203.6.40'), 'a part of the name').toBe(false);
    expect(await mayRead('vm-nobody', '10.203.6.40')).toBe(false);
  });
});

/** Networks of one account, of which the first two have the same range. */
const overlapping = ['NET_A', 'NET_B', 'NET_C'].map((name, number) => ({
  name,
  type: 'Isolated' as const,
  account: 'bosh',
  cidr: number < 2 ? '10.203.6.0/23' : '10.203.16.0/23',
  gateway: number < 2 ? '10.203.7.254' : '10.203.17.254',
}));

test('an address that VMs of two networks could have tells neither of them apart', async () => {
  const [zone1, ...others] = advancedKvm.zones;
  const world = { ...advancedKvm, zones: [{ ...zone1!, networks: overlapping }, ...others] };
  await using zone = await startZone({ world });
  const names: string[] = [];
  for (const [number, { name, gateway }] of overlapping.entries()) {
    const ip = number < 2 ? '10.203.6.40' : '10.203.16.40';
    const agentId = `a0000000-0000-4000-8000-00000000000${number}`;
    const network = manualNetwork(ip, { gateway, cloud_properties: { name } });
    const networks = {
      private: network,
      ...(number === 0 && { vip: { type: 'vip', ip: publicIp } }),
    };
    await zone.result('create_vm', vmArguments({ agentId, networks }));
    names.push(`vm-${agentId}`);
  }
  await withAccess(zone, async (mayRead, logged) => {
    expect(await mayRead(names[0]!, '10.203.6.40')).toBe(false);
    expect(await mayRead(names[1]!, '10.203.6.40')).toBe(false);
    expect(logged.join('\n')).toMatch(
      /10\.203\.6\.40, an address of VM vm-a0\S+, is in the range of the network NET_B, too/,
    );
    expect(await mayRead(names[2]!, '10.203.16.40'), 'only one has that').toBe(true);
    expect(await mayRead(names[0]!, publicIp), 'only one has that').toBe(true);
    expect(await mayRead(names[1]!, publicIp)).toBe(false);
  });
});

test('nor does one that no VM of the other network has, or can have', async () => {
  const [zone1, ...others] = advancedKvm.zones;
  const world = { ...advancedKvm, zones: [{ ...zone1!, networks: overlapping }, ...others] };
  await using zone = await startZone({ world });
  for (const [number, ip] of ['10.203.6.40', '10.203.7.40'].entries()) {
    const { name, gateway } = overlapping[number]!;
    const network = manualNetwork(ip, { gateway, cloud_properties: { name } });
    const agentId = [agent, other][number]!;
    await zone.result('create_vm', vmArguments({ agentId, networks: { private: network } }));
  }
  const id = zone.simulator.world.networks.all().find(({ name }) => name === 'NET_B')?.id ?? '';
  await withAccess(zone, async (mayRead) => {
    expect(await mayRead(`vm-${agent}`, '10.203.6.40')).toBe(false);
    zone.admin.done('updateNetwork', { id, guestvmcidr: '10.203.7.0/24' });
    expect(await mayRead(`vm-${agent}`, '10.203.6.40'), 'something else may').toBe(false);
  });
});

test('a VM that is gone has no address any more', async () => {
  await withVms(async (mayRead, zone, cid) => {
    await zone.result('delete_vm', [cid]);
    expect(await mayRead(`vm-${agent}`, '10.203.6.40')).toBe(false);
  });
});

test('addresses of sockets for both families are written as everywhere else', () => {
  expect(plainAddress('::ffff:10.0.0.5')).toBe('10.0.0.5');
  expect(plainAddress('10.0.0.5')).toBe('10.0.0.5');
  expect(plainAddress('fd00::5')).toBe('fd00::5');
});
