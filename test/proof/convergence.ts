// What must come to pass once nothing goes wrong any more: each Director gets what it wants within a
// bounded time, and when it wants nothing any more, nothing is left.
import { describe } from '../../cpi/gc/report.js';
import type { Collected } from '../../cpi/gc/collect.js';
import { differences, possessionsOf } from '../crash/possessions.js';
import { checkEventLog } from '../../simulator/world/invariants/event-log-invariants.js';
import { randomDraw } from '../support/random-draw.js';
import { endOperation } from '../../simulator/world/interrupted-operations.js';
import { resourceTypes } from '../../simulator/world/identity/resource-types.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { collectOnce } from './collection.js';
import type { Deed } from './deed.js';
import { vmsByHand } from './deeds/operator-deeds.js';
import { attachmentOf, deletionOfDisk, detachmentOf } from './deeds/disk-deeds.js';
import { deletionOfNetwork, deletionOfStemcell } from './deeds/made-deeds.js';
import { deletionOfSnapshot } from './deeds/snapshot-deeds.js';
import { shapeOf } from './deeds/shape.js';
import { deletionOf, newVm, rebootOf } from './deeds/vm-deeds.js';
import { nobodys, type Disk } from './ledger.js';
import { makeCall } from './make-call.js';
import { must } from './promise.js';
import type { Stage } from './stage.js';
import { assertPromisesKept } from './world-checks.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A Director's operator tries again so often, after so long. */
const triesMax = 8;
const pauseMs = 10 * minuteMs;

/** CloudStack clears away meanwhile what it was told to, however late it does so. */
const longestConvergenceMs = 2 * expungedAfterMs + 12 * hourMs;

/** Without faults each Director gets what it wants in bounded time, and then leaves nothing. */
export async function converge(stage: Stage): Promise<void> {
  calmDown(stage);
  const beganMs = stage.kernel.nowMs;
  await bringUp(stage);
  const convergedMs = stage.kernel.nowMs - beganMs;
  stage.counts.convergedMs = convergedMs;
  must(
    convergedMs < longestConvergenceMs,
    `it takes ${convergedMs / hourMs} hours until each Director has what it wants`,
  );
  assertPromisesKept(stage);
  await assertEntriesAreUsed(stage);
  await cleanUp(stage);
  const untold = checkEventLog(stage.world);
  must(untold.length === 0, `the event log: ${untold.slice(0, 5).join('; ')}`);
}

/** The faults end, and so does what they began; what hangs, a restart of the management server ends. */
function calmDown(stage: Stage): void {
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
  mendDatabase(stage);
  raiseLimits(stage);
  // By then hosts have told what runs there, also of VMs that a restart left between two states.
  stage.clockOfWorld.advanceBy(hourMs);
  deleteByHand(stage);
  stage.isHaunted = false;
}

/** What releases before #8394 leave between two states, only a person with the database can help. */
function mendDatabase({ world, conditions }: Stage): void {
  if (conditions.faults.every(({ then }) => !leavesStates(then))) return;
  const { vms, volumes, snapshots, templates, networks, routers } = world;
  for (const table of [vms, volumes, snapshots, templates, networks, routers]) {
    for (const { id } of table.all()) endOperation(world, { instanceId: id });
  }
}

function leavesStates(then: object): boolean {
  return 'settlesStates' in then && then.settlesStates === false;
}

/** Who took an address gives it back. */
function deleteByHand({ world, zone, kernel }: Stage): void {
  for (const { id } of vmsByHand(world)) {
    zone.admin.send('destroyVirtualMachine', { id, expunge: true });
  }
  kernel.advanceUntilIdle();
}

