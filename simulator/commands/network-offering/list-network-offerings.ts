import { assertMayOperate, assertMayUseDomain } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { DomainRow, NetworkOfferingRow, NetworkRow, ZoneRow } from '../../world/entities.js';
import { offeringOf } from '../../world/network/networks.js';
import type { World } from '../../world/world.js';
import { inOrder, isFoundBy, isInZone } from '../offering/offering-list.js';
import { assertServices, hasServices } from '../network/network-service-rules.js';
import { networkOfferingResponse } from './network-offering-response.js';

/** ConfigurationManagerImpl.searchForNetworkOfferings; disabled offerings are listed, too. */
export const listNetworkOfferings = syncCommand({
  name: 'listNetworkOfferings',
  summary: 'Lists the network offerings that networks can be created from.',
  roles: everyRole,
  parameters: {
    id: entity('networkoffering'),
    name: text(),
    displaytext: text(),
    traffictype: text(),
    isdefault: flag(),
    specifyvlan: flag(),
    availability: text(),
    domainid: entity('domain', { since: '4.13' }),
    zoneid: entity('zone'),
    state: text(),
    networkid: entity('network'),
    guestiptype: text(),
    supportedservices: textList(),
    sourcenatsupported: flag(),
    specifyipranges: flag(),
    forvpc: flag(),
    tags: text({ maxLength: 4_096 }),
    istagged: flag(),
    ...pagingParameters,
  },
  response: listOf(networkOfferingResponse),
  run: (context, args) => {
    const { id, name, displaytext, traffictype, isdefault, availability, state, keyword } = args;
    const { specifyvlan, specifyipranges, guestiptype, supportedservices = [] } = args;
    const { sourcenatsupported, networkid } = args;
    const forvpc = args.forvpc ?? (networkid && networkid.vpcId !== null);
    if (args.domainid !== undefined) assertMayUseDomain(context, args.domainid.id);
    assertZoneExists(args.zoneid);
    const { world, caller } = context;
    const offerings = inOrder(world.networkOfferings.all())
      .filter(isFoundBy(world, caller.account, false))
      .filter(isInZone(args.zoneid))
      .filter((row) => args.domainid === undefined || isOfDomain(world, row, args.domainid))
      .filter((offering) => id === undefined || offering.id === id.id)
      .filter((offering) => name === undefined || sameName(offering.name, name))
      .filter((row) => displaytext === undefined || contains(row.displayText, displaytext))
      .filter(() => traffictype === undefined || sameName('Guest', traffictype))
      .filter((offering) => isdefault === undefined || offering.isDefault === isdefault)
      .filter((offering) => specifyvlan === undefined || offering.specifyVlan === specifyvlan)
      .filter((row) => availability === undefined || sameName(row.availability, availability))
      .filter((offering) => state === undefined || sameName(stateOf(offering), state))
      .filter((row) => guestiptype === undefined || sameName(row.guestIpType, guestiptype))
      .filter(
        (offering) => specifyipranges === undefined || offering.specifyIpRanges === specifyipranges,
      )
      .filter(({ tags }) => args.tags === undefined || tags.join() === args.tags)
      .filter(({ tags }) => args.istagged === undefined || tags.length > 0 === args.istagged)
      .filter((offering) => keyword === undefined || matches(offering, keyword));
    const isUpgrade = networkid && upgradesOf(context, networkid);
    if (offerings.length > 0) assertServices(supportedservices);
    return offerings
      .filter((offering) => isUpgrade === undefined || isUpgrade(offering))
      .filter(({ services }) => hasServices(services, supportedservices))
      .filter(
        ({ services }) =>
          sourcenatsupported === undefined || services.includes('SourceNat') === sourcenatsupported,
      )
      .filter((offering) => forvpc === undefined || offering.forVpc === forvpc);
  },
});

function assertZoneExists(zone: ZoneRow | undefined): void {
  if (zone === undefined || zone.removedMs === null) return;
  throw invalidParameter(`Unable to find the zone by id=${zone.internalId}`);
}

/** A search by domain shows what its accounts find. */
function isOfDomain(world: World, { domainIds }: NetworkOfferingRow, domain: DomainRow): boolean {
  return domainIds.length === 0 || domainIds.some((id) => isInSubtree(world, domain.id, id));
}

/** To which offerings a network could be changed: enabled ones of its own kind (NetworkOfferingDaoImpl.getOfferingIdsToUpgradeFrom). */
function upgradesOf(
  context: CommandContext,
  network: NetworkRow,
): (offering: NetworkOfferingRow) => boolean {
  if (network.removedMs !== null) {
    throw invalidParameter(`Unable to find the network by id=${network.internalId}`);
  }
  assertMayOperate(context, 'network', network);
  const own = offeringOf(context.world, network);
  return ({ id, guestIpType, specifyVlan, enabled }) =>
    enabled && guestIpType === own.guestIpType && specifyVlan === own.specifyVlan && id !== own.id;
}

function stateOf({ enabled }: NetworkOfferingRow): string {
  return enabled ? 'Enabled' : 'Disabled';
}

function matches({ name, displayText }: NetworkOfferingRow, keyword: string): boolean {
  return contains(displayText, keyword) || contains(name, keyword);
}
