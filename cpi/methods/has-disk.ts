import { findVolume } from '../cloudstack/find-resources.js';
import { text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { isLiveVolume } from './shared/live-resources.js';

export const hasDisk = defineMethod({
  name: 'has_disk',
  summary: 'Says whether a disk exists; one that is being deleted does not.',
  arguments: [text('disk_cid')],
  run: async ({ client }, [diskCid]) => isLiveVolume(await findVolume(client, diskCid)),
});
