import type { AccountRow, ApiKeyAccess, UserRow } from '../entities.js';
import { settingIn } from '../settings/configurations.js';
import type { World } from '../world.js';

/**
 * Whether a user may sign requests with its keys: as is said of the user, else of the account, else
 * of the domain (ApiServer.verifyApiKeyAccessAllowed).
 */
export function mayUseKeys(
  world: World,
  user: Pick<UserRow, 'apiKeyAccess'>,
  account: Pick<AccountRow, 'apiKeyAccess' | 'domainId'>,
): boolean {
  const said = [user, account].map(({ apiKeyAccess }) => apiKeyAccess).find(isSaid);
  if (said !== undefined) return said === 'ENABLED';
  return settingIn(world, 'api.key.access', { scope: 'Domain', id: account.domainId });
}

function isSaid(access: ApiKeyAccess): boolean {
  return access !== 'INHERIT';
}
