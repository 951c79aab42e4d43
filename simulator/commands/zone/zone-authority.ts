import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, permissionDenied } from '../../world/cloud-exception.js';
import { accountText } from '../../world/identity/accounts.js';
import type { ZoneRow } from '../../world/entities.js';

/**
 * The zone of which a caller sees what it is built of; undefined is every zone. Resource admins see
 * the private zone of their own domain (AccountManagerImpl.checkAccessAndSpecifyAuthority).
 *
 * @throws 530 where that domain has none, 531 where they ask for another.
 */
export function zoneInAuthority(
  { world, caller }: CommandContext,
  zone: ZoneRow | undefined,
): ZoneRow | undefined {
  if (caller.role !== 'ResourceAdmin') return zone;
  const own = world.zones.all().find((row) => row.domainId === caller.account.domainId);
  if (own === undefined) {
    throw cloudRuntime('Failed to find any private zone for Resource domain admin.');
  }
  if (zone === undefined || zone.id === own.id) return own;
  throw permissionDenied(
    `Caller ${accountText(caller.account)}is not allowed to access the zone ${zone.internalId}`,
  );
}
