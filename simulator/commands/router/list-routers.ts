import { isRootAdmin } from '../../declare/caller.js';
import { everyAdmin, listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { ownerFilter, type OwnershipArguments } from '../../declare/visibility.js';
import type { RouterRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { routerResponse, routerVersion } from './router-response.js';

/** Those of shared networks are the system's own (QueryManagerImpl.searchForRouters). */
export const listRouters = syncCommand({
  name: 'listRouters',
  summary: 'Lists the virtual routers of networks and VPCs.',
  roles: everyAdmin,
  parameters: {
    id: entity('router'),
    name: text(),
    state: text(),
    zoneid: entity('zone'),
    podid: entity('pod'),
    clusterid: entity('cluster'),
    hostid: entity('host'),
    networkid: entity('network'),
    vpcid: entity('vpc'),
    forvpc: flag(),
    version: text(),
    healthchecksfailed: flag({ since: '4.16' }),
    ...ownershipParameters,
  },
  response: listOf(routerResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, state, zoneid, podid, clusterid, hostid, networkid, keyword } = args;
    const { version, vpcid, forvpc, healthchecksfailed } = args;
    const isOwned = ownerFilter(context, args, id !== undefined);
    const showsSystem = seesSystem(context, args, id !== undefined);
    return world.routers
      .all()
      .filter(({ accountId }) => (accountId === null ? showsSystem : isOwned(accountId)))
      .filter((router) => id === undefined || router.id === id.id)
      .filter((router) => name === undefined || sameName(router.name, name))
      .filter((router) => state === undefined || sameName(router.state, state))
      .filter((router) => zoneid === undefined || router.zoneId === zoneid.id)
      .filter((router) => podid === undefined || router.podId === podid.id)
      .filter((router) => clusterid === undefined || isInCluster(world, router, clusterid.id))
      .filter((router) => hostid === undefined || router.hostId === hostid.id)
      .filter((router) => networkid === undefined || isIn(router, networkid.id))
      .filter((router) => vpcid === undefined || router.vpcId === vpcid.id)
      .filter((router) => forvpc === undefined || forvpc === (router.vpcId !== null))
      .filter(() => healthchecksfailed !== true)
      .filter(() => version === undefined || routerVersion(world).startsWith(version))
      .filter((router) => keyword === undefined || matches(world, router, keyword));
  },
});

/** What the system owns is in no subdomain, and no account's or project's. */
function seesSystem(
  { world, caller }: CommandContext,
  { account, projectid, domainid, listall }: OwnershipArguments,
  byId: boolean,
): boolean {
  if (caller.role === 'DomainAdmin' || account !== undefined || projectid !== undefined)
    return false;
  if (domainid !== undefined) return domainid.id === world.domains.all()[0]?.id;
  return listall === true || (byId && isRootAdmin(caller));
}

function isInCluster(world: World, { hostId }: RouterRow, clusterId: string): boolean {
  return hostId !== null && world.hosts.require(hostId).clusterId === clusterId;
}

function isIn({ guestNics }: RouterRow, networkId: string): boolean {
  return guestNics.some((nic) => nic.networkId === networkId);
}

function matches(world: World, { name, state, guestNics }: RouterRow, keyword: string): boolean {
  const networks = guestNics.map(({ networkId }) => world.networks.require(networkId).name);
  const texts = [name, state, ...networks];
  return texts.some((text) => contains(text, keyword));
}
