import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity, flag } from '../../declare/parameter.js';
import { destroyDetachedVolume } from './volume-destruction.js';
import { volumeResponse } from './volume-response.js';

/**
 * Destroys a volume, which can be recovered until the storage is cleaned up, or with `expunge` deletes
 * it for good (DestroyVolumeCmd, VolumeApiServiceImpl.destroyVolume).
 */
export const destroyVolume = asyncCommand({
  name: 'destroyVolume',
  summary: 'Destroys a detached volume, which can be recovered for a while.',
  roles: everyRole,
  grantedByType: true,
  since: '4.14.0',
  parameters: {
    id: entity('volume', { required: true, access: 'operate' }),
    expunge: flag({ since: '4.6.0' }),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => ({ type: 'Volume', id: id.id }),
  steps: [
    (context, { id: volume, expunge }) => {
      destroyDetachedVolume(context, volume, expunge === true ? 'expunge' : 'destroy');
      return done(volume);
    },
  ],
});
