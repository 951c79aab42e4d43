import type { JsonObject } from '../../kernel/json.js';
import type { HostRow, VmRow } from '../entities.js';
import { moveRouters } from '../network/routers.js';
import type { World } from '../world.js';
import { vmQueue } from './virtual-machines.js';
import { beginMigration, finishMigration, hostToMoveTo } from './vm-migration.js';
import { usesLocalStorage } from './vm-storage-migration.js';

const EVACUATION_TASK = 'host.evacuation';
const ARRIVAL_TASK = 'host.arrival';
const CHECK_TASK = 'host.maintenance-check';

/** `ping.interval`: how often the management server looks whether a host is empty. */
const CHECK_INTERVAL_MS = 60_000;
/** `migrate.retry.interval`, and `vm.ha.migration.max.retries`. */
const RETRY_INTERVAL_MS = 120_000;
const MAX_TRIES = 5;
/** A VM that another job works on is looked at again. */
const BUSY_INTERVAL_MS = 1_000;

/** The tasks of this file, by kind. */
export const maintenanceTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> =
  {
    [EVACUATION_TASK]: (world, { hostId, vmId }) => {
      evacuate(world, world.hosts.require(hostId as string), world.vms.require(vmId as string));
    },
    [ARRIVAL_TASK]: (world, { hostId, vmId }) => {
      arrive(world, world.hosts.require(hostId as string), world.vms.require(vmId as string));
    },
    [CHECK_TASK]: (world, { hostId }) => {
      check(world, world.hosts.require(hostId as string));
    },
  };

/**
 * Begins to empty a host: nothing starts there any more, and its VMs are to move to other hosts of
 * its cluster, but for those on its own disks, which stay (ResourceManagerImpl.doMaintain). False if
 * there is nowhere to go; the host then fails to be emptied, later.
 */
export function beginMaintenance(world: World, host: HostRow): boolean {
  world.hosts.move(host, 'AdminAskMaintenance');
  scheduleCheck(world, host);
  const routersMoved = moveRouters(world, host);
  const vms = world.vms.where('hostId', host.id);
  if (vms.length === 0) return routersMoved;
  const others = world.hosts
    .where('clusterId', host.clusterId)
    .filter((other) => other.up && other.state === 'Enabled');
  if (others.length === 0) return false;
  for (const vm of vms.filter((row) => !usesLocalStorage(world, row))) {
    setTries(world, host, vm, 0);
    scheduleEvacuation(world, host, vm, world.settings.get('duration.job'));
  }
  return true;
}

/** Makes a host usable again; VMs that are on their way arrive, the others stay. */
export function cancelMaintenance(world: World, host: HostRow): void {
  const onTheirWay = Object.entries(host.evacuees).filter(([vmId]) =>
    isLeaving(world.vms.require(vmId), host),
  );
  world.hosts.move(host, 'AdminCancelMaintenance', { evacuees: Object.fromEntries(onTheirWay) });
}

/** HighAvailabilityManagerImpl.migrate. */
function evacuate(world: World, host: HostRow, vm: VmRow): void {
  const tries = host.evacuees[vm.id];
  if (tries === undefined) return;
  if (isBusy(world, vm)) {
    scheduleEvacuation(world, host, vm, BUSY_INTERVAL_MS);
    return;
  }
  if (vm.state !== 'Running' || vm.hostId !== host.id) {
    forget(world, host, vm);
    return;
  }
  const destination = hostToMoveTo(world, vm);
  if (destination === undefined) {
    fail(world, host, vm, tries + 1);
    return;
  }
  beginMigration(world, vm, destination);
  world.kernel.schedule({
    kind: ARRIVAL_TASK,
    args: { hostId: host.id, vmId: vm.id },
    afterMs: world.settings.get('duration.vm.migrate'),
    item: vm.id,
  });
}

function fail(world: World, host: HostRow, vm: VmRow, tries: number): void {
  if (world.hosts.allows(host, 'UnableToMigrate')) world.hosts.move(host, 'UnableToMigrate');
  if (tries >= MAX_TRIES) {
    forget(world, host, vm);
    return;
  }
  setTries(world, host, vm, tries);
  scheduleEvacuation(world, host, vm, RETRY_INTERVAL_MS);
}

function arrive(world: World, host: HostRow, vm: VmRow): void {
  if (isLeaving(vm, host)) finishMigration(world, vm);
  forget(world, host, vm);
}

/** ResourceManagerImpl.attemptMaintain, for hosts that are being emptied (AgentMonitor). */
function check(world: World, host: HostRow): void {
  if (!EMPTYING.has(host.state)) return;
  const vms = world.vms.where('hostId', host.id);
  const tries = Object.values(host.evacuees);
  const isEmpty = vms.length === 0 && moveRouters(world, host);
  if (isEmpty) world.hosts.move(host, 'InternalEnterMaintenance');
  else if (tries.length === 0 && (vms.length === 0 || vms.some(isRunning))) {
    world.hosts.move(host, 'UnableToMaintain');
  } else if (tries.some((count) => count > 0)) world.hosts.move(host, 'UnableToMigrate');
  else if (host.state === 'ErrorInPrepareForMaintenance') {
    world.hosts.move(host, 'ErrorsCorrected');
  }
  scheduleCheck(world, host);
}

const EMPTYING: ReadonlySet<HostRow['state']> = new Set([
  'PrepareForMaintenance',
  'ErrorInPrepareForMaintenance',
]);

function scheduleCheck(world: World, host: HostRow): void {
  if (!EMPTYING.has(host.state)) return;
  world.kernel.schedule({
    kind: CHECK_TASK,
    args: { hostId: host.id },
    afterMs: CHECK_INTERVAL_MS,
  });
}

function scheduleEvacuation(world: World, host: HostRow, vm: VmRow, afterMs: number): void {
  world.kernel.schedule({
    kind: EVACUATION_TASK,
    args: { hostId: host.id, vmId: vm.id },
    afterMs,
  });
}

function isRunning({ state }: VmRow): boolean {
  return state === 'Running';
}

function isLeaving(vm: VmRow, host: HostRow): boolean {
  return vm.state === 'Migrating' && vm.hostId === host.id;
}

function isBusy(world: World, vm: VmRow): boolean {
  return world.jobs.where('queue', vmQueue(vm.id)).some(({ state }) => state === 'pending');
}

function setTries(world: World, host: HostRow, vm: VmRow, tries: number): void {
  world.hosts.change(host, { evacuees: { ...host.evacuees, [vm.id]: tries } });
}

function forget(world: World, host: HostRow, vm: VmRow): void {
  const rest = Object.entries(host.evacuees).filter(([id]) => id !== vm.id);
  world.hosts.change(host, { evacuees: Object.fromEntries(rest) });
}
