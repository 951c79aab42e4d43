import type { CloudStackClient } from './client.js';
import type { ListCommand, ResultOf } from './commands.js';
import { isCloudStackError } from './errors.js';
import type { Parameters } from './parameters.js';

/**
 * What a list command finds under `id`; undefined when there is none. CloudStack answers an empty
 * list for an id that is gone, and an error for one that it never knew: both mean the same here.
 */
export async function findById<Name extends ListCommand>(
  client: CloudStackClient,
  command: Name,
  id: string,
  within: Parameters = {},
): Promise<ResultOf<Name> | undefined> {
  const found = await listUnlessGone(client, command, { ...within, id });
  return found?.[0];
}

/**
 * What a list command finds that is asked for what belongs to something else, such as the VMs
 * behind a rule; undefined when that is gone, which CloudStack tells with an error.
 */
export async function listUnlessGone<Name extends ListCommand>(
  client: CloudStackClient,
  command: Name,
  parameters: Parameters,
): Promise<ResultOf<Name>[] | undefined> {
  try {
    return await client.list(command, parameters);
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return undefined;
    throw failure;
  }
}
