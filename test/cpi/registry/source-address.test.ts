// Without credentials a reader gets the settings of the VM whose address it has, as CloudStack tells
// it: its own, not another's, and not after the VM is gone.
import { expect, test } from '@playwright/test';
import { createCloudStackClient } from '../../../cpi/cloudstack/client.js';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { askCloudStack, plainAddress, type MayRead } from '../../../cpi/registry/source-address.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { listen } from '../../../simulator/doors/listen.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

const publicIp = '203.0.113.15';
const agent = 'a0000000-0000-4000-8000-00000000000a';
const other = 'b0000000-0000-4000-8000-00000000000b';

async function withVms(
  work: (mayRead: MayRead, zone: CpiZone, cid: string, logged: string[]) => Promise<void>,
): Promise<void> {
  await using zone = await startZone();
  const networks = { private: manualNetwork('10.203.6.40'), vip: { type: 'vip', ip: publicIp } };
  const created = await zone.result('create_vm', vmArguments({ agentId: agent, networks }));
  const [cid] = created as [string];
  const private2 = { private: manualNetwork('10.203.6.41') };
  await zone.result('create_vm', vmArguments({ agentId: other, networks: private2 }));
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
    await work(askCloudStack(client), zone, cid, logged);
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
