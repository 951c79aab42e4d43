import { sizeInMib, text } from './call/argument.js';
import { defineMethod } from './call/method.js';
import { growVolume } from './disk/grow-volume.js';
import { requireSettledVolume } from './disk/settled-volume.js';
import { whileThere } from './shared/while-there.js';

export const resizeDisk = defineMethod({
  name: 'resize_disk',
  summary: 'Makes a disk larger in place; one that is large enough already is a success.',
  arguments: [text('disk_cid'), sizeInMib('new_size_mib')],
  rules: [
    'Sizes are rounded up to whole GiB. What CloudStack cannot do in place (a smaller size, a disk ' +
      'offering of a fixed size, a pool without room) is answered with `NotSupported`, at which ' +
      'Directors copy the content to a new disk.',
  ],
  run: async (call, [diskCid, newSizeMib]) => {
    const volume = await requireSettledVolume(call, diskCid);
    await whileThere(call, { diskCid }, () => growVolume(call, volume, newSizeMib));
    return null;
  },
});
