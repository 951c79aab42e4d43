import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters, isShown } from '../../declare/display.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, flag, text, textList } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import type { VpcRow } from '../../world/entities.js';
import { assertServices, hasServices } from '../network/network-service-rules.js';
import { vpcResponse } from './vpc-response.js';

/** The newest first; those that are not displayed are found by root admins only (VpcManagerImpl.listVpcs). */
export const listVpcs = syncCommand({
  name: 'listVPCs',
  summary: 'Lists VPCs with their networks.',
  roles: everyRole,
  parameters: {
    id: entity('vpc'),
    zoneid: entity('zone'),
    name: text(),
    displaytext: text(),
    cidr: text(),
    vpcofferingid: entity('vpcoffering'),
    supportedservices: textList(),
    state: text(),
    restartrequired: flag(),
    ...displayParameters,
    ...tagFilterParameters,
    ...ownershipParameters,
  },
  response: listOf(vpcResponse),
  // No VPC has an icon.
  ignores: ['showicon'],
  run: (context, args) => {
    const { world } = context;
    const { id, zoneid, name, displaytext, cidr, vpcofferingid, state, keyword, tags } = args;
    const { restartrequired, supportedservices = [] } = args;
    const isOwned = ownerFilter(context, args, id !== undefined);
    const vpcs = world.vpcs
      .all()
      .filter((vpc) => isOwned(vpc.accountId))
      .filter((vpc) => id === undefined || vpc.id === id.id)
      .filter((vpc) => zoneid === undefined || vpc.zoneId === zoneid.id)
      .filter((vpc) => name === undefined || contains(vpc.name, name))
      .filter((vpc) => displaytext === undefined || contains(vpc.displayText, displaytext))
      .filter((vpc) => cidr === undefined || vpc.cidr === cidr)
      .filter((vpc) => vpcofferingid === undefined || vpc.vpcOfferingId === vpcofferingid.id)
      .filter((vpc) => state === undefined || sameName(vpc.state, state))
      .filter((vpc) => restartrequired === undefined || vpc.restartRequired === restartrequired)
      .filter((vpc) => isShown(vpc, args))
      .filter((vpc) => hasAnyTag(world, vpc.id, tags))
      .filter((vpc) => keyword === undefined || matches(vpc, keyword))
      .reverse();
    if (vpcs.length > 0) assertServices(supportedservices);
    return vpcs.filter((vpc) => {
      const { services } = world.vpcOfferings.require(vpc.vpcOfferingId);
      return hasServices(
        services.map(({ service }) => service),
        supportedservices,
      );
    });
  },
});

function matches({ name, displayText }: VpcRow, keyword: string): boolean {
  return contains(displayText, keyword) || contains(name, keyword);
}
