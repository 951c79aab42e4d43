import { assertMayOperate } from '../../declare/access.js';
import { isAdmin } from '../../declare/caller.js';
import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import { accountSetting } from '../../world/settings/configurations.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import { detachVolume, recoverVolume as recover } from '../../world/storage/volumes.js';
import { volumeResponse } from './volume-response.js';
import { limitAsInvalid, volumeText } from './volume-rules.js';

/**
 * Takes a destroyed volume back (VolumeApiServiceImpl.recoverVolume). One that never was on a pool,
 * which a failed deployment leaves, CloudStack takes for Ready, and trips over it later; here it is
 * refused.
 */
export const recoverVolume = syncCommand({
  name: 'recoverVolume',
  summary: 'Takes back a volume that was destroyed and not deleted yet.',
  roles: everyRole,
  grantedByType: true,
  since: '4.14.0',
  parameters: { id: entity('volume', { required: true }) },
  response: objectOf(volumeResponse),
  run: (context, { id: volume }) => {
    const { world, caller } = context;
    if (volume.removedMs !== null) {
      throw invalidParameter(`Unable to find a volume with id ${volume.internalId}`);
    }
    const isAllowed = accountSetting(world, caller.account, 'allow.user.expunge.recover.volume');
    if (!isAdmin(caller) && !isAllowed) {
      throw permissionDenied(
        'Recovering a volume can only be done by an Admin. Or when the allow.user.expunge.recover.volume key is set.',
      );
    }
    assertMayOperate(context, 'volume', volume);
    if (volume.state !== 'Destroy') {
      throw invalidParameter('Please specify a volume in Destroy state.');
    }
    const owner = world.accounts.require(volume.accountId);
    limitAsInvalid(() => {
      assertWithinLimits(world, owner, { primary_storage: volume.sizeBytes });
    });
    if (volume.poolId === null) {
      throw cloudRuntime(`Failed to recover volume ${volumeText(world, volume)}`);
    }
    detachVolume(world, volume);
    recover(world, volume);
    return volume;
  },
});
