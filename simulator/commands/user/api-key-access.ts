import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { ApiKeyAccess } from '../../world/entities.js';

/** Only root admins say whether keys may be used, or ask for it (ApiConstants.ApiKeyAccess). */
export const apiKeyAccessParameter = text({ since: '4.20.1.0', rootOnly: true });

/** The access that a word means, undefined for none. */
export function apiKeyAccessOf(word: string | undefined): ApiKeyAccess | undefined {
  if (word === undefined) return undefined;
  const access = ACCESSES.find((known) => known === word.toUpperCase());
  if (access !== undefined) return access;
  throw invalidParameter('ApiKeyAccess value can only be Enabled/Disabled/Inherit');
}

const ACCESSES: readonly ApiKeyAccess[] = ['ENABLED', 'DISABLED', 'INHERIT'];
