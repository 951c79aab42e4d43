// Persistent disks come, move between the VMs of a Director, grow, and go.
import { JOB_LATE_STEP_TASK } from '../../../simulator/world/jobs.js';
import type { Hint } from '../../guests/agent.js';
import { oneOf, type Planner } from '../deed.js';
import { succeeded } from '../expectation.js';
import { checkGuest, toldHint, useDisk } from '../guest-checks.js';
import { directors, isFree, nobodys, type Disk, type Vm } from '../ledger.js';
import { must } from '../promise.js';
import type { MakeCall } from '../make-call.js';
import type { Draw } from '../network.js';
import type { Stage } from '../stage.js';
import { assertIsKept, assertTags } from '../world-checks.js';

const mostDisks = 6;

/** No local disk follows a VM that runs, and the CPI says so. */
const outOfReach = /it is on the local storage of another host/;

export const createDisk: Planner = (stage, draw) => {
  const { ledger } = stage;
  if (ledger.disks.length >= mostDisks) return undefined;
  const vm = oneOf(useful(stage), draw);
  const director = vm?.instance.director ?? draw(directors.length);
  const offering = draw(4) === 0 ? 'local.custom' : 'shared.custom';
  const sizeMib = 1024 * (1 + draw(3));
  return {
    director,
    about: vm === undefined ? [] : [vm.instance],
    work: async (call) => {
      const args = [sizeMib, { disk_offering: offering }, vm?.cid ?? null];
      const answer = await call('create_disk', args);
      if (!succeeded(stage, 'create_disk', answer)) return;
      const disk: Disk = {
        cid: answer.result as string,
        director,
        offering,
        sizeMib,
        instance: vm?.instance,
        on: undefined,
        doubt: undefined,
        wasAttached: false,
        isDoomed: false,
        metadata: undefined,
        files: {},
      };
      ledger.disks.push(disk);
      assertIsKept(stage, disk);
      if (vm !== undefined) await attach(stage, { disk, vm }, call);
    },
  };
};

/** One that is free, or on the VM already, or that was to be there. */
export const attachDisk: Planner = (stage, draw) => {
  const vm = oneOf(useful(stage), draw);
  if (vm === undefined) return undefined;
  const { director } = vm.instance;
  const disks = stage.ledger.disks.filter(
    (disk) =>
      disk.director === director && !disk.isDoomed && (isFree(disk) || isPerhapsOn(disk, vm)),
  );
  const disk = oneOf(disks, draw);
  return disk && attachmentOf(stage, { disk, vm });
};

export function attachmentOf(
  stage: Stage,
  { disk, vm }: { disk: Disk; vm: Vm },
): NonNullable<ReturnType<Planner>> {
  return {
    director: vm.instance.director,
    about: [vm.instance, disk],
    work: (call) => attach(stage, { disk, vm }, call),
  };
}

async function attach(
  stage: Stage,
  { disk, vm }: { disk: Disk; vm: Vm },
  call: MakeCall,
): Promise<void> {
  if (disk.on !== vm && disk.doubt !== nobodys) disk.doubt = vm;
  const mayChange = hasHiddenJob(stage, disk);
  const answer = await call('attach_disk', [vm.cid, disk.cid]);
  if (!succeeded(stage, 'attach_disk', answer, outOfReach)) {
    const isOut = answer.is === 'error' && outOfReach.test(answer.error.message);
    if (isOut && !stage.isHaunted && disk.doubt === vm) disk.doubt = undefined;
    return;
  }
  const doubt = mayChange ? vm : undefined;
  Object.assign(disk, { on: vm, doubt, instance: vm.instance, wasAttached: true });
  assertIsKept(stage, disk);
  const isSure = !vm.isInDoubt && !stage.isHaunted && !mayChange;
  if (isSure) {
    const told = await toldHint(stage, vm, disk);
    const isTold = stage.registry === undefined || told !== undefined;
    must(isTold, `the registry does not tell VM ${vm.cid} of disk ${disk.cid}`);
    const hint = stage.apiVersionOf(disk.director) >= 2 ? (answer.result as Hint) : told;
    if (hint !== undefined) useDisk(stage, { disk, vm, hint });
  }
  await setMetadata(stage, disk, call);
}

export const detachDisk: Planner = (stage, draw) => {
  const disk = oneOf(
    stage.ledger.disks.filter((one) => holderOf(one) !== undefined && !one.isDoomed),
    draw,
  );
  return disk && detachmentOf(stage, disk);
};

export function detachmentOf(stage: Stage, disk: Disk): ReturnType<Planner> {
  const vm = holderOf(disk);
  if (vm === undefined) return undefined;
  return {
    director: disk.director,
    about: [vm.instance, disk],
    work: async (call) => {
      disk.doubt = vm;
      const mayChange = hasHiddenJob(stage, disk);
      const answer = await call('detach_disk', [vm.cid, disk.cid]);
      if (!succeeded(stage, 'detach_disk', answer)) return;
      Object.assign(disk, { on: undefined, doubt: mayChange ? vm : undefined });
      assertIsKept(stage, disk);
      if (vm.isInDoubt || vm.isDoomed || !stage.isCalm) return;
      checkGuest(stage, vm);
      const told = await toldHint(stage, vm, disk);
      must(told === undefined, `VM ${vm.cid} is told of disk ${disk.cid}, which is detached`);
    },
  };
}