function raiseLimits({ conditions, zone: { admin, simulator } }: Stage): void {
  const { accountId } = simulator.userWithRole('User');
  const account = simulator.world.accounts.require(accountId);
  for (const type of Object.keys(conditions.limits ?? {})) {
    const resourcetype = resourceTypes.indexOf(type as (typeof resourceTypes)[number]);
    const { name, domainId: domainid } = account;
    admin.call('updateResourceLimit', { account: name, domainid, resourcetype, max: -1 });
  }
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
    await until(stage, `VM ${vm.cid} runs or is to go`, () =>
      vm.isInDoubt && !vm.isDoomed ? rebootOf(stage, vm) : undefined,
    );
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

/** As long as an account has VMs, `gc` finds entries of those that are gone. */
async function assertEntriesAreUsed(stage: Stage): Promise<void> {
  if (stage.registry === undefined) return;
  if (!stage.isCalm || stage.isDisturbed) await collect(stage);
  const { vms } = stage.world;
  const live = vms.all().filter(({ state }) => !['Destroyed', 'Expunging'].includes(state));
  const known = new Set(live.map(({ id }) => id));
  const unknown = Object.keys(await stage.registry.entries()).filter((name) => !known.has(name));
  must(unknown.length === 0, `the registry has settings of VMs that are gone: ${unknown.join()}`);
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
  // Of what others took away, marks may tell of an earlier holder alone.
  const mayBeForgotten = !stage.isCalm || stage.isDisturbed;
  const collected = mayBeForgotten ? await collect(stage) : [];
  stage.clockOfWorld.advanceBy(expungedAfterMs);
  const left = differences(stage.baseline, possessionsOf(stage.zone.simulator));
  const failed = collected.filter(({ outcome }) => outcome !== 'deleted').map(describe);
  must(left.length === 0, `not all is as before: ${[...left, ...failed].join('; ')}`);
  const entries = Object.keys((await stage.registry?.entries()) ?? {});
  must(entries.length === 0, `the registry has settings of VMs that are gone: ${entries.join()}`);
  must(failed.length === 0, `gc cannot delete: ${failed.join('; ')}`);
}

/**
 * What only a person can tell from what is in use: a network, a snapshot and a stemcell for each killed
 * call, and public addresses that a call told of. Who makes the same stemcell again gets the one that is
 * left, so nobody has to do this.
 */
function deleteLeft({ mayBeLeft, toGiveBack, baseline, zone, kernel }: Stage): void {
  const { networks, publicIps, snapshots, templates, tags } = zone.simulator.world;
  const isMarked = ({ id }: { readonly id: string }): boolean =>
    tags.all().some(({ resourceId, key }) => resourceId === id && key === 'bosh-cpi-purpose');
  const left = {
    network: networks.all().filter(isMarked),
    snapshot: snapshots.all().filter(isMarked),
    stemcell: templates.all().filter(isMarked),
  };
  for (const [kind, command] of deletions) {
    const allowed = mayBeLeft.filter((one) => one === kind).length;
    for (const { id } of left[kind].slice(0, allowed)) zone.admin.send(command, { id });
  }
  for (const { id, ipAddress, state, vmId } of publicIps.all()) {
    const isIdle = state === 'Allocated' && vmId === null;
    const isNew = !baseline.some((line) => line.includes(` ${ipAddress},`));
    if (isIdle && isNew && toGiveBack.has(ipAddress))
      zone.admin.send('disassociateIpAddress', { id });
  }
  kernel.advanceUntilIdle();
}

const deletions = [
  ['network', 'deleteNetwork'],
  ['snapshot', 'deleteSnapshot'],
  ['stemcell', 'deleteTemplate'],
] as const;

/** Does a deed again and again until there is no more need for it. */
async function until(stage: Stage, goal: string, next: () => Deed | undefined): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const deed = next();
    if (deed === undefined) return;
    must(tries <= triesMax, `${goal}: not after ${triesMax} tries: ${stage.trace.at(-1) ?? ''}`);
    if (tries === triesMax) await lastResort(stage);
    else if (tries > 1) stage.clockOfWorld.advanceBy(pauseMs);
    await stage.together([
      (lane) =>
        deed.work(
          (method, args, own = lane) => makeCall(stage, own, deed.director, method, args),
          lane,
        ),
    ]);
    stage.throwIfBroken();
  }
}

/** What only an operator's gc, and CloudStack's own clearing away before and after it, brings about. */
async function lastResort(stage: Stage): Promise<void> {
  stage.clockOfWorld.advanceBy(expungedAfterMs);
  await collect(stage);
  stage.clockOfWorld.advanceBy(expungedAfterMs);
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
  await stage.together([async (lane) => void all.push(...(await collectOnce(stage, lane)))]);
  stage.throwIfBroken();
  return all;
}
