import { listOf, rootAndResourceAdmin, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { assertArchitecture, isHostArchitecture } from '../host/architecture.js';
import { zoneInAuthority } from '../zone/zone-authority.js';
import { clusterResponse } from './cluster-response.js';

/** ManagementServerImpl.searchForClusters; the managed state selects nothing there. */
export const listClusters = syncCommand({
  name: 'listClusters',
  summary: 'Lists the clusters of pods.',
  roles: rootAndResourceAdmin,
  parameters: {
    id: entity('cluster'),
    name: text(),
    podid: entity('pod'),
    zoneid: entity('zone'),
    hypervisor: text(),
    clustertype: text(),
    allocationstate: text(),
    showcapacities: flag(),
    arch: text({ since: '4.20.1' }),
    ...pagingParameters,
  },
  ignores: ['managedstate'],
  response: listOf(clusterResponse),
  run: (context, args) => {
    const { id, name, podid, hypervisor, clustertype, allocationstate, keyword, arch } = args;
    assertArchitecture(arch);
    const zone = zoneInAuthority(context, args.zoneid);
    return context.world.clusters
      .all()
      .filter((cluster) => id === undefined || cluster.id === id.id)
      .filter((cluster) => name === undefined || sameName(cluster.name, name))
      .filter((cluster) => podid === undefined || cluster.podId === podid.id)
      .filter((cluster) => zone === undefined || cluster.zoneId === zone.id)
      .filter((cluster) => hypervisor === undefined || sameName(cluster.hypervisor, hypervisor))
      .filter(() => clustertype === undefined || sameName('CloudManaged', clustertype))
      .filter(() => allocationstate === undefined || sameName('Enabled', allocationstate))
      .filter(() => isHostArchitecture(arch))
      .filter(
        (cluster) =>
          keyword === undefined ||
          contains(cluster.name, keyword) ||
          contains(cluster.hypervisor, keyword),
      )
      .map((cluster) => ({ cluster, withCapacities: args.showcapacities === true }));
  },
});
