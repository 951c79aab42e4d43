// What must come to pass once nothing goes wrong any more: each Director gets what it wants within a
// bounded time, and when it wants nothing any more, nothing is left.
import { describe } from '../../cpi/gc/report.js';
import type { Collected } from '../../cpi/gc/collect.js';
import { differences, possessionsOf } from '../crash/possessions.js';
import { randomDraw } from '../support/random-draw.js';
import type { Deed } from './deed.js';
import { attachmentOf, deletionOfDisk, detachmentOf } from './deeds/disk-deeds.js';
import { deletionOfNetwork, deletionOfStemcell } from './deeds/made-deeds.js';
import { deletionOfSnapshot } from './deeds/snapshot-deeds.js';
import { deletionOf, newVm, rebootOf, shapeOf } from './deeds/vm-deeds.js';
import { nobodys, type Disk } from './ledger.js';
import { makeCall } from './make-call.js';
import { must } from './promise.js';
import { expungedAfterMs, type Stage } from './stage.js';
import { assertPromisesKept } from './world-checks.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A Director's operator tries again so often, after so long. */
const triesMax = 8;
const pauseMs = 10 * minuteMs;

export async function converge(stage: Stage): Promise<void> {
  await calmDown(stage);
  await bringUp(stage);
  assertPromisesKept(stage);
  await cleanUp(stage);
}

/** The faults end, and so does what they began; what hangs, a restart of the management server ends. */
async function calmDown(stage: Stage): Promise<void> {
  const { simulator, admin } = stage.zone;
  stage.trace.push('-- nothing goes wrong any more');
  for (const { name, fired } of simulator.faults) {
    stage.counts.faults[name] = (stage.counts.faults[name] ?? 0) + fired;
  }
  if (stage.conditions.faults.length > 0) {
    const restart = { effect: 'management-server-restart' } as const;
    simulator.setFaults([{ when: { command: 'listZones' }, then: restart }]);
    admin.send('listZones');
  }
  simulator.setFaults([]);
  simulator.kernel.advanceUntilIdle();
  stage.clockOfWorld.advanceBy(hourMs);
  stage.isHaunted = false;
  await Promise.resolve();
}

async function bringUp(stage: Stage): Promise<void> {
  const { ledger } = stage;
  for (const vm of [...ledger.vms].filter(({ isDoomed }) => isDoomed)) {
    await until(stage, `VM ${vm.cid} is gone`, () =>
      ledger.vms.includes(vm) ? deletionOf(stage, vm) : undefined,
    );
  }
  for (const disk of [...ledger.disks].filter(({ isDoomed }) => isDoomed)) {
    await until(stage, `disk ${disk.cid} is gone`, () =>
      ledger.disks.includes(disk) ? deletionOfDisk(stage, disk) : undefined,
    );
  }
  for (const vm of ledger.vms.filter(({ isInDoubt }) => isInDoubt)) {
    await until(stage, `VM ${vm.cid} runs`, () => (vm.isInDoubt ? rebootOf(stage, vm) : undefined));
  }
  if (ledger.disks.some(({ doubt }) => doubt === nobodys)) await lastResort(stage);
  for (const disk of ledger.disks) await settle(stage, disk);
  for (const instance of ledger.instances) {
    const shape = shapeOf(instance, randomDraw(1));
    await until(stage, `${instance.name} has a VM`, () => {
      const vm = ledger.vmOf(instance);
      if (vm === undefined) return newVm(stage, instance, shape);
      return vm.isDoomed ? deletionOf(stage, vm) : undefined;
    });
  }
  for (const disk of ledger.disks) {
    const vm = disk.instance && ledger.vmOf(disk.instance);
    if (vm === undefined || disk.offering !== 'shared.custom') continue;
    await until(stage, `disk ${disk.cid} is on VM ${vm.cid}`, () =>
      disk.on === undefined ? attachmentOf(stage, { disk, vm }) : undefined,
    );
  }
}

/** Where it is not known whether a disk is attached, it is detached. */
async function settle(stage: Stage, disk: Disk): Promise<void> {
  await until(stage, `disk ${disk.cid} is detached`, () =>
    disk.doubt === undefined ? undefined : detachmentOf(stage, disk),
  );
}

