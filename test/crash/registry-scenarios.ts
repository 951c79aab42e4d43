// The situations of calls on VMs whose agents find their settings with the registry.
import type { CpiZone } from '../support/cpi-zone.js';
import { cidOf, createDisk, ofStemcell } from '../cpi/methods/registry-requests.js';
import { vmArguments } from '../cpi/methods/vm-requests.js';
import { forgetVms } from './forgotten-vm-scenarios.js';
import { otherAgent, warmNetwork } from './made-before.js';
import { byBothAccounts, fewHows, type Scenario } from './scenario.js';

const options = ofStemcell(1);
const inFirstVersion = ofStemcell(1, { apiVersion: 1 });
const withDisk = { properties: { disk: 1024, ephemeral_disk_offering: 'ephemeral' } };

async function createVm(zone: CpiZone): Promise<string> {
  const vm = cidOf(await zone.result('create_vm', vmArguments(withDisk), options));
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  return vm;
}

async function vmAndDisk(zone: CpiZone): Promise<[vm: string, disk: string]> {
  return [await createVm(zone), await createDisk(zone)];
}

async function attachedDisk(zone: CpiZone): Promise<[vm: string, disk: string]> {
  const [vm, disk] = await vmAndDisk(zone);
  await zone.result('attach_disk', [vm, disk], options);
  return [vm, disk];
}

async function deleteVm(zone: CpiZone, result: unknown): Promise<void> {
  await zone.result('delete_vm', [cidOf(result)], options);
}

const registered = { hasRegistry: true, options } as const;

export const registryScenarios: readonly Scenario[] = [
  ...byBothAccounts({
    ...registered,
    method: 'create_vm',
    about: 'with settings in the registry',
    creates: true,
    prepare: async (zone) => {
      await warmNetwork(zone);
      return vmArguments(withDisk);
    },
    undo: deleteVm,
  }),
  ...([true, 'without names'] as const).flatMap((hasRegistry) =>
    byBothAccounts({
      ...registered,
      hasRegistry,
      method: 'create_vm',
      about:
        'whose address a forgotten VM with settings in the registry has' +
        (hasRegistry === true ? '' : ', which tells nobody the names of its entries'),
      hows: fewHows,
      creates: true,
      removesForgotten: true,
      prepare: async (zone) => {
        await forgetVms(zone, [{ ...withDisk, agentId: otherAgent }], options);
        return vmArguments(withDisk);
      },
      undo: deleteVm,
    }),
  ),
  ...byBothAccounts({
    ...registered,
    method: 'delete_vm',
    about: 'with settings in the registry',
    prepare: async (zone) => [await createVm(zone)],
  }),
  ...[registered, { ...registered, options: inFirstVersion }].flatMap((registered): Scenario[] => {
    const caller = registered.options === inFirstVersion ? ', in API version 1' : '';
    return [
      {
        ...registered,
        method: 'attach_disk',
        about: `that is to be in the registry${caller}`,
        prepare: vmAndDisk,
      },
      {
        ...registered,
        method: 'detach_disk',
        about: `that is in the registry${caller}`,
        prepare: attachedDisk,
      },
    ];
  }),
];
