import type { CloudStackClient } from './client.js';

/** The beginning of no name. */
const nobodysName = 'cloudstack-cpi-check';

/**
 * Asks something in the name of the project, or of the other account, for which the CPI works, if
 * it is told of one: most lists and all creations are asked for so, and fail alike.
 *
 * @throws CloudStackError if CloudStack does not let the account of the keys work for it.
 */
export async function assertOwner(client: CloudStackClient): Promise<void> {
  await client.list('listNetworks', { keyword: nobodysName });
}
