// Proves that an agent without credentials gets its settings from the registry by the address that it
// comes from, and nobody else's: the guests' network is one of the loopback addresses, so that
// requests really come from the addresses of the VMs.
import { expect, test } from '@playwright/test';
import { createCloudStackClient } from '../../cpi/cloudstack/client.js';
import { createNodeTransport } from '../../cpi/cloudstack/transport-node.js';
import { realClock } from '../../cpi/flow/clock.js';
import { askCloudStack, type MayRead } from '../../cpi/registry/source-address.js';
import { listen } from '../../simulator/doors/listen.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { cidOf, ofStemcell, startWithRegistry } from '../cpi/methods/registry-requests.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { settingsOfOldAgent, userDataOf } from './registry-agent.js';

const [zone1, ...otherZones] = advancedKvm.zones;
const network = {
  name: 'NET_CS',
  type: 'Isolated',
  account: 'bosh',
  cidr: '127.203.6.0/23',
  gateway: '127.203.7.254',
} as const;
const world = {
  ...advancedKvm,
  settings: { 'allow.user.expunge.recover.vm': true },
  zones: [{ ...zone1!, networks: [network] }, ...otherZones],
};
const agents = ['a0000000-0000-4000-8000-00000000000a', 'b0000000-0000-4000-8000-00000000000b'];
const addresses = ['127.203.6.40', '127.203.6.41'];

function createVm(zone: CpiZone, number: number): Promise<string> {
  const more = { gateway: network.gateway };
  const args = vmArguments({
    agentId: agents[number]!,
    networks: { private: manualNetwork(addresses[number], more) },
  });
  return zone.result('create_vm', args, ofStemcell(1)).then(cidOf);
}

test('an agent gets its own settings by its address, and no others', async () => {
  let mayRead: MayRead = () => Promise.resolve(false);
  await using place = await startWithRegistry(
    { credentials_in_endpoint: false },
    { registry: { mayRead: (name, address) => mayRead(name, address) }, simulator: { world } },
  );
  const { zone } = place;
  const { origin, close } = await listen(zone.simulator, { port: 0, host: '127.0.0.1' });
  try {
    const client = createCloudStackClient({
      endpoint: `${origin}/client/api`,
      keys: zone.simulator.userWithRole('User'),
      transport: createNodeTransport({}),
      clock: realClock,
      random: () => 0,
      log: () => undefined,
      jobDeadlineMs: 1_000,
    });
    mayRead = askCloudStack(client);
    const vms = [await createVm(zone, 0), await createVm(zone, 1)];
    const read = (vm: string, address: string | undefined): Promise<{ agent_id: string }> =>
      settingsOfOldAgent(zone.simulator.guest(vm), {
        knowsUserData: true,
        usesServerName: true,
        ...(address !== undefined && { address }),
      });
    for (const [number, vm] of vms.entries()) {
      expect(userDataOf(zone.simulator.guest(vm)).registry?.endpoint).not.toContain('@');
      expect(await read(vm, addresses[number])).toMatchObject({ agent_id: agents[number] });
      for (const stranger of [addresses[1 - number], undefined]) {
        await expect(read(vm, stranger)).rejects.toThrow('invalid status: 401');
      }
    }
    // The address of a VM that is gone is nobody's, though its entry may still be there.
    const [lost] = vms as [string];
    const guest = userDataOf(zone.simulator.guest(lost));
    zone.admin.run('destroyVirtualMachine', { id: lost, expunge: 'true' });
    expect(await mayRead(String(guest.server?.name), addresses[0]!)).toBe(false);
  } finally {
    await close();
  }
});
