import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, entityList, flag, text } from '../../declare/parameter.js';
import type { AccountRow, ZoneRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { zoneResponse } from './zone-response.js';

/** Users see the zones that are enabled (QueryManagerImpl.listDataCenters). */
export const listZones = syncCommand({
  name: 'listZones',
  summary: 'Lists zones.',
  roles: everyRole,
  parameters: {
    id: entity('zone'),
    ids: entityList('zone', { since: '4.19.0' }),
    /** Without it, or if true: all. */
    available: flag(),
    name: text(),
    networktype: text(),
    ...pagingParameters,
  },
  response: listOf(zoneResponse),
  run: ({ world, caller }, { id, ids, available, name, networktype, keyword }) =>
    world.zones
      .all()
      .filter((zone) => isRootAdmin(caller) || zone.allocationState === 'Enabled')
      .filter((zone) => available !== false || isUsedBy(world, zone, caller.account))
      .filter((zone) => id === undefined || zone.id === id.id)
      .filter((zone) => ids === undefined || ids.some((row) => row.id === zone.id))
      .filter((zone) => name === undefined || sameName(zone.name, name))
      .filter((zone) => networktype === undefined || sameName(zone.networkType, networktype))
      .filter((zone) => keyword === undefined || contains(zone.name, keyword)),
});

/** `available=false` asks for the zones in which the account has a virtual router. */
function isUsedBy(world: World, zone: ZoneRow, account: AccountRow): boolean {
  return world.networks
    .all()
    .some(
      (network) =>
        network.zoneId === zone.id &&
        network.accountId === account.id &&
        network.state === 'Implemented',
    );
}
