import { accountSetting } from '../../world/settings/configurations.js';
import { isAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { cloudRuntime, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type { VolumeRow } from '../../world/entities.js';
import { imageOfVolume } from '../../world/storage/volume-images.js';
import { isBeingSnapshotted } from '../../world/storage/snapshots.js';
import { destroyVolume, expungeVolume, isDestroyed } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import { volumeNotFound } from './volume-rules.js';

/**
 * Destroys a volume that no VM has, or deletes it for good; only to expunge a volume asks for a
 * right. One that is destroyed already stays so (VolumeApiServiceImpl.destroyVolume).
 */
export function destroyDetachedVolume(
  context: CommandContext,
  volume: VolumeRow,
  kind: 'destroy' | 'expunge' | 'delete',
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
  assertNotUploading(world, volume);
  if (volume.deleteProtection) {
    throw invalidParameter(
      `Volume [id = ${volume.id}, name = ${volume.name}] has delete protection enabled and cannot be deleted.`,
    );
  }
  if (kind === 'expunge') assertMayExpungeVolumes(context);
  if (kind === 'destroy' && (volume.state === 'Allocated' || volume.state === 'Uploaded')) {
    throw invalidParameter(
      'The volume in Allocated/Uploaded state can only be expunged not destroyed/recovered',
    );
  }
  // Attaching it to a VM has begun, but does not show as an attachment yet; or it is at work.
  if (!isDestroyed(volume) && !world.volumes.allows(volume, 'DestroyRequested')) {
    throw cloudRuntime('Failed to delete volume');
  }
  if (kind !== 'destroy') expungeVolume(world, volume);
  else if (!isDestroyed(volume)) destroyVolume(world, volume);
}

/** One by URL stays as long as its bytes come, a posted one as long as they may. */
function assertNotUploading(world: World, volume: VolumeRow): void {
  const image = volume.state === 'UploadOp' ? imageOfVolume(world, volume.id) : undefined;
  if (image?.downloadState === 'DOWNLOAD_IN_PROGRESS') {
    throw invalidParameter('Please specify a volume that is not uploading');
  }
  if (volume.state !== 'NotUploaded' && volume.state !== 'UploadInProgress') return;
  throw invalidParameter(
    'The volume is either getting uploaded or it may be initiated shortly, please wait for it to be completed',
  );
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
