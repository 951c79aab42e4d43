// One situation for each method of the CPI in which everything that it can do is asked of it.
import { isolatedOffering } from '../cpi/methods/network-requests.js';
import { diskScenarios } from './disk-scenarios.js';
import { earlierScenarios } from './earlier-scenarios.js';
import { deleteBy, warmNetwork } from './made-before.js';
import type { CallOptions } from '../support/cpi-zone.js';
import { mainHows, type Scenario } from './scenario.js';
import { vmScenarios } from './vm-scenarios.js';

/** `image` is the path of a stemcell's image. */
export function scenariosIn(image: string): readonly Scenario[] {
  return [
    ...vmScenarios(),
    ...earlierScenarios,
    ...diskScenarios(),
    ...networkScenarios,
    ...stemcellScenariosIn(image),
  ];
}

const networkScenarios: readonly Scenario[] = [
  {
    method: 'create_network',
    about: 'whose range is chosen',
    creates: true,
    lastChange: 'createTags',
    prepare: () =>
      Promise.resolve([
        {
          type: 'manual',
          netmask_bits: 24,
          cloud_properties: { network_offering: isolatedOffering },
        },
      ]),
    undo: deleteBy('delete_network'),
  },
  {
    method: 'delete_network',
    about: 'that nobody is in',
    prepare: async (zone) => {
      const subnet = { type: 'manual', cloud_properties: { network_offering: isolatedOffering } };
      return [((await zone.result('create_network', [subnet])) as [string])[0]];
    },
  },
];

const mayExpunge = { 'allow.user.expunge.recover.vm': true };

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
    {
      method: 'create_stemcell',
      about: 'by copying a template, for an account that may expunge',
      settings: mayExpunge,
      options: withMeansToCopy,
      creates: true,
      prepare: async (zone) => {
        await warmNetwork(zone);
        return ['/none', lightCopy];
      },
      undo: deleteBy('delete_stemcell'),
    },
    {
      method: 'create_stemcell',
      about: 'by copying a template, for an account that may not expunge',
      hows: mainHows,
      options: withMeansToCopy,
      creates: true,
      prepare: async (zone) => {
        await warmNetwork(zone);
        return ['/none', lightCopy];
      },
      undo: deleteBy('delete_stemcell'),
    },
    {
      method: 'delete_stemcell',
      about: 'that was uploaded',
      prepare: async (zone) => [
        await zone.result('create_stemcell', [image, { name: 'jammy', version: '1' }]),
      ],
    },
  ];
}
