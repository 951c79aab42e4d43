import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, objectOf, rootOnlyRole } from '../../declare/command.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { StoragePoolRow, VolumeRow } from '../../world/entities.js';
import { hasRoom } from '../../world/storage/pool-space.js';
import { isInReach } from '../../world/storage/storage-pools.js';
import type { VolumeEvent } from '../../world/states/volume.js';
import type { World } from '../../world/world.js';
import { volumeResponse } from './volume-response.js';

/**
 * Gives a volume another name, or keeps it from being deleted; by default only root admins may. They
 * may also write into the row what CloudStack then believes (VolumeApiServiceImpl.updateVolume): what
 * would be true of no volume here is refused.
 */
export const updateVolume = asyncCommand({
  name: 'updateVolume',
  summary: 'Renames a volume, protects it from being deleted, or mends what is known of it.',
  roles: rootOnlyRole,
  javaClass: {
    user: 'user.volume.UpdateVolumeCmd',
    rootAdmin: 'admin.volume.UpdateVolumeCmdByAdmin',
  },
  parameters: {
    id: entity('volume', { access: 'operate' }),
    name: text({ since: '4.16' }),
    deleteprotection: flag({ since: '4.20.0' }),
    path: text({ rootOnly: true }),
    chaininfo: text({ since: '4.4', rootOnly: true }),
    state: text({ since: '4.3', rootOnly: true }),
    storageid: entity('storagepool', { since: '4.3', rootOnly: true }),
    displayvolume: flag({ rootOnly: true }),
  },
  response: objectOf(volumeResponse),
  subject: ({ id }) => ({ type: 'Volume', id: id?.id ?? '' }),
  check: (_, { id: volume }) => {
    if (volume === undefined) throw invalidParameter('Invalid volume id was provided');
  },
  steps: [
    (context, { id: volume, state, storageid: pool, ...asked }) => {
      const { world } = context;
      if (volume === undefined || volume.removedMs !== null) {
        throw invalidParameter("The volume id doesn't exist");
      }
      assertMayOperate(context, 'volume', volume);
      const event = state === undefined ? undefined : eventTo(volume, state);
      if (pool !== undefined) assertMayLieOn(world, volume, pool);
      if (event !== undefined) world.volumes.move(volume, event, { destroyedMs: null });
      world.volumes.change(volume, {
        ...(asked.path === undefined ? {} : { path: asked.path }),
        ...(asked.chaininfo === undefined ? {} : { chainInfo: asked.chaininfo }),
        ...(pool === undefined ? {} : { poolId: pool.id }),
        ...(asked.name === undefined ? {} : { name: asked.name }),
        ...(asked.deleteprotection === undefined
          ? {}
          : { deleteProtection: asked.deleteprotection }),
        ...(asked.displayvolume === undefined ? {} : { isDisplayed: asked.displayvolume }),
      });
      return done(volume);
    },
  ],
});

/**
 * The change of state that writes what a root admin wants: of a volume on a pool that is stuck, or was
 * destroyed, to Ready. Undefined where it is so already.
 */
function eventTo(volume: VolumeRow, state: string): VolumeEvent | undefined {
  if (!STATES.includes(state)) throw invalidParameter('Invalid volume state specified');
  if (state === volume.state) return undefined;
  const event = volume.state === 'Destroy' ? 'RecoverRequested' : 'OperationSucceeded';
  const isTaken = volume.state === 'Snapshotting' || volume.state === 'Copying';
  if (state === 'Ready' && volume.poolId !== null && !isTaken) return event;
  throw notSimulated(`a volume that is ${volume.state} into the state ${state}`);
}

function assertMayLieOn(world: World, volume: VolumeRow, pool: StoragePoolRow): void {
  if (pool.zoneId !== volume.zoneId) {
    throw invalidParameter(
      "Invalid storageId specified; refers to the pool outside of the volume's zone",
    );
  }
  if (volume.poolId === null) throw notSimulated('a volume that was never on a pool onto one');
  if (volume.poolId === pool.id) return;
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  const host = vm?.hostId ? world.hosts.require(vm.hostId) : undefined;
  const isReached = host === undefined || isInReach(pool, host);
  const { sizeBytes: bytes, templateId } = volume;
  if (isReached && hasRoom(world, pool, [{ bytes, templateId }])) return;
  throw notSimulated(`a volume onto the pool ${pool.name}, where it cannot be,`);
}

function notSimulated(what: string): Error {
  return serverApiError(432, `The simulator does not write ${what}: nothing would be right there`);
}

/** com.cloud.storage.Volume.State. */
const STATES: readonly string[] = [
  'Allocated',
  'Creating',
  'Ready',
  'Migrating',
  'Snapshotting',
  'RevertSnapshotting',
  'Resizing',
  'Expunging',
  'Expunged',
  'Destroying',
  'Destroy',
  'UploadOp',
  'Copying',
  'Uploaded',
  'NotUploaded',
  'UploadInProgress',
  'UploadError',
  'UploadAbandoned',
  'Attaching',
  'Restoring',
];