async function cleanUp(stage: Stage): Promise<void> {
  const { ledger } = stage;
  stage.trace.push('-- everything is deleted');
  for (const snapshot of [...ledger.snapshots]) {
    await until(stage, `snapshot ${snapshot.cid} is gone`, () =>
      ledger.snapshots.includes(snapshot) ? deletionOfSnapshot(stage, snapshot) : undefined,
    );
  }
  for (const vm of [...ledger.vms]) {
    await until(stage, `VM ${vm.cid} is gone`, () =>
      ledger.vms.includes(vm) ? deletionOf(stage, vm) : undefined,
    );
  }
  for (const disk of [...ledger.disks]) {
    await until(stage, `disk ${disk.cid} is gone`, () =>
      ledger.disks.includes(disk) ? deletionOfDisk(stage, disk) : undefined,
    );
  }
  for (const network of [...ledger.networks]) {
    await until(stage, `network ${network.cid} is gone`, () =>
      ledger.networks.includes(network) ? deletionOfNetwork(stage, network) : undefined,
    );
  }
  for (const stemcell of [...ledger.stemcells]) {
    await until(stage, `stemcell ${stemcell.cid} is gone`, () =>
      ledger.stemcells.includes(stemcell) ? deletionOfStemcell(stage, stemcell) : undefined,
    );
  }
  stage.clockOfWorld.advanceBy(expungedAfterMs);
  deleteLeft(stage);
  const collected = stage.isCalm ? [] : await collect(stage);
  stage.clockOfWorld.advanceBy(expungedAfterMs);
  const left = differences(stage.baseline, possessionsOf(stage.zone.simulator));
  const failed = collected.filter(({ outcome }) => outcome !== 'deleted').map(describe);
  must(left.length === 0, `not all is as before: ${[...left, ...failed].join('; ')}`);
  must(failed.length === 0, `gc cannot delete: ${failed.join('; ')}`);
}

/** What only a person can tell from what is in use: a network, and a snapshot, for each killed call. */
function deleteLeft({ mayBeLeft, zone, kernel }: Stage): void {
  const { networks, snapshots, tags } = zone.simulator.world;
  const isMarked = ({ id }: { readonly id: string }): boolean =>
    tags.all().some(({ resourceId, key }) => resourceId === id && key === 'bosh-cpi-purpose');
  const left = {
    network: networks.all().filter(isMarked),
    snapshot: snapshots.all().filter(isMarked),
  };
  for (const kind of ['network', 'snapshot'] as const) {
    const allowed = mayBeLeft.filter((one) => one === kind).length;
    for (const { id } of left[kind].slice(0, allowed)) {
      zone.admin.send(kind === 'network' ? 'deleteNetwork' : 'deleteSnapshot', { id });
    }
  }
  kernel.advanceUntilIdle();
}

/** Does a deed again and again until there is no more need for it. */
async function until(stage: Stage, goal: string, next: () => Deed | undefined): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const deed = next();
    if (deed === undefined) return;
    must(tries <= triesMax, `${goal}: not after ${triesMax} tries: ${stage.trace.at(-1) ?? ''}`);
    if (tries === triesMax) await lastResort(stage);
    else if (tries > 1) stage.clockOfWorld.advanceBy(pauseMs);
    await stage.together([
      (lane) => deed.work((method, args) => makeCall(stage, lane, deed.director, method, args)),
    ]);
    stage.throwIfBroken();
  }
}

/** What only an operator's gc, or CloudStack's own clearing away, brings about. */
async function lastResort(stage: Stage): Promise<void> {
  stage.clockOfWorld.advanceBy(expungedAfterMs);
  await collect(stage);
  for (const disk of stage.ledger.disks) if (disk.doubt === nobodys) disk.doubt = undefined;
}

/** Runs `gc`; where it asks for that, a VM is stopped first. */
async function collect(stage: Stage): Promise<Collected[]> {
  const first = await gc(stage);
  const toStop = first.filter(
    ({ outcome }) => typeof outcome === 'object' && /stop the VM and run/.test(outcome.failed),
  );
  if (toStop.length === 0) return first;
  for (const { forgotten } of toStop) {
    stage.trace.push(`an operator stops VM ${forgotten.id}`);
    stage.zone.admin.send('stopVirtualMachine', { id: forgotten.id });
  }
  stage.kernel.advanceUntilIdle();
  return gc(stage);
}

async function gc(stage: Stage): Promise<Collected[]> {
  const all: Collected[] = [];
  await stage.together([
    async (lane) => {
      const { clock, through } = stage.optionsFor(lane, 0);
      all.push(...(await stage.zone.gc({ clock, through })));
    },
  ]);
  stage.throwIfBroken();
  stage.trace.push(`gc: ${all.map(describe).join('; ')}`);
  // What was never attached, no Director has used.
  const deleted = new Set(
    all.filter(({ outcome }) => outcome === 'deleted').map(({ forgotten }) => forgotten.id),
  );
  for (const disk of stage.ledger.disks) {
    if (deleted.has(disk.cid) && !disk.wasAttached && disk.metadata === undefined) {
      stage.ledger.forgetDisk(disk);
    }
  }
  return all;
}
