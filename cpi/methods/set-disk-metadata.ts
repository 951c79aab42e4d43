import { applyTags, tagsByKey } from '../cloudstack/tags.js';
import { object, text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { requireVolume } from './shared/live-resources.js';
import { tagsOfMetadata } from './shared/metadata.js';
import { whileThere } from './shared/while-there.js';

export const setDiskMetadata = defineMethod({
  name: 'set_disk_metadata',
  summary: 'Gives a persistent disk the metadata as tags.',
  arguments: [text('disk_cid'), object('metadata')],
  run: async (call, [diskCid, metadata]) => {
    const volume = await requireVolume(call, diskCid);
    await whileThere(call, { diskCid }, () =>
      applyTags(
        call.client,
        { type: 'Volume', id: volume.id },
        tagsOfMetadata(metadata),
        tagsByKey(volume.tags),
      ),
    );
    return null;
  },
});