export const deleteDisk: Planner = (stage, draw) => {
  const held = new Set(stage.ledger.snapshots.map(({ disk }) => disk));
  const disk = oneOf(
    stage.ledger.disks.filter((one) => (isFree(one) || one.isDoomed) && !held.has(one)),
    draw,
  );
  return disk && deletionOfDisk(stage, disk);
};

export function deletionOfDisk(stage: Stage, disk: Disk): NonNullable<ReturnType<Planner>> {
  return {
    director: disk.director,
    about: [disk],
    work: async (call) => {
      disk.isDoomed = true;
      const answer = await call('delete_disk', [disk.cid]);
      const isGone =
        succeeded(stage, 'delete_disk', answer) ||
        (answer.is === 'error' && answer.error.type === 'Bosh::Clouds::DiskNotFound');
      if (!isGone) return;
      const row = stage.world.volumes.get(disk.cid);
      must(
        row === undefined || /^(Destroy|Expung)/.test(row.state),
        `disk ${disk.cid} is said to be deleted and is ${String(row?.state)}`,
      );
      stage.ledger.forgetDisk(disk);
    },
  };
}

export const resizeDisk: Planner = (stage, draw) => {
  const disk = oneOf(stage.ledger.disks.filter(isFree), draw);
  if (disk === undefined) return undefined;
  const sizeMib = disk.sizeMib + 1024 * draw(3);
  return {
    director: disk.director,
    about: [disk],
    work: async (call) => {
      const answer = await call('resize_disk', [disk.cid, sizeMib]);
      if (succeeded(stage, 'resize_disk', answer)) disk.sizeMib = sizeMib;
      assertIsKept(stage, disk);
    },
  };
};

export const updateDisk: Planner = (stage, draw) => {
  const disk = oneOf(
    stage.ledger.disks.filter((one) => isFree(one) && one.offering === 'shared.custom'),
    draw,
  );
  if (disk === undefined) return undefined;
  const sizeMib = disk.sizeMib + 1024 * draw(3);
  const offering = draw(2) === 0 ? 'ephemeral' : 'shared.custom';
  return {
    director: disk.director,
    about: [disk],
    work: async (call) => {
      const answer = await call('update_disk', [disk.cid, sizeMib, { disk_offering: offering }]);
      if (succeeded(stage, 'update_disk', answer)) {
        must(
          [null, disk.cid].includes(answer.result as string | null),
          `update_disk of ${disk.cid} answers another disk`,
        );
        disk.sizeMib = sizeMib;
      }
      assertIsKept(stage, disk);
    },
  };
};

function oneThatStays({ ledger }: Stage, draw: Draw): Disk | undefined {
  return oneOf(
    ledger.disks.filter(({ isDoomed }) => !isDoomed),
    draw,
  );
}

export const hasDisk: Planner = (stage, draw) => {
  const disk = oneThatStays(stage, draw);
  return (
    disk && {
      director: disk.director,
      about: [disk],
      work: async (call) => {
        const answer = await call('has_disk', [disk.cid]);
        if (!succeeded(stage, 'has_disk', answer)) return;
        must(answer.result === true, `has_disk does not know disk ${disk.cid}`);
      },
    }
  );
};

export const setDiskMetadata: Planner = (stage, draw) => {
  const disk = oneThatStays(stage, draw);
  return (
    disk && {
      director: disk.director,
      about: [disk],
      work: (call) => setMetadata(stage, disk, call),
    }
  );
};

async function setMetadata(stage: Stage, disk: Disk, call: MakeCall): Promise<void> {
  const metadata = {
    director: directors[disk.director] ?? '',
    deployment: 'proof',
    note: stage.ledger.newText(),
  };
  disk.metadata = undefined;
  const answer = await call('set_disk_metadata', [disk.cid, metadata]);
  if (!succeeded(stage, 'set_disk_metadata', answer)) return;
  disk.metadata = metadata;
  assertTags(stage, disk.cid, metadata);
}

/**
 * Whether an earlier call has left a job that CloudStack has not begun, or goes on with although it said
 * that it failed: the volume does not show it, so that nobody who looks at it can know.
 */
function hasHiddenJob({ world, kernel }: Stage, { cid }: Disk): boolean {
  const isAtRest = ['Ready', 'Allocated'].includes(world.volumes.get(cid)?.state ?? '');
  const goesOn = new Set(
    kernel.tasks.filter(({ kind }) => kind === JOB_LATE_STEP_TASK).map(({ args }) => args['jobId']),
  );
  return (
    isAtRest &&
    world.jobs
      .all()
      .filter(({ id, state }) => state === 'pending' || goesOn.has(id))
      .filter(({ command }) => /^(at|de)tachVolume$/.test(command))
      .some(({ parameters }) => parameters['id'] === cid)
  );
}

/** From which VM it is to be detached, as far as a Director knows. */
function holderOf({ on, doubt }: Disk): Vm | undefined {
  return doubt === nobodys ? undefined : (doubt ?? on);
}

function isPerhapsOn({ on, doubt }: Disk, vm: Vm): boolean {
  return doubt === vm || doubt === nobodys || (on === vm && doubt === undefined);
}

/** VMs to which something may be attached. */
function useful({ ledger }: Stage): Vm[] {
  return ledger.vms.filter(({ isDoomed, metadata }) => !isDoomed && metadata !== undefined);
}
