import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';
import { marks, tagNew, tagsByKey, type Tags } from '../../cloudstack/tags.js';
import { hasOnlyClaim } from './own-network.js';
import { removeNetwork } from './remove-network.js';

/**
 * Makes a network that of a call alone, together with its marks: the call that made it, one that
 * takes it over and one that removes it may all be at work, and CloudStack puts on a tag once.
 * Answers false if another one was faster. `claim` is what nobody else has.
 */
export async function claimNetwork(
  client: CloudStackClient,
  id: string,
  claim: string,
  tags: Tags = {},
): Promise<boolean> {
  try {
    await tagNew(client, { type: 'Network', id }, { ...tags, [marks.claim]: claim });
    return true;
  } catch (failure) {
    if (!isCloudStackError(failure, 'conflict')) throw failure;
    return false;
  }
}

/** Removes a network, unless a call that keeps it has it by now; answers whether it is gone. */
export async function removeUnlessTaken(
  client: CloudStackClient,
  id: string,
  claim: string,
): Promise<boolean> {
  if (!(await mayRemove(client, id, claim))) return false;
  await removeNetwork(client, id);
  return true;
}

/** Without the right to tag a look has to do: calls of such a role cannot claim it either. */
async function mayRemove(client: CloudStackClient, id: string, claim: string): Promise<boolean> {
  try {
    if (await claimNetwork(client, id, claim)) return true;
  } catch (failure) {
    const cannotTag = isCloudStackError(failure, 'forbidden-api', 'permission');
    if (!cannotTag && !isGone(failure)) throw failure;
  }
  const network = await findById(client, 'listNetworks', id);
  if (network === undefined || tagsByKey(network.tags)[marks.claim] === claim) return true;
  // Whoever has claimed it without marks was to remove it, too.
  return hasOnlyClaim(network);
}

/** Whether a network that was to be claimed is there no more (ResourceManagerUtilImpl). */
export function isGone(failure: unknown): boolean {
  return isCloudStackError(failure, 'not-found', 'invalid');
}
