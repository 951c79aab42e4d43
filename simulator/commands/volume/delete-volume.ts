import { isAdmin } from '../../declare/caller.js';
import { everyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { expungeVolume } from '../../world/volumes.js';
import { volumeNotFound } from './volume-rules.js';

/** Deletes a volume at once and for good (VolumeApiServiceImpl.destroyVolume with expunge). */
export const deleteVolume = syncCommand({
  name: 'deleteVolume',
  summary: 'Deletes a detached disk volume.',
  roles: everyRole,
  parameters: { id: entity('volume', { required: true, access: 'operate' }) },
  response: success,
  run: ({ world, caller }, { id: volume }) => {
    if (volume.removedMs !== null) throw volumeNotFound(volume);
    const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
    if (vm?.removedMs === null) {
      throw invalidParameter('Please specify a volume that is not attached to any VM.');
    }
    if (!isAdmin(caller) && !world.settings.get('allow.user.expunge.recover.volume')) {
      throw permissionDenied(
        'Expunging a volume can only be done by an Admin. Or when the allow.user.expunge.recover.volume key is set.',
      );
    }
    if (volume.state === 'Attaching') throw cloudRuntime('Failed to delete volume');
    expungeVolume(world, volume);
    return undefined;
  },
});
