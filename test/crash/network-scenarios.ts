// The methods of networks.
import { subnet } from '../cpi/methods/network-requests.js';
import { at, directorUuid, type CallOptions, type CpiZone } from '../support/cpi-zone.js';
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
  {
    method: 'create_network',
    about: 'whose tier a killed call has made',
    hows: mainHows,
    creates: true,
    removesForgotten: true,
    lastChange: 'createTags',
    prepare: (zone: CpiZone): Promise<readonly unknown[]> => {
      createVpc(zone);
      leaveTier(zone);
      return Promise.resolve(tierOfVpc);
    },
    undo: deleteBy('delete_network'),
  },
];

/** As a call leaves it that is killed before it can mark it. */
function leaveTier({ user }: CpiZone): void {
  const idOf = (command: string, key: string, values = {}): string =>
    String(at(user.call(command, values), key, 0, 'id'));
  const name = 'DefaultIsolatedNetworkOfferingForVpcNetworks';
  user.call('createNetwork', {
    name: 'network-a0000000-0000-4000-8000-000000000001',
    displaytext: `bosh-cpi-director ${directorUuid}`,
    zoneid: idOf('listZones', 'zone'),
    networkofferingid: idOf('listNetworkOfferings', 'networkoffering', { name }),
    vpcid: idOf('listVPCs', 'vpc'),
    gateway: '10.66.1.1',
    netmask: '255.255.255.0',
  });
}
