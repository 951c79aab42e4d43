import { JOB_LATE_STEP_TASK } from '../jobs.js';
import type { JobRow, VolumeRow } from '../entities.js';
import type { BaseRow } from '../base-row.js';
import type { Table } from '../table.js';
import type { World } from '../world.js';

// What is true of jobs and of what they have in hand; each violation is a sentence.

/**
 * A VM, router or volume between two states is in the hands of a job that is at work, or the VM
 * leaves a host that is to be maintained. Faults may leave one there for good, so that nothing
 * follows from it once a world had a fault plan; nor while something
 * goes on behind a job that was given up.
 */
export function operations(world: World): string[] {
  if (world.kernel.ids.count('faultrule') > 0) return [];
  const broken = withoutJobs(world);
  // Seldom needed, and all tasks have to be looked at.
  if (broken.length === 0 || isLateStepDue(world)) return [];
  return broken;
}

function isLateStepDue({ kernel }: World): boolean {
  return kernel.dueAtMs(JOB_LATE_STEP_TASK) !== undefined;
}

function withoutJobs(world: World): string[] {
  const atWork = new Set(
    world.jobs
      .where('state', 'pending')
      .filter(({ startedMs }) => startedMs !== null)
      .flatMap((job) => [job.instanceId, askedFor(job)]),
  );
  const evacuees = new Set(world.hosts.all().flatMap((host) => Object.keys(host.evacuees)));
  return [
    ...world.vms
      .all()
      .filter(({ id, state }) => VM_OPERATIONS.has(state) && !atWork.has(id) && !evacuees.has(id))
      .map(({ id, state }) => `VM ${id} is ${state}, and no job works on it`),
    ...world.routers
      .all()
      .filter(({ id, state }) => VM_OPERATIONS.has(state) && !atWork.has(id))
      .map(({ id, state }) => `router ${id} is ${state}, and no job works on it`),
    ...world.volumes
      .all()
      .filter((volume) => VOLUME_OPERATIONS.has(volume.state) && !isInHand(world, volume, atWork))
      .map(({ id, state }) => `volume ${id} is ${state}, and no job works on it`),
    ...world.storagePools
      .all()
      .filter(({ id, state }) => state === 'PrepareForMaintenance' && !atWork.has(id))
      .map(({ id, state }) => `storage pool ${id} is ${state}, and no job works on it`),
  ];
}

/** A job may tell nothing that it is about, and yet was asked for something, by a name in any case. */
function askedFor({ parameters }: JobRow): string | null {
  const names = Object.keys(parameters).filter((name) => name.toLowerCase() === 'id');
  return names.map((name) => parameters[name]?.toLowerCase() ?? null).at(-1) ?? null;
}

const VOLUME_OPERATIONS: ReadonlySet<string> = new Set([
  'Attaching',
  'Creating',
  'Resizing',
  'Migrating',
  'RevertSnapshotting',
]);

/** A job is about the volume, was asked for it by its database id, or is about its VM or a snapshot of it. */
function isInHand(
  world: World,
  { id, internalId, vmId }: VolumeRow,
  atWork: ReadonlySet<string | null>,
): boolean {
  if ([id, String(internalId), vmId].some((at) => at !== null && atWork.has(at))) return true;
  // The snapshot that the volume is reverted to may be deleted meanwhile.
  return [...atWork].some((at) => at !== null && world.snapshots.get(at)?.volumeId === id);
}

const VM_OPERATIONS: ReadonlySet<string> = new Set(['Starting', 'Stopping', 'Migrating']);

/** Database ids count up and are given once, also to rows that are removed. */
export function internalIds(table: Table<BaseRow>): string[] {
  return table.everyRow().flatMap((row) => {
    const last = table.withInternalId(row.internalId);
    if (last === row) return [];
    return [
      `${table.entity} ${row.id} and ${last?.id ?? 'no other'} have the internal id ${row.internalId}`,
    ];
  });
}
