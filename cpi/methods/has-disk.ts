import { findVolume } from '../cloudstack/find-resources.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { isLiveVolume, wayBackOf } from './shared/live-resources.js';

export const hasDisk = defineMethod({
  name: 'has_disk',
  summary: 'Says whether a disk exists; one that is being deleted does not.',
  arguments: [text('disk_cid')],
  run: async ({ client, log }, [diskCid]) => {
    const volume = await findVolume(client, diskCid);
    const wayBack = wayBackOf(volume, diskCid);
    if (wayBack !== undefined) log(`warning: ${wayBack}`);
    return isLiveVolume(volume);
  },
});
