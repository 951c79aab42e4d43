import { enforceConfigurations } from '../world/settings/configurations.js';
import type { JsonObject } from '../kernel/json.js';
import type { CloudEffect, FaultRuleRow, ZoneRow } from '../world/entities.js';
import { endBackups, endOperation, removeUnfinished } from '../world/interrupted-operations.js';
import { recordRestart } from '../world/management-servers.js';
import { breakDownloads } from '../world/storage/image-downloads.js';
import { syncImageStore } from '../world/storage/image-store-sync.js';
import { loseUploads } from '../world/storage/image-uploads.js';
import { moveVm } from '../world/compute/virtual-machines.js';
import type { World } from '../world/world.js';
import { isCloudEffect } from './effects.js';

const RECOVERY_TASK = 'fault.recovery';
const POWER_REPORT_TASK = 'fault.power-report';

/** The tasks of this file, by kind. */
export const faultTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [RECOVERY_TASK]: (world, { what }) => {
    setOutage(world, what as Outage, false);
  },
  [POWER_REPORT_TASK]: (world, { vmId }) => {
    const vm = world.vms.require(vmId as string);
    if (vm.state !== 'Starting') return;
    moveVm(world, vm, 'FollowAgentPowerOffReport', { hostId: null });
  },
};

/** Has a rule's effect on the cloud as a whole, if it has one; the events name the rule. */
export function befallCloud(world: World, { id, then: effect }: FaultRuleRow): void {
  if (isCloudEffect(effect)) world.kernel.because(`fault:${id}`, () => befall(world, effect));
}

function befall(world: World, effect: CloudEffect): void {
  switch (effect.effect) {
    case 'management-server-restart':
      restartManagementServer(world, effect);
      return;
    case 'no-secondary-storage-vm':
      beginOutage(world, 'secondary-storage-vm', effect.forMs);
      return;
    case 'capacity-gone':
      beginOutage(world, effect.of, effect.forMs);
  }
}

/** Has the host of a VM that is stuck in Starting tell, after a while, that it does not run. */
export function expectPowerReport(world: World, vmId: string, afterMs: number): void {
  world.kernel.schedule({ kind: POWER_REPORT_TASK, args: { vmId }, afterMs });
}

type Outage = 'secondary-storage-vm' | 'hosts' | 'pools';

function beginOutage(world: World, what: Outage, forMs: number | null): void {
  setOutage(world, what, true);
  if (forMs === null) return;
  world.kernel.schedule({ kind: RECOVERY_TASK, args: { what }, afterMs: forMs });
}

function setOutage(world: World, what: Outage, lasts: boolean): void {
  switch (what) {
    case 'secondary-storage-vm':
      for (const zone of world.zones.all()) {
        setSecondaryStorageVm(world, zone, !lasts);
      }
      return;
    case 'hosts':
      for (const host of world.hosts.all()) world.hosts.change(host, { full: lasts });
      return;
    case 'pools':
      for (const pool of world.storagePools.all()) {
        world.storagePools.change(pool, { full: lasts });
      }
  }
}

function setSecondaryStorageVm(world: World, zone: ZoneRow, up: boolean): void {
  if (zone.secondaryStorageVmUp === up) return;
  world.zones.change(zone, { secondaryStorageVmUp: up });
  if (up) {
    syncImageStore(world, zone);
    return;
  }
  breakDownloads(world, zone);
  loseUploads(world, zone);
}

/**
 * Puts all settings in force, and fails all jobs that are not done, without a result: the text that CloudStack keeps for them
 * reaches no client (AsyncJobManagerImpl.cleanupLeftOverJobs).
 */
function restartManagementServer(
  world: World,
  { settlesStates }: { readonly settlesStates: boolean },
): void {
  for (const job of world.jobs.where('state', 'pending')) {
    if (settlesStates && job.startedMs !== null) {
      endOperation(world, job);
      removeUnfinished(world, job);
    }
    const completedMs = world.kernel.nowMs;
    world.jobs.move(job, 'ManagementServerRestarted', {
      resultCode: 530,
      result: null,
      completedMs,
    });
  }
  if (settlesStates) endBackups(world);
  enforceConfigurations(world);
  recordRestart(world);
}
