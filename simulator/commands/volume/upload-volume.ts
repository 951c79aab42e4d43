import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { followOrder, orderDownload } from '../../world/storage/image-downloads.js';
import { assertTakesVolume } from '../../world/storage/image-store-space.js';
import { NO_IMAGE } from '../../world/storage/stored-images.js';
import {
  assertMayBegin,
  assertMayUpload,
  enterUpload,
  volumeUploadParameters,
} from './volume-upload.js';
import { volumeResponse } from './volume-response.js';

/**
 * Enters a volume whose image the secondary storage VM then fetches; the job does not wait for that
 * (VolumeApiServiceImpl.uploadVolume, VolumeServiceImpl.registerVolume). Without a secondary storage
 * VM nothing is fetched, and nothing tells why.
 */
export const uploadVolume = asyncCommand({
  name: 'uploadVolume',
  summary: 'Enters a volume by a URL, from which CloudStack downloads its image.',
  roles: everyRole,
  javaClass: {
    user: 'user.volume.UploadVolumeCmd',
    rootAdmin: 'admin.volume.UploadVolumeCmdByAdmin',
  },
  parameters: { ...volumeUploadParameters, url: text({ required: true, maxLength: 2_048 }) },
  response: objectOf(volumeResponse),
  check: (context, args) => void ownerOfNew(context, args),
  asksForSize: (context, args) => {
    assertMayBegin(context, ownerOfNew(context, args), args);
    return args.url;
  },
  steps: [
    (context, args) => {
      const { world } = context;
      const { zoneid: zone, name, checksum, url } = args;
      const owner = ownerOfNew(context, args);
      const chosen = assertMayUpload(context, owner, args);
      const volume = enterUpload(world, owner, {
        name,
        zoneId: zone.id,
        state: 'Allocated',
        sizeBytes: context.imageBytes,
        ...chosen,
      });
      // Where there is no room for it, the entry stays.
      assertTakesVolume(world, zone);
      world.volumes.move(volume, 'UploadRequested');
      const order = zone.secondaryStorageVmUp ? orderDownload(world, checksum ?? null) : null;
      const image = world.volumeImages.insert({
        volumeId: volume.id,
        zoneId: zone.id,
        url,
        ...NO_IMAGE,
        checksum: checksum ?? null,
        ...(order ?? { errorText: null }),
      });
      followOrder(world, image);
      return done(volume);
    },
  ],
});
