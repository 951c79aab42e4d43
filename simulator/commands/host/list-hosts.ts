import { listOf, rootAndResourceAdmin, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { HostRow, Hypervisor } from '../../world/entities.js';
import { isHypervisorType } from '../../world/compute/hypervisor-types.js';
import { zoneInAuthority } from '../zone/zone-authority.js';
import { assertArchitecture, isHostArchitecture } from './architecture.js';
import { hostsForMigration } from './hosts-for-migration.js';
import { hostDetails, hostResponse, type HostDetail } from './host-response.js';

/**
 * QueryManagerImpl.searchForServers; every host here is one on which VMs run. With a VM it is another
 * list, which the other filters leave alone.
 */
export const listHosts = syncCommand({
  name: 'listHosts',
  summary: 'Lists the hosts on which virtual machines run.',
  roles: rootAndResourceAdmin,
  parameters: {
    clusterid: entity('cluster'),
    id: entity('host'),
    name: text(),
    podid: entity('pod'),
    state: text(),
    type: text(),
    zoneid: entity('zone'),
    resourcestate: text(),
    details: textList(),
    hypervisor: text(),
    arch: text({ since: '4.20.1' }),
    virtualmachineid: entity('virtualmachine'),
    ...pagingParameters,
  },
  /** There is no tag for hosts that are kept for high availability: it selects nothing then. */
  ignores: ['hahost'],
  response: listOf(hostResponse),
  run: (context, args) => {
    if (args.virtualmachineid !== undefined) {
      return hostsForMigration(context, args.virtualmachineid);
    }
    const { clusterid, id, name, podid, state, type, resourcestate, hypervisor, keyword } = args;
    const { world } = context;
    const zone = zoneInAuthority(context, args.zoneid);
    assertArchitecture(args.arch);
    const hosts = world.hosts
      .all()
      .filter((host) => clusterid === undefined || host.clusterId === clusterid.id)
      .filter((host) => id === undefined || host.id === id.id)
      .filter((host) => name === undefined || sameName(host.name, name))
      .filter((host) => podid === undefined || host.podId === podid.id)
      .filter((host) => state === undefined || sameName(stateOf(host), state))
      .filter(() => type === undefined || sameName('Routing', type))
      .filter((host) => zone === undefined || host.zoneId === zone.id)
      .filter((host) => resourcestate === undefined || sameName(host.state, resourcestate))
      .filter((host) => runs(world.clusters.require(host.clusterId).hypervisor, hypervisor))
      .filter(() => isHostArchitecture(args.arch))
      .filter(
        (host) =>
          keyword === undefined ||
          [host.name, stateOf(host), 'Routing'].some((word) => contains(word, keyword)),
      );
    const details = detailsOf(args.details);
    return hosts.map((host) => ({ host, details }));
  },
});

function stateOf({ up }: HostRow): string {
  return up ? 'Up' : 'Down';
}

/** A type that CloudStack does not know, and `Any`, select nothing. */
function runs(own: Hypervisor, asked: string | undefined): boolean {
  if (asked === undefined || !isHypervisorType(asked) || sameName(asked, 'Any')) return true;
  return sameName(own, asked);
}

/** Read after the search, so that other mistakes come first (ListHostsCmd.getDetails). */
function detailsOf(words: readonly string[] | undefined): readonly HostDetail[] {
  if (words === undefined || words.length === 0) return ['all'];
  return words.map((word) => {
    const detail = hostDetails.find((known) => known === word);
    if (detail !== undefined) return detail;
    throw invalidParameter(
      'The details parameter contains a non permitted value. The allowed values are ' +
        `[${hostDetails.join(', ')}]`,
    );
  });
}
