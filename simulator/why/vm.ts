import { accountSetting } from '../world/settings/configurations.js';
import type { VmRow } from '../world/entities.js';
import { expungeRunFor } from '../world/compute/expunge-thread.js';
import { isDestroyedVm } from '../world/compute/virtual-machines.js';
import { isDestroyed, volumesOf } from '../world/storage/volumes.js';
import type { World } from '../world/world.js';
import { rowsMeant, timeText, type Explanation } from './explanation.js';
import { failureText, jobsAbout, pendingJobs } from './jobs.js';
import { noPoolTakes, troubleOfHost } from './pool.js';
import { vmSnapshotsInTheWay } from './snapshots.js';

/** Why VMs are in the state that they are in. @throws NothingToExplain */
export function explainVm(world: World, idOrName: string): readonly Explanation[] {
  return rowsMeant(world.vms, idOrName).map((vm) => ({
    about: vmName(vm),
    because: [
      ...stateOf(world, vm),
      ...driveOf(world, vm),
      ...vmSnapshotsInTheWay(world, vm.id),
      ...storageInTheWay(world, vm),
      ...jobsAbout(world, vm.id),
      ...lastFailure(world, vm),
    ],
    rowIds: [vm.id, ...nicIds(world, vm)],
  }));
}

/** A VM by name and id. */
export function vmName({ name, id }: Pick<VmRow, 'name' | 'id'>): string {
  return `VM ${name} (${id})`;
}

/** Several VMs with their states; of many the first. */
export function vmsText(vms: readonly VmRow[]): string {
  const shown = vms.slice(0, MOST_NAMED).map((vm) => `${vmName(vm)}, ${vm.state}`);
  const more = vms.length > MOST_NAMED ? [`and ${vms.length - MOST_NAMED} more`] : [];
  return [...shown, ...more].join('; ');
}

const MOST_NAMED = 10;

/** How a VM that is destroyed, or never came to be, ends: what else it holds is free then. */
export function endOfVm(world: World, vm: VmRow): string[] {
  const expunge =
    `the expunge thread takes it at ${timeText(expungeRunFor(world, vm))}, its first run after ` +
    `expunge.delay (${world.settings.get('expunge.delay')} s); it runs every expunge.interval ` +
    `(${world.settings.get('expunge.interval')} s).`;
  const isAllowed = accountSetting(world, { id: vm.accountId }, 'allow.user.expunge.recover.vm');
  return [
    `Nobody has to do anything: ${expunge}`,
    isAllowed
      ? 'Sooner: expungeVirtualMachine, which its owner may (allow.user.expunge.recover.vm is true).'
      : 'Sooner: expungeVirtualMachine by an administrator; its owner may not (allow.user.expunge.recover.vm is false).',
  ];
}

/** Of all NICs that it has or had: they took and gave up its addresses. */
function nicIds(world: World, vm: VmRow): string[] {
  return world.nics
    .everyRow()
    .filter(({ vmId }) => vmId === vm.id)
    .map(({ id }) => id);
}

function stateOf(world: World, vm: VmRow): string[] {
  if (vm.removedMs !== null) {
    return [`It was expunged at ${timeText(vm.removedMs)}; its name and its addresses are free.`];
  }
  const since = `It is ${vm.state} since ${timeText(vm.updatedMs)}`;
  if (isDestroyedVm(vm)) {
    return [`${since}: it keeps its addresses and its root volume.`, ...endOfVm(world, vm)];
  }
  if (vm.state === 'Error') {
    return [
      `${since}: its deployment failed. It keeps its name and its addresses; its volumes are destroyed.`,
      ...endOfVm(world, vm),
    ];
  }
  if (BETWEEN.has(vm.state) && !isInHand(world, vm)) {
    return [
      `${since}, and no job works on it: the job was lost, with the management server or by a fault. ` +
        'CloudStack leaves it so until an operator, or a forced stop, ends it.',
    ];
  }
  return [`${since}${vm.hostId === null ? '' : `, on host ${hostName(world, vm.hostId)}`}.`];
}

const BETWEEN: ReadonlySet<string> = new Set(['Starting', 'Stopping', 'Migrating']);

function isInHand(world: World, vm: VmRow): boolean {
  return pendingJobs(world, vm.id).some(({ startedMs }) => startedMs !== null);
}

function driveOf(world: World, { isoId, removedMs }: VmRow): string[] {
  if (isoId === null || removedMs !== null) return [];
  const { name, id } = world.templates.require(isoId);
  return [`ISO ${name} (${id}) is in its drive: it cannot be deleted before detachIso.`];
}

/** Only the last job is told of: what an earlier one failed with may be mended since. */
function lastFailure(world: World, vm: VmRow): string[] {
  const last = world.jobs
    .where('instanceId', vm.id)
    .filter(({ state }) => state !== 'pending')
    .at(-1);
  return last?.state === 'failed' ? [failureText(last)] : [];
}

/** What of its disks keeps a stopped VM from starting: no pool for those to come, one host for local ones. */
function storageInTheWay(world: World, vm: VmRow): string[] {
  if (vm.state !== 'Stopped' || vm.removedMs !== null) return [];
  const volumes = volumesOf(world, vm.id).filter((volume) => !isDestroyed(volume));
  const hostIds = volumes.flatMap(
    ({ poolId }) => (poolId === null ? undefined : world.storagePools.require(poolId).hostId) ?? [],
  );
  return [
    ...volumes
      .filter(({ state }) => state === 'Allocated')
      .flatMap((volume) => {
        const reasons = noPoolTakes(world, volume);
        return reasons.length === 0
          ? []
          : [`Its volume ${volume.name} (${volume.id}) is to be made when it starts.`, ...reasons];
      }),
    ...[...new Set(hostIds)].flatMap((hostId) => {
      const host = world.hosts.require(hostId);
      const disks = `It has disks on the local storage of host ${host.name}, and starts there or nowhere.`;
      return [disks, ...troubleOfHost(world, host, vm)];
    }),
  ];
}

function hostName(world: World, hostId: string): string {
  return world.hosts.require(hostId).name;
}
