// The clouds in which cases live: those that come with the simulator, and one whose two Directors have a
// zone each.
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { presets } from '../../simulator/world/presets/index.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import type { NetworkRow } from '../../simulator/world/entities.js';
import type { World } from '../../simulator/world/world.js';

export const twoZones = 'two-zones';

export const clouds: Readonly<Record<string, WorldDescriptionInput>> = {
  ...presets,
  [twoZones]: withTwoZones(),
};

/** The zone that a Director has its things in, by the Director's number. */
export function zoneOfDirector(cloud: string, director: number): string {
  return cloud === twoZones ? `zone${director + 1}` : 'zone1';
}

/** The network of a zone in which most VMs are. */
export function isolatedNetworkOf({ zones, networks }: World, zoneName: string): NetworkRow {
  const network = networks
    .all()
    .find(({ name, zoneId }) => name === 'NET_CS' && zones.require(zoneId).name === zoneName);
  if (network === undefined) throw new Error(`${zoneName} has no network NET_CS`);
  return network;
}

/** Another zone beside the first, with networks of the same names and ranges. */
function withTwoZones(): WorldDescriptionInput {
  const [first] = advancedKvm.zones;
  if (first === undefined) throw new Error('the default world has no zone');
  return {
    ...advancedKvm,
    zones: [
      first,
      {
        ...first,
        name: 'zone2',
        pods: first.pods.map((pod) => ({
          ...pod,
          name: `${pod.name}-of-zone2`,
          clusters: pod.clusters.map((cluster) => ({
            ...cluster,
            name: `${cluster.name}-of-zone2`,
            hosts: cluster.hosts.map((host) => ({
              ...host,
              name: `${host.name}-of-zone2`,
            })),
            pools: (cluster.pools ?? []).map((pool) => ({
              ...pool,
              name: `${pool.name}-of-zone2`,
            })),
          })),
        })),
      },
    ],
    templates: ['zone1', 'zone2'].flatMap((zone) =>
      (advancedKvm.templates ?? []).map((template) => ({ ...template, zone })),
    ),
  };
}
