import { accountSetting } from '../../world/settings/configurations.js';
import { isAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { VolumeRow } from '../../world/entities.js';
import { isBeingSnapshotted } from '../../world/storage/snapshots.js';
import { destroyVolume, expungeVolume, isDestroyed } from '../../world/storage/volumes.js';
import { volumeNotFound } from './volume-rules.js';

/**
 * Destroys a volume that no VM has, and with `expunge` deletes it for good. One that is destroyed
 * already stays so (VolumeApiServiceImpl.destroyVolume).
 */
export function destroyDetachedVolume(
  context: CommandContext,
  volume: VolumeRow,
  expunge: boolean,
): void {
  const { world } = context;
  if (volume.removedMs !== null) throw volumeNotFound(volume);
  if (isBeingSnapshotted(world, volume)) {
    throw invalidParameter(
      'There are snapshot operations in progress on the volume, unable to delete it',
    );
  }
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  if (vm?.removedMs === null) {
    throw invalidParameter('Please specify a volume that is not attached to any VM.');
  }
  if (volume.deleteProtection) {
    throw invalidParameter(
      `Volume [id = ${volume.id}, name = ${volume.name}] has delete protection enabled and cannot be deleted.`,
    );
  }
  if (expunge) assertMayExpungeVolumes(context);
  else if (volume.state === 'Allocated') {
    throw invalidParameter(
      'The volume in Allocated/Uploaded state can only be expunged not destroyed/recovered',
    );
  }
  // Attaching it to a VM has begun, but does not show as an attachment yet; or it is at work.
  if (['Attaching', 'Resizing', 'Migrating'].includes(volume.state)) {
    throw cloudRuntime('Failed to delete volume');
  }
  if (expunge) expungeVolume(world, volume);
  else if (!isDestroyed(volume)) destroyVolume(world, volume);
}

/** Admins may expunge volumes, others where the setting lets them. */
export function assertMayExpungeVolumes({ world, caller }: CommandContext): void {
  if (isAdmin(caller) || accountSetting(world, caller.account, 'allow.user.expunge.recover.volume'))
    return;
  throw permissionDenied(
    'Expunging a volume can only be done by an Admin. ' +
      'Or when the allow.user.expunge.recover.volume key is set.',
  );
}
