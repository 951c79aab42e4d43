import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { diskOfferingResponse } from './disk-offering-response.js';

/** Only active offerings are listed (QueryManagerImpl.searchForDiskOfferings). */
export const listDiskOfferings = syncCommand({
  name: 'listDiskOfferings',
  summary: 'Lists the offerings that data disks can be created with.',
  roles: everyRole,
  parameters: {
    id: entity('diskoffering'),
    name: text(),
    /** Every offering of this zone is public, so each is in each zone. */
    zoneid: entity('zone', { since: '4.13' }),
    /** Offerings have no owner: CloudStack accepts it and changes nothing. */
    listall: flag(),
    ...pagingParameters,
  },
  response: listOf(diskOfferingResponse),
  run: ({ world }, { id, name, keyword }) =>
    world.diskOfferings
      .all()
      .filter((offering) => offering.active)
      .filter((offering) => id === undefined || offering.id === id.id)
      .filter((offering) => name === undefined || sameName(offering.name, name))
      .filter(
        (offering) =>
          keyword === undefined ||
          contains(offering.name, keyword) ||
          contains(offering.displayText, keyword),
      ),
});
