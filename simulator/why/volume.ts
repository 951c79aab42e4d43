import type { VmRow, VolumeRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { failures, pendingJobs } from './jobs.js';
import { noPoolTakes, reachOf, troubleOfHost, troubleOfPool } from './pool.js';
import { policiesOfVolume, snapshotsInTheWay, vmSnapshotsInTheWay } from './snapshots.js';
import { uploadText } from './upload.js';
import { vmName } from './vm.js';

/** Why volumes are where and in which state they are. @throws NothingToExplain */
export function explainVolume(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.volumes, idOrName).map((volume) => ({
    about: `volume ${volume.name} (${volume.id})`,
    because: [
      ...stateOf(world, volume),
      ...snapshotsInTheWay(world, volume),
      ...policiesOfVolume(world, volume),
      ...attachment(world, volume),
      ...place(world, volume),
      ...(volume.removedMs === null ? failures(world, volume.id) : []),
    ],
    rowIds: [volume.id],
  }));
}

function stateOf(world: World, volume: VolumeRow): string[] {
  const { state, removedMs } = volume;
  if (state === 'Allocated') {
    return [
      'It is Allocated: it is a row in the database, on no storage until a VM that it is attached ' +
        'to runs, or until it is attached to one that has run.',
      ...noPoolTakes(world, volume),
    ];
  }
  if (state === 'Destroy') return ['It is in state Destroy: it was deleted, and can be recovered.'];
  if (state === 'Expunging' || state === 'Expunged') {
    const since = removedMs === null ? '' : ` at ${timeText(removedMs)}`;
    return [`It is ${state}: it was deleted${since}, and nothing brings it back.`];
  }
  return [`It is ${state}.`, ...workOn(world, volume), ...uploadOf(world, volume)];
}

function workOn(world: World, volume: VolumeRow): string[] {
  return pendingJobs(world, volume.id).map(
    ({ id, command }) => `Job ${id} (${command}) works on it.`,
  );
}

function uploadOf(world: World, { id, state }: VolumeRow): string[] {
  const isFailed = state === 'UploadError';
  return world.volumeImages.where('volumeId', id).flatMap((image) => uploadText(image, isFailed));
}

function attachment(world: World, volume: VolumeRow): string[] {
  if (volume.removedMs !== null) return [];
  if (volume.vmId === null) return ['It is attached to no VM.'];
  const vm = world.vms.require(volume.vmId);
  const at = `It is attached to ${vmName(vm)}, which is ${vm.state}, as device ${volume.deviceId ?? '?'}.`;
  const blocked = vmSnapshotsInTheWay(world, vm.id);
  return volume.type === 'ROOT' ? [at, rootEnds(vm), ...blocked] : [at, ...blocked];
}

function rootEnds(vm: VmRow): string {
  return `As its root volume it ends when ${vmName(vm)} is expunged.`;
}

function place(world: World, volume: VolumeRow): string[] {
  if (volume.poolId === null || volume.removedMs !== null) return [];
  const pool = world.storagePools.require(volume.poolId);
  const vm = volume.vmId === null ? undefined : world.vms.require(volume.vmId);
  return [
    `It lies on storage pool ${pool.name}, ${reachOf(world, pool)}`,
    ...(pool.hostId === null || vm?.state === 'Running'
      ? []
      : troubleOfHost(world, world.hosts.require(pool.hostId), vm)),
    ...troubleOfPool(world, pool),
  ];
}
