import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, entityList, flag, text } from '../../declare/parameter.js';
import { zoneResponse } from './zone-response.js';

export const listZones = syncCommand({
  name: 'listZones',
  summary: 'Lists zones.',
  roles: everyRole,
  parameters: {
    id: entity('zone'),
    ids: entityList('zone', { since: '4.19.0' }),
    available: flag(),
    name: text(),
    networktype: text(),
    ...pagingParameters,
  },
  response: listOf(zoneResponse),
  run: ({ world }, { id, ids, name, networktype, keyword }) =>
    world.zones
      .all()
      .filter((zone) => id === undefined || zone.id === id.id)
      .filter((zone) => ids === undefined || ids.some((row) => row.id === zone.id))
      .filter((zone) => name === undefined || sameName(zone.name, name))
      .filter((zone) => networktype === undefined || sameName(zone.networkType, networktype))
      .filter((zone) => keyword === undefined || contains(zone.name, keyword)),
});
