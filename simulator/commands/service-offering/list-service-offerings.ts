import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { serviceOfferingResponse } from './service-offering-response.js';

/** Only active offerings are listed (QueryManagerImpl.searchForServiceOfferings). */
export const listServiceOfferings = syncCommand({
  name: 'listServiceOfferings',
  summary: 'Lists the compute offerings that virtual machines can be deployed with.',
  roles: everyRole,
  parameters: {
    id: entity('serviceoffering'),
    name: text(),
    issystem: flag(),
    /** Every offering of this zone is public, so each is in each zone. */
    zoneid: entity('zone', { since: '4.13' }),
    /** Offerings have no owner: CloudStack accepts it and changes nothing. */
    listall: flag(),
    ...pagingParameters,
  },
  response: listOf(serviceOfferingResponse),
  run: ({ world }, { id, name, issystem, keyword }) =>
    world.serviceOfferings
      .all()
      .filter((offering) => offering.active && issystem !== true)
      .filter((offering) => id === undefined || offering.id === id.id)
      .filter((offering) => name === undefined || sameName(offering.name, name))
      .filter(
        (offering) =>
          keyword === undefined ||
          contains(offering.name, keyword) ||
          contains(offering.displayText, keyword),
      ),
});
