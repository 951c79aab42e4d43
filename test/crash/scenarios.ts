// One situation for each method of the CPI in which everything that it can do is asked of it.
import type { CallOptions } from '../support/cpi-zone.js';
import { diskScenarios } from './disk-scenarios.js';
import { earlierScenarios } from './earlier-scenarios.js';
import { forgottenVmScenarios } from './forgotten-vm-scenarios.js';
import { deleteBy, warmNetwork } from './made-before.js';
import { networkScenarios } from './network-scenarios.js';
import { byBothAccounts, type Scenario } from './scenario.js';
import { severalNicScenarios } from './several-nic-scenarios.js';
import { vmScenarios } from './vm-scenarios.js';

/** `image` is the path of a stemcell's image. */
export function scenariosIn(image: string): readonly Scenario[] {
  return [
    ...vmScenarios(),
    ...severalNicScenarios,
    ...forgottenVmScenarios,
    ...earlierScenarios,
    ...diskScenarios(),
    ...networkScenarios,
    ...stemcellScenariosIn(image),
  ];
}

const lightCopy = { name: 'jammy', light_template: 'ubuntu-jammy', light_mode: 'copy' };

const withMeansToCopy: CallOptions = {
  properties: { stemcell: { copy_compute_offering: 'm1.small', copy_network: 'NET_CS' } },
};

function stemcellScenariosIn(image: string): Scenario[] {
  return [
    {
      method: 'create_stemcell',
      about: 'by upload',
      creates: true,
      prepare: () => Promise.resolve([image, { name: 'jammy', version: '1', hypervisor: 'kvm' }]),
      undo: deleteBy('delete_stemcell'),
    },
    ...byBothAccounts({
      method: 'create_stemcell',
      about: 'by copying a template',
      options: withMeansToCopy,
      creates: true,
      prepare: async (zone) => {
        await warmNetwork(zone);
        return ['/none', lightCopy];
      },
      undo: deleteBy('delete_stemcell'),
    }),
    {
      method: 'delete_stemcell',
      about: 'that was uploaded',
      prepare: async (zone) => [
        await zone.result('create_stemcell', [image, { name: 'jammy', version: '1' }]),
      ],
    },
  ];
}
