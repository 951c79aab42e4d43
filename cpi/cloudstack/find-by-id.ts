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
  try {
    const found = await client.list(command, { ...within, id });
    return found[0];
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return undefined;
    throw failure;
  }
}
