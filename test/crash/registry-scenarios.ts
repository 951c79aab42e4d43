// The situations of calls on VMs whose agents find their settings with the registry.
import type { CpiZone } from '../support/cpi-zone.js';
import { cidOf, createDisk, ofStemcell } from '../cpi/methods/registry-requests.js';
import { vmArguments } from '../cpi/methods/vm-requests.js';
import { warmNetwork } from './made-before.js';
import type { Scenario } from './scenario.js';

const options = ofStemcell(1);
const mayExpunge = { 'allow.user.expunge.recover.vm': true };
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

const registered = { hasRegistry: true, options } as const;

export const registryScenarios: readonly Scenario[] = [
  ...[mayExpunge, {}].flatMap((settings): Scenario[] => {
    const account = settings === mayExpunge ? 'that may expunge' : 'that may not expunge';
    return [
      {
        ...registered,
        method: 'create_vm',
        about: `with settings in the registry, by an account ${account}`,
        settings,
        creates: true,
        prepare: async (zone) => {
          await warmNetwork(zone);
          return vmArguments(withDisk);
        },
        undo: async (zone, result) => {
          await zone.result('delete_vm', [cidOf(result)], options);
        },
      },
      {
        ...registered,
        method: 'delete_vm',
        about: `with settings in the registry, by an account ${account}`,
        settings,
        prepare: async (zone) => [await createVm(zone)],
      },
    ];
  }),
  {
    ...registered,
    method: 'attach_disk',
    about: 'that is to be in the registry',
    prepare: vmAndDisk,
  },
  {
    ...registered,
    method: 'detach_disk',
    about: 'that is in the registry',
    prepare: attachedDisk,
  },
];
