// Runs of `cloudstack-cpi gc`, and what may be gone after one.
import { CloudStackError } from '../../cpi/cloudstack/errors.js';
import type { Collected } from '../../cpi/gc/collect.js';
import { describe } from '../../cpi/gc/report.js';
import { BoshError } from '../../cpi/protocol/bosh-error.js';
import type { Disk } from './ledger.js';
import type { Stage } from './stage.js';
import { goneVolumes } from './world-checks.js';
import type { Lane } from './virtual-time.js';

const dayMs = 24 * 3_600_000;

/** @throws CloudStackError, BoshError if the account cannot be looked through. */
export async function collectOnce(stage: Stage, lane: Lane): Promise<Collected[]> {
  const nowMs = lane.nowMs();
  const old = stage.ledger.disks.filter((disk) => isForgotten(stage, disk, nowMs));
  try {
    const collected = await stage.zone.gc(stage.optionsForGc(lane));
    stage.trace.push(`gc: ${collected.map(describe).join('; ')}`);
    return collected;
  } finally {
    // What was never attached, no Director has used.
    for (const disk of old) if (isDeleted(stage, disk)) stage.ledger.forgetDisk(disk);
  }
}

/** The same where it may fail, because something goes wrong. */
export async function collectIfPossible(stage: Stage, lane: Lane): Promise<void> {
  try {
    await collectOnce(stage, lane);
  } catch (error) {
    const isToldOf = error instanceof CloudStackError || error instanceof BoshError;
    if (stage.isCalm || !isToldOf) throw error;
    stage.trace.push(`gc: ${error.message}`);
  }
}

function isDeleted({ world }: Stage, { cid }: Disk): boolean {
  const volume = world.volumes.get(cid);
  return volume === undefined || goneVolumes.has(volume.state);
}

/** Whether a disk looks as if nobody had ever been told of it: for a day it is left alone. */
export function isForgotten({ world }: Stage, disk: Disk, nowMs: number): boolean {
  const { createdMs = nowMs } = world.volumes.get(disk.cid) ?? {};
  return !disk.wasAttached && disk.metadata === undefined && nowMs - createdMs >= dayMs;
}
