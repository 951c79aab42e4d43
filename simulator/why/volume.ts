import type { StoragePoolRow, VmRow, VolumeRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { policiesOfVolume, snapshotsInTheWay, vmSnapshotsInTheWay } from './snapshots.js';
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
    ];
  }
  if (state === 'Destroy') return ['It is in state Destroy: it was deleted, and can be recovered.'];
  if (state === 'Expunging' || state === 'Expunged') {
    const since = removedMs === null ? '' : ` at ${timeText(removedMs)}`;
    return [`It is ${state}: it was deleted${since}, and nothing brings it back.`];
  }
  return [`It is ${state}.`, ...workOn(world, volume)];
}

function workOn(world: World, volume: VolumeRow): string[] {
  const jobs = world.jobs.where('instanceId', volume.id);
  return jobs
    .filter(({ state }) => state === 'pending')
    .map(({ id, command }) => `Job ${id} (${command}) works on it.`);
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
  return [`It lies on storage pool ${pool.name}, ${reach(world, pool)}`];
}

function reach(world: World, pool: StoragePoolRow): string {
  if (pool.hostId !== null) {
    const host = world.hosts.require(pool.hostId).name;
    return (
      `the local storage of host ${host}: only a VM on ${host} can have it, so a VM that has run ` +
      'elsewhere is refused, and one that has never run is started there.'
    );
  }
  if (pool.clusterId !== null) {
    const cluster = world.clusters.require(pool.clusterId).name;
    return `which the hosts of cluster ${cluster} share.`;
  }
  return 'which all hosts of the zone share.';
}
