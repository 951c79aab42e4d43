import type { CloudStackClient } from '../../cloudstack/client.js';
import { isCloudStackError } from '../../cloudstack/errors.js';

/** Deletes a detached volume for good; one that is gone already is a success. */
export async function deleteVolume(client: CloudStackClient, volumeId: string): Promise<void> {
  try {
    await client.call('deleteVolume', { id: volumeId });
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found')) throw failure;
  }
}
