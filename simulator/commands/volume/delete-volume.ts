import { everyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { destroyDetachedVolume } from './volume-destruction.js';

/** Deletes a volume at once and for good (DeleteVolumeCmd.execute). */
export const deleteVolume = syncCommand({
  name: 'deleteVolume',
  summary: 'Deletes a detached disk volume.',
  roles: everyRole,
  parameters: { id: entity('volume', { required: true, access: 'operate' }) },
  response: success,
  run: (context, { id: volume }) => {
    destroyDetachedVolume(context, volume, 'delete');
    return undefined;
  },
});
