import type { CloudStackClient } from '../../cloudstack/client.js';
import type { ListCommand } from '../../cloudstack/commands.js';
import { isCloudStackError } from '../../cloudstack/errors.js';
import { findById } from '../../cloudstack/find-by-id.js';

/**
 * Works on a thing that somebody else may delete at the same time, of which CloudStack's texts say
 * little: that it is gone is a success. `command` lists such things.
 */
export async function unlessGone(
  client: CloudStackClient,
  command: ListCommand,
  id: string,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (failure) {
    if (isCloudStackError(failure, 'not-found')) return;
    const mayBeGone = isCloudStackError(failure, 'invalid', 'internal', 'internal-masked');
    if (mayBeGone && (await findById(client, command, id)) === undefined) return;
    throw failure;
  }
}
