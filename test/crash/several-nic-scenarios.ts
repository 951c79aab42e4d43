// VMs with a NIC in each of two networks, of which one is shared with other accounts: each has an
// address to be freed, and each network a NIC to be parked.
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { create, createVm, deleteBy, otherAgent } from './made-before.js';
import { byBothAccounts, type Scenario } from './scenario.js';

export const sharedNetwork = (ip: string): object =>
  manualNetwork(ip, {
    netmask: '255.255.255.0',
    gateway: '10.204.0.1',
    default: [],
    cloud_properties: { name: 'NET_SHARED' },
  });

/** With a public address, which leads to the first NIC. */
export const twoNics = {
  networks: {
    private: manualNetwork(),
    shared: sharedNetwork('10.204.0.40'),
    public: { type: 'vip', ip: '203.0.113.15' },
  },
};

/** With their first VM both networks take an address for themselves. */
export async function warmBothNetworks(zone: CpiZone): Promise<void> {
  const networks = { a: manualNetwork('10.203.6.50'), b: sharedNetwork('10.204.0.50') };
  const [vm] = await create(zone, { agentId: otherAgent, networks });
  await zone.result('delete_vm', [vm]);
}

export const severalNicScenarios: readonly Scenario[] = [
  ...byBothAccounts({
    method: 'create_vm',
    about: 'with two NICs',
    creates: true,
    prepare: async (zone) => {
      await warmBothNetworks(zone);
      return vmArguments(twoNics);
    },
    undo: deleteBy('delete_vm'),
  }),
  ...byBothAccounts({
    method: 'delete_vm',
    about: 'with two NICs',
    prepare: (zone) => createVm(zone, twoNics),
  }),
];
