// create_vm whose static addresses are held by VMs for other agents, which an earlier create_vm made and
// nobody was ever told of.
import { manualNetwork, vmArguments, type VmVariation } from '../cpi/methods/vm-requests.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { create, createVm, deleteBy, otherAgent, warmNetwork } from './made-before.js';
import { byBothAccounts, fewHows, type Scenario } from './scenario.js';
import { sharedNetwork, twoNics, warmBothNetworks } from './several-nic-scenarios.js';
import { everything } from './vm-scenarios.js';

/** Longer than any create_vm may take. */
const forgottenAfterMs = 24 * 3_600_000;

const agentOfNeighbour = 'd0000000-0000-4000-8000-000000000004';
const agentOfSecond = 'e0000000-0000-4000-8000-000000000005';

/** For whom the VMs were made. */
export const forgottenAgents: readonly string[] = [otherAgent, agentOfSecond];

/** Makes VMs without the metadata that a Director gives, and lets time pass, as a newer VM tells. */
export async function forgetVms(
  zone: CpiZone,
  vms: readonly VmVariation[],
  options?: CallOptions,
): Promise<void> {
  await warmNetwork(zone);
  for (const vm of vms) await create(zone, vm, options);
  zone.simulator.kernel.advanceBy(forgottenAfterMs);
  await createVm(zone, {
    agentId: agentOfNeighbour,
    networks: { a: manualNetwork('10.203.6.51'), b: sharedNetwork('10.204.0.51') },
  });
}

export const forgottenVmScenarios: readonly Scenario[] = [
  ...byBothAccounts({
    method: 'create_vm',
    about: 'with everything that a forgotten VM has',
    hows: fewHows,
    creates: true,
    removesForgotten: true,
    prepare: async (zone) => {
      await forgetVms(zone, [{ ...everything, agentId: otherAgent }]);
      return vmArguments(everything);
    },
    undo: deleteBy('delete_vm'),
  }),
  ...byBothAccounts({
    method: 'create_vm',
    about: 'with two NICs, whose addresses two forgotten VMs have',
    hows: fewHows,
    creates: true,
    removesForgotten: true,
    prepare: async (zone) => {
      await warmBothNetworks(zone);
      await forgetVms(zone, [
        { agentId: otherAgent },
        { agentId: agentOfSecond, networks: { n: sharedNetwork('10.204.0.40') } },
      ]);
      return vmArguments(twoNics);
    },
    undo: deleteBy('delete_vm'),
  }),
  ...byBothAccounts({
    method: 'create_vm',
    about: 'with two NICs, of whose addresses a forgotten VM has the second',
    hows: fewHows,
    creates: true,
    removesForgotten: true,
    prepare: async (zone) => {
      await warmBothNetworks(zone);
      await forgetVms(zone, [
        { agentId: agentOfSecond, networks: { n: sharedNetwork('10.204.0.40') } },
      ]);
      return vmArguments(twoNics);
    },
    undo: deleteBy('delete_vm'),
  }),
];
