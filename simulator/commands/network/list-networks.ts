import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { isShown } from '../../declare/display.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, flag, text, textList } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { NetworkRow } from '../../world/entities.js';
import { canUseForDeploy, offeringOf, servicesOf } from '../../world/network/networks.js';
import { networkResponse } from './network-response.js';
import { hasServices } from './network-service-rules.js';

/** There is no filter by name: clients look through the list, or send a keyword. */
export const listNetworks = syncCommand({
  name: 'listNetworks',
  summary: 'Lists the networks of the account, and those that its domain shares.',
  roles: everyRole,
  parameters: {
    id: entity('network'),
    zoneid: entity('zone'),
    type: text(),
    issystem: flag(),
    acltype: text(),
    traffictype: text(),
    supportedservices: textList(),
    specifyipranges: flag(),
    canusefordeploy: flag(),
    networkofferingid: entity('networkoffering'),
    physicalnetworkid: entity('physicalnetwork'),
    restartrequired: flag(),
    vpcid: entity('vpc'),
    forvpc: flag(),
    networkfilter: text({ since: '4.17.0' }),
    vlan: text(),
    retrieveonlyresourcecount: flag(),
    displaynetwork: flag({ since: '4.4', rootOnly: true }),
    ...tagFilterParameters,
    ...ownershipParameters,
  },
  response: listOf(networkResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, zoneid, type, issystem, acltype, traffictype, supportedservices } = args;
    const { specifyipranges, canusefordeploy, networkofferingid, tags, keyword } = args;
    const { physicalnetworkid, restartrequired, vpcid, forvpc } = args;
    const isOwned = ownerFilter(context, args, id !== undefined);
    const shows = filterNamed(args.networkfilter);
    return world.networks
      .all()
      .filter((network) => (network.aclType === 'Account' ? shows.account : shows.domain))
      .filter((network) => isOwned(network.accountId) || isShared(context, network))
      .filter((network) => id === undefined || network.id === id.id)
      .filter((network) => zoneid === undefined || network.zoneId === zoneid.id)
      .filter((network) => type === undefined || sameName(network.type, type))
      .filter(() => issystem !== true && restartrequired !== true)
      .filter((network) => vpcid === undefined || network.vpcId === vpcid.id)
      .filter((network) => forvpc === undefined || (network.vpcId !== null) === forvpc)
      .filter(
        (network) => physicalnetworkid === undefined || network.zoneId === physicalnetworkid.zoneId,
      )
      .filter((network) => isShown(network, { fordisplay: args.displaynetwork }))
      .filter((network) => args.vlan === undefined || isOnVlan(network, args.vlan))
      .filter((network) => acltype === undefined || sameName(network.aclType, acltype))
      .filter(() => traffictype === undefined || sameName('Guest', traffictype))
      .filter((network) => hasServices(servicesOf(world, network), supportedservices ?? []))
      .filter(
        (network) =>
          specifyipranges === undefined ||
          offeringOf(world, network).specifyIpRanges === specifyipranges,
      )
      .filter(
        (network) =>
          canusefordeploy === undefined || canUseForDeploy(world, network) === canusefordeploy,
      )
      .filter(
        (network) =>
          networkofferingid === undefined || network.networkOfferingId === networkofferingid.id,
      )
      .filter((network) => hasAnyTag(world, network.id, tags))
      .filter((network) => keyword === undefined || contains(network.name, keyword));
  },
});

/**
 * Of whose networks there are some: those that others have granted (`shared`) are not simulated
 * (NetworkServiceImpl.searchForNetworks, Network.NetworkFilter).
 */
function filterNamed(name = 'all'): { readonly account: boolean; readonly domain: boolean } {
  switch (name.toLowerCase()) {
    case 'account':
      return { account: true, domain: false };
    case 'domain':
      return { account: false, domain: true };
    case 'accountdomain':
    case 'all':
      return { account: true, domain: true };
    case 'shared':
      return { account: false, domain: false };
    default:
      throw invalidParameter(`Invalid value of networkfilter: ${name}`);
  }
}

/** Networks of the caller's domain, and of those above it. */
function isShared({ world, caller }: CommandContext, network: NetworkRow): boolean {
  return (
    network.aclType === 'Domain' && isInSubtree(world, caller.account.domainId, network.domainId)
  );
}

/** Of a network that nobody uses CloudStack knows no VLAN yet. */
function isOnVlan(network: NetworkRow, vlan: string): boolean {
  return network.state !== 'Allocated' && String(network.vlan) === vlan;
}
