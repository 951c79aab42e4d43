import { everyRole, syncCommand } from '../../declare/command.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { assertTakesVolume } from '../../world/storage/image-store-space.js';
import { NO_IMAGE, imageStoreOf } from '../../world/storage/stored-images.js';
import { awaitUpload, toldAsInternal, uploadParamsResponse } from '../template/upload-params.js';
import { assertMayUpload, enterUpload, volumeUploadParameters } from './volume-upload.js';

/**
 * Enters a volume that has no image yet, and says where and how the caller may post one
 * (GetUploadParamsForVolumeCmd, VolumeApiServiceImpl.uploadVolume).
 */
export const getUploadParamsForVolume = syncCommand({
  name: 'getUploadParamsForVolume',
  summary: 'Enters a volume whose image the caller then uploads.',
  roles: everyRole,
  since: '4.6.0',
  wrapper: 'postuploadvolumeresponse',
  parameters: volumeUploadParameters,
  response: uploadParamsResponse,
  run: (context, args) => {
    const { world } = context;
    const { zoneid: zone, name, checksum } = args;
    const owner = ownerOfNew(context, args);
    const chosen = toldAsInternal('exception while uploading a volume', () =>
      assertMayUpload(context, owner, args),
    );
    assertTakesVolume(world, zone);
    if (!zone.secondaryStorageVmUp) {
      throw cloudRuntime(`There is no secondary storage VM for image store ${imageStoreOf(zone)}`);
    }
    const volume = enterUpload(world, owner, {
      name,
      zoneId: zone.id,
      state: 'NotUploaded',
      ...chosen,
    });
    const image = world.volumeImages.insert({
      volumeId: volume.id,
      zoneId: zone.id,
      url: null,
      ...NO_IMAGE,
      checksum: checksum ?? null,
    });
    return awaitUpload(context, image);
  },
});
