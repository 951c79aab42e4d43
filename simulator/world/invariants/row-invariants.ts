import type { NicRow, VmRow, VolumeRow } from '../entities.js';
import { isGone } from '../table.js';
import type { World } from '../world.js';
import { jobOutcome } from './job-invariants.js';
import { deviceOfVolume, placeOfVolume, stateInStore } from './storage-invariants.js';

/**
 * What is true of a row after every event, also in the midst of what a request or a job does. Each
 * violation is a sentence. What several rows must agree on is true only between two requests, or
 * steps of jobs: that is for checkInvariants.
 */
export function checkRow(world: World, entity: string, id: string): string[] {
  switch (entity) {
    case 'volume':
      return rowOf(world.volumes, id).flatMap((row) => volume(world, row));
    case 'virtualmachine':
      return rowOf(world.vms, id).flatMap(placeOfVm);
    case 'nic':
      return rowOf(world.nics, id).flatMap((row) => addressOfNic(world, row));
    case 'storagepool':
      return negativePromise(world, id);
    case 'templatezone':
      return rowOf(world.templateZones, id).flatMap(stateInStore);
    case 'asyncjob':
      return rowOf(world.jobs, id).flatMap(jobOutcome);
    default:
      return [];
  }
}

function rowOf<Row extends { readonly removedMs: number | null }>(
  table: { get(id: string): Row | undefined },
  id: string,
): Row[] {
  const row = table.get(id);
  return row === undefined || row.removedMs !== null ? [] : [row];
}

function volume(world: World, row: VolumeRow): string[] {
  const { id, vmId, poolId, sizeBytes } = row;
  return [
    ...placeOfVolume(row),
    ...deviceOfVolume(row),
    ...(sizeBytes >= 0 ? [] : [`volume ${id} takes ${sizeBytes}`]),
    ...(vmId === null || !isGone(world.vms.get(vmId))
      ? []
      : [`volume ${id} belongs to VM ${vmId}, which is removed`]),
    ...(poolId === null ? [] : negativePromise(world, poolId)),
  ];
}

function negativePromise(world: World, poolId: string): string[] {
  const bytes = world.volumes.total('poolId', poolId, 'bytes');
  return bytes >= 0 ? [] : [`pool ${poolId} holds ${bytes} bytes`];
}

function placeOfVm({ id, state, hostId }: VmRow): string[] {
  if (state === 'Running' && hostId === null) return [`VM ${id} is Running without a host`];
  if (!OFF_HOST.has(state) || hostId === null) return [];
  return [`VM ${id} is ${state} and has host ${hostId}`];
}

const OFF_HOST: ReadonlySet<string> = new Set(['Stopped', 'Destroyed', 'Expunging', 'Error']);

function addressOfNic({ nics }: World, { id, networkId, ipAddress }: NicRow): string[] {
  if (ipAddress === null) return [];
  return nics
    .where('ipAddress', ipAddress)
    .filter((other) => other.id !== id && other.networkId === networkId)
    .map((other) => `NICs ${id} and ${other.id} both hold ${ipAddress} in network ${networkId}`);
}
