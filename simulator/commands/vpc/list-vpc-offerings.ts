import { assertMayUseDomain } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text, textList } from '../../declare/parameter.js';
import type { VpcOfferingRow } from '../../world/entities.js';
import { assertServices, hasServices } from '../network/network-service-rules.js';
import { inOrder, isFoundBy, isInZone } from '../offering/offering-list.js';
import { vpcOfferingResponse } from './vpc-offering-response.js';

/** VpcManagerImpl.listVpcOfferings. */
export const listVpcOfferings = syncCommand({
  name: 'listVPCOfferings',
  summary: 'Lists the VPC offerings that VPCs can be created from.',
  roles: everyRole,
  parameters: {
    id: entity('vpcoffering'),
    name: text(),
    displaytext: text(),
    isdefault: flag(),
    supportedservices: textList(),
    state: text(),
    domainid: entity('domain', { since: '4.18' }),
    zoneid: entity('zone', { since: '4.13' }),
    ...pagingParameters,
  },
  response: listOf(vpcOfferingResponse),
  run: (context, args) => {
    const { world, caller } = context;
    const { id, name, displaytext, isdefault, supportedservices = [], state, keyword } = args;
    if (args.domainid !== undefined) assertMayUseDomain(context, args.domainid.id);
    const offerings = inOrder(world.vpcOfferings.all())
      .filter(isFoundBy(world, caller.account, false))
      .filter(isInZone(args.zoneid))
      .filter((offering) => id === undefined || offering.id === id.id)
      .filter((offering) => name === undefined || contains(offering.name, name))
      .filter((row) => displaytext === undefined || contains(row.displayText, displaytext))
      .filter((offering) => isdefault === undefined || offering.isDefault === isdefault)
      .filter((offering) => state === undefined || sameName(stateOf(offering), state))
      .filter((offering) => keyword === undefined || matches(offering, keyword));
    if (offerings.length > 0) assertServices(supportedservices);
    return offerings.filter(({ services }) =>
      hasServices(
        services.map(({ service }) => service),
        supportedservices,
      ),
    );
  },
});

function stateOf({ enabled }: VpcOfferingRow): string {
  return enabled ? 'Enabled' : 'Disabled';
}

function matches({ name, displayText }: VpcOfferingRow, keyword: string): boolean {
  return contains(displayText, keyword) || contains(name, keyword);
}
