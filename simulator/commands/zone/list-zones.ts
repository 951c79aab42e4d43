import { isRootAdmin } from '../../declare/caller.js';
import { everyRole, listOf, syncCommand, type Arguments } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import {
  contains,
  hasAnyTag,
  pagingParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, flag, text } from '../../declare/parameter.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { AccountRow, ZoneRow } from '../../world/entities.js';
import { assertIdOrIds } from '../../world/rows-asked-for.js';
import type { World } from '../../world/world.js';
import { zoneResponse } from './zone-response.js';

const parameters = {
  id: entity('zone'),
  ids: entityList('zone', { since: '4.19.0' }),
  /** Without it, or if true: all. */
  available: flag(),
  domainid: entity('domain'),
  name: text(),
  networktype: text(),
  showcapacities: flag(),
  ...pagingParameters,
  ...tagFilterParameters,
} as const;

type ListArguments = Arguments<typeof parameters>;

/**
 * Users see the zones that are enabled, and private ones of their domain and above. Who asks by id
 * or name sees that zone whatever it is (QueryManagerImpl.listDataCentersInternal).
 */
export const listZones = syncCommand({
  name: 'listZones',
  summary: 'Lists zones.',
  roles: everyRole,
  parameters,
  response: listOf(zoneResponse),
  run: (context, args) => {
    const { id, ids, name, networktype, tags, showcapacities } = args;
    assertIdOrIds(args);
    const isByName = id !== undefined || name !== undefined;
    return context.world.zones
      .all()
      .filter((zone) => networktype === undefined || sameName(zone.networkType, networktype))
      .filter((zone) => ids === undefined || ids.some((row) => row.id === zone.id))
      .filter((zone) => id === undefined || zone.id === id.id)
      .filter((zone) => id !== undefined || name === undefined || sameName(zone.name, name))
      .filter((zone) => isByName || isInSearch(context, zone, args))
      .filter((zone) => hasAnyTag(context.world, zone.id, tags))
      .map((zone) => ({ zone, withCapacities: showcapacities === true }));
  },
});

/** What counts only where neither an id nor a name leads to the zone. */
function isInSearch(
  context: CommandContext,
  zone: ZoneRow,
  { keyword, domainid: domain, available }: ListArguments,
): boolean {
  const { world, caller } = context;
  return (
    (keyword === undefined || contains(zone.name, keyword)) &&
    (domain === undefined ? maySee(context, zone) : zone.domainId === domain.id) &&
    (available !== false || isUsedBy(world, zone, caller.account))
  );
}

function maySee({ world, caller }: CommandContext, zone: ZoneRow): boolean {
  if (isRootAdmin(caller)) return true;
  if (zone.allocationState === 'Disabled') return false;
  if (zone.domainId === null) return true;
  const { domainId } = caller.account;
  if (isInSubtree(world, domainId, zone.domainId)) return true;
  return caller.role !== 'User' && isInSubtree(world, zone.domainId, domainId);
}

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
