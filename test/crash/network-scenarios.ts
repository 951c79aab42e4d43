// The methods of networks.
import { subnet } from '../cpi/methods/network-requests.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { deleteBy } from './made-before.js';
import { mainHows, type Scenario } from './scenario.js';
import { createVpc, tierOfVpc } from './vm-scenarios.js';

export const networkScenarios: readonly Scenario[] = [
  {
    method: 'create_network',
    about: 'whose range is chosen',
    creates: true,
    lastChange: 'createTags',
    prepare: () => Promise.resolve(subnet({ netmask_bits: 24 })),
    undo: deleteBy('delete_network'),
  },
  {
    method: 'delete_network',
    about: 'that nobody is in',
    prepare: async (zone) => [((await zone.result('create_network', subnet())) as [string])[0]],
  },
];

const asAdmin: CallOptions = { as: 'Admin' };

/** Networks of which there can be only one: CloudStack refuses a second request of the kind. */
export const onlyNetworkScenarios: readonly Scenario[] = [
  {
    method: 'create_network',
    about: 'with a VLAN, for a root administrator',
    hows: mainHows,
    options: asAdmin,
    creates: true,
    lastChange: 'createTags',
    prepare: () =>
      Promise.resolve(
        subnet(
          { range: '10.66.0.0/24' },
          { vlan: 666, network_offering: 'DefaultIsolatedNetworkOffering' },
        ),
      ),
    undo: deleteBy('delete_network', asAdmin),
  },
  {
    method: 'create_network',
    about: 'that is a tier of a VPC',
    hows: mainHows,
    creates: true,
    lastChange: 'createTags',
    prepare: (zone: CpiZone): Promise<readonly unknown[]> => {
      createVpc(zone);
      return Promise.resolve(tierOfVpc);
    },
    undo: deleteBy('delete_network'),
  },
];
