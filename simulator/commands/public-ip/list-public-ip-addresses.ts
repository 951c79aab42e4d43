import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { displayParameters, isShown } from '../../declare/display.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { PublicIpRow } from '../../world/entities.js';
import { hasRules } from '../../world/network/load-balancers.js';
import type { World } from '../../world/world.js';
import { publicIpResponse } from './public-ip-response.js';

/** Addresses that nobody has are listed only to those who ask for them. */
export const listPublicIpAddresses = syncCommand({
  name: 'listPublicIpAddresses',
  summary: 'Lists public addresses.',
  roles: everyRole,
  parameters: {
    allocatedonly: flag(),
    state: text(),
    forvirtualnetwork: flag(),
    id: entity('publicipaddress'),
    ipaddress: text(),
    vlanid: entity('vlan'),
    zoneid: entity('zone'),
    physicalnetworkid: entity('physicalnetwork'),
    associatednetworkid: entity('network'),
    vpcid: entity('vpc'),
    issourcenat: flag(),
    isstaticnat: flag(),
    forloadbalancing: flag(),
    retrieveonlyresourcecount: flag(),
    forsystemvms: flag({ since: '4.20.0' }),
    ...displayParameters,
    ...tagFilterParameters,
    ...ownershipParameters,
  },
  response: listOf(publicIpResponse),
  run: (context, args) => {
    const { world } = context;
    const { state, forvirtualnetwork, id, ipaddress, zoneid, associatednetworkid } = args;
    const { vlanid, physicalnetworkid, vpcid } = args;
    const { issourcenat, isstaticnat, forloadbalancing, tags, keyword } = args;
    const isOwned = ownerFilter(context, args, id !== undefined);
    const allocatedOnly = isAllocatedOnly(args);
    const isListed = (publicIp: PublicIpRow): boolean =>
      publicIp.accountId === null
        ? !allocatedOnly
        : isOwned(publicIp.accountId) && !(allocatedOnly && publicIp.state === 'Reserved');
    return world.publicIps
      .all()
      .filter(isListed)
      .filter((publicIp) => state === undefined || sameName(publicIp.state, state))
      .filter(() => forvirtualnetwork !== false)
      .filter((publicIp) => id === undefined || publicIp.id === id.id)
      .filter((publicIp) => ipaddress === undefined || publicIp.ipAddress === ipaddress)
      .filter((publicIp) => vlanid === undefined || publicIp.vlanRangeId === vlanid.id)
      .filter(
        (publicIp) =>
          physicalnetworkid === undefined || publicIp.zoneId === physicalnetworkid.zoneId,
      )
      .filter((publicIp) => zoneid === undefined || publicIp.zoneId === zoneid.id)
      .filter(
        (publicIp) =>
          associatednetworkid === undefined || publicIp.networkId === associatednetworkid.id,
      )
      .filter((publicIp) => vpcid === undefined || publicIp.vpcId === vpcid.id)
      .filter((publicIp) => issourcenat === undefined || publicIp.isSourceNat === issourcenat)
      .filter((publicIp) => isstaticnat === undefined || (publicIp.vmId !== null) === isstaticnat)
      .filter((publicIp) => forloadbalancing !== true || hasRules(world, publicIp))
      .filter((publicIp) => isShown(publicIp, args))
      .filter((publicIp) => isForSystemVms(world, publicIp) === (args.forsystemvms === true))
      .filter((publicIp) => hasAnyTag(world, publicIp.id, tags))
      .filter((publicIp) => keyword === undefined || contains(publicIp.ipAddress, keyword))
      .sort((a, b) => (a.ipAddress < b.ipAddress ? 1 : -1));
  },
});

/** What is free or reserved is listed to those who ask for such addresses. */
function isAllocatedOnly({
  allocatedonly,
  state = '',
}: {
  readonly allocatedonly?: boolean | undefined;
  readonly state?: string | undefined;
}): boolean {
  const asksForOthers = sameName(state, 'Free') || sameName(state, 'Reserved');
  if (asksForOthers && allocatedonly === true) {
    throw invalidParameter('Conflict: allocatedonly is true but state is Free');
  }
  return sameName(state, 'Allocated') || (allocatedonly ?? !asksForOthers);
}

function isForSystemVms(world: World, { vlanRangeId }: PublicIpRow): boolean {
  return world.vlanRanges.require(vlanRangeId).isForSystemVms;
}
