import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, objectOf, rootOnlyRole } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { volumeResponse } from './volume-response.js';

/**
 * Gives a volume another name, or keeps it from being deleted. By default only root admins may
 * (VolumeApiServiceImpl.updateVolume).
 */
export const updateVolume = asyncCommand({
  name: 'updateVolume',
  summary: 'Renames a volume, or protects it from being deleted.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('volume', { access: 'operate' }),
    name: text({ since: '4.16' }),
    deleteprotection: flag({ since: '4.20.0' }),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => id && { type: 'Volume', id: id.id },
  check: (_, { id: volume }) => {
    if (volume === undefined) throw invalidParameter('Invalid volume id was provided');
  },
  steps: [
    (context, { id: volume, name, deleteprotection }) => {
      const { volumes } = context.world;
      if (volume === undefined || volume.removedMs !== null) {
        throw invalidParameter("The volume id doesn't exist");
      }
      assertMayOperate(context, 'volume', volume);
      volumes.change(volume, {
        ...(name === undefined ? {} : { name }),
        ...(deleteprotection === undefined ? {} : { deleteProtection: deleteprotection }),
      });
      return done(volume);
    },
  ],
});
