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

/** Deletes what a createVolume left whose answer may have been lost: our names are unique. */
export async function deleteVolumesNamed(client: CloudStackClient, name: string): Promise<void> {
  const volumes = await client.list('listVolumes', { name });
  for (const volume of volumes) {
    if (volume.name === name) await deleteVolume(client, volume.id);
  }
}
