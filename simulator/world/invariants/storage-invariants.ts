import type { SnapshotRow, TemplateZoneRow, VolumeRow } from '../entities.js';
import { isUploaded } from '../storage/volume-images.js';
import { isOnPool } from '../storage/volumes.js';
import { snapshotPolicies, snapshotsOnStores } from './snapshot-store-invariants.js';
import { repeated } from '../repeated.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';

// What is true of volumes and snapshots between two changes; each violation is a sentence.

/** What is true of each volume by itself, and of what is taken of it. */
export function volumeStates(world: World): string[] {
  return world.volumes
    .all()
    .flatMap((volume) => [
      ...placeOfVolume(volume),
      ...deviceOfVolume(volume),
      ...imageOf(world, volume),
      ...takenSnapshots(world, volume),
    ]);
}

/** A volume has a pool exactly as long as it exists on one. */
export function placeOfVolume(volume: VolumeRow): string[] {
  if (volume.state === 'Allocated' && volume.poolId !== null) {
    return [`volume ${volume.id} is Allocated and has pool ${volume.poolId}`];
  }
  if (isOnPool(volume) && volume.poolId === null) {
    return [`volume ${volume.id} is ${volume.state} without a pool`];
  }
  return [];
}

/** A volume has a device id exactly as long as a VM has it (VolumeDaoImpl.attachVolume, detachVolume). */
export function deviceOfVolume({ id, vmId, deviceId }: VolumeRow): string[] {
  if (vmId === null && deviceId !== null) return [`volume ${id} is device ${deviceId} of no VM`];
  if (vmId !== null && deviceId === null) return [`volume ${id} is no device of VM ${vmId}`];
  return [];
}

/** What is uploaded is in secondary storage until it is on a pool. */
function imageOf(world: World, { id, state, poolId }: VolumeRow): string[] {
  if (!isUploaded(state)) return [];
  const images = world.volumeImages.count('volumeId', id);
  return [
    ...(images === 1 ? [] : [`volume ${id} is ${state} and has ${images} images`]),
    ...(poolId === null || state === 'Copying' ? [] : [`volume ${id} is ${state} on ${poolId}`]),
  ];
}

/** Nothing is kept of a volume that is gone. */
export function volumeImageOwners(world: World): string[] {
  return world.volumeImages
    .all()
    .filter(({ volumeId }) => isGone(world.volumes.get(volumeId)))
    .map(({ id, volumeId }) => `image ${id} is of volume ${volumeId}, which is gone`);
}

/** The nodes of a guest that runs lead to volumes of its VM, each of them from one node. */
export function guestDevices(world: World): string[] {
  return world.vms.all().flatMap((vm) => {
    if (vm.state !== 'Running') return [];
    const volumeIds = Object.values(vm.guestDevices);
    return [
      ...volumeIds
        .filter((id) => world.volumes.get(id)?.vmId !== vm.id)
        .map((id) => `the guest of VM ${vm.id} has volume ${id}, which its VM has not`),
      ...repeated(volumeIds, (id) => id).map(
        ([id]) => `volume ${id} is at two nodes of the guest of VM ${vm.id}`,
      ),
    ];
  });
}

/** What is in image stores is of templates that are there, and ready exactly when all of it has come. */
export function templatesInStores(world: World): string[] {
  return world.templateZones
    .all()
    .flatMap((inZone) => [
      ...stateInStore(inZone),
      ...(isGone(world.templates.get(inZone.templateId))
        ? [`image ${inZone.id} is of template ${inZone.templateId}, which is gone`]
        : []),
    ]);
}

/** Whether a template is ready its state in the store and that of its download tell alike. */
export function stateInStore({ id, state, downloadState }: TemplateZoneRow): string[] {
  if (state === 'Destroying' || state === 'Destroyed') return [];
  return (state === 'Ready') === (downloadState === 'DOWNLOADED')
    ? []
    : [`image ${id} is ${state} and ${downloadState ?? 'not downloaded'}`];
}

/** Pools have copies only of templates that are there. */
export function preparedTemplateOwners(world: World): string[] {
  return world.preparedTemplates
    .all()
    .filter(({ templateId }) => isGone(world.templates.get(templateId)))
    .map(
      ({ templateId, poolId }) => `pool ${poolId} was given template ${templateId}, which is gone`,
    );
}

/** Snapshots are taken one at a time, and the volume's state says so. */
function takenSnapshots(world: World, volume: VolumeRow): string[] {
  const taken = world.snapshots.where('volumeId', volume.id);
  const creating = taken.filter(({ state }) => state === 'Creating').length;
  const expected = volume.state === 'Snapshotting' ? 1 : 0;
  if (creating === expected) return [];
  return [`volume ${volume.id} is ${volume.state} while ${creating} snapshots of it are Creating`];
}

/** A snapshot may outlive its volume, but not while it is taken. */
export function snapshotStates(world: World): string[] {
  return [
    ...snapshotsOnStores(world),
    ...snapshotPolicies(world),
    ...world.snapshots
      .all()
      .flatMap((snapshot) => [
        ...volumeOf(world, snapshot),
        ...(snapshot.state === 'Destroyed'
          ? [`snapshot ${snapshot.id} is Destroyed and listed`]
          : []),
      ]),
  ];
}

function volumeOf(world: World, { id, state, volumeId }: SnapshotRow): string[] {
  const volume = world.volumes.get(volumeId);
  if (volume === undefined) return [`snapshot ${id} is of volume ${volumeId}, which never was`];
  if (state !== 'Creating' || volume.removedMs === null) return [];
  return [`snapshot ${id} is ${state} and its volume ${volumeId} is removed`];
}
