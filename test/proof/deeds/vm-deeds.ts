// VMs come, get metadata, are asked for and restarted, and go.
import type { VmRow } from '../../../simulator/world/entities.js';
import { cidOf } from '../../cpi/methods/registry-requests.js';
import { vmArguments } from '../../cpi/methods/vm-requests.js';
import type { Planner } from '../deed.js';
import { oneOf } from '../deed.js';
import { isAtLimit, succeeded } from '../expectation.js';
import type { Disk, Instance, MadeNetwork, Vm } from '../ledger.js';
import { directors, isFree, nobodys } from '../ledger.js';
import { must } from '../promise.js';
import type { Answer, MakeCall } from '../make-call.js';
import type { Stage } from '../stage.js';
import type { Lane } from '../virtual-time.js';
import { assertIsGone, assertIsThere, assertTags } from '../world-checks.js';
import { checkEntry, checkGuest } from '../guest-checks.js';
import { shapeOf, type Shape } from './shape.js';

/** So often a Director asks for a VM (director.max_vm_create_tries). */
const mostTries = 5;

/** A VM for an instance that has none. */
export const createVm: Planner = (stage, draw) => {
  const free = stage.ledger.instances.filter((one) => stage.ledger.vmOf(one) === undefined);
  const instance = oneOf(free, draw);
  if (instance === undefined) return undefined;
  return newVm(stage, instance, shapeOf(instance, draw, networksFor(stage, instance)));
};

/** Two processes at work for one agent, as when a Director's task is begun again while it runs. */
export const createVmTwice: Planner = (stage, draw) => {
  const free = stage.ledger.instances.filter((one) => stage.ledger.vmOf(one) === undefined);
  const instance = oneOf(free, draw);
  if (instance === undefined) return undefined;
  return newVm(stage, instance, shapeOf(instance, draw, networksFor(stage, instance)), 2);
};

/** Those that the Director of an instance made. */
function networksFor({ ledger }: Stage, { director }: Instance): MadeNetwork[] {
  return ledger.networks.filter((one) => one.director === director && !one.isDoomed);
}

export function newVm(
  stage: Stage,
  instance: Instance,
  shape: Shape,
  atOnce = 1,
): NonNullable<ReturnType<Planner>> {
  const { ledger } = stage;
  const stemcells = ledger.stemcells.filter(
    ({ director, isDoomed }) => director === instance.director && !isDoomed,
  );
  const stemcell = stemcells.at(-1);
  const disks = ledger.disks.filter(
    (disk) => disk.instance === instance && (isFree(disk) || disk.doubt === nobodys),
  );
  return {
    director: instance.director,
    about: [instance, ...disks, stemcell, shape.madeNetwork].filter((one) => one !== undefined),
    work: async (call, lane) => {
      const agentId = ledger.newAgentId();
      const args = vmArguments({
        agentId,
        networks: shape.networks,
        properties: shape.properties,
        disks: disks.map(({ cid }) => cid),
        ...(stemcell !== undefined && { stemcell: stemcell.cid }),
      });
      // Only local ones it has to attach before the VM starts.
      const local = disks.filter(({ offering }) => offering === 'local.custom');
      const held = local.filter(({ doubt }) => doubt === nobodys);
      for (const disk of local) disk.doubt = nobodys;
      for (let tries = 1; tries <= mostTries; tries += 1) {
        const works = Array.from(
          { length: tries === 1 ? atOnce : 1 },
          () => (own: Lane) => call('create_vm', args, own),
        );
        const answers = await lane.beside(works);
        for (const ip of answers.flatMap(addressesToGiveBack)) stage.toGiveBack.add(ip);
        const cid = cidIn(stage, answers, reasonsToFail(stage, instance, local));
        if (cid !== undefined) {
          const vm = handedOut(stage, { cid, agentId, instance, shape, local });
          // The other call may have begun, or be about, to take it away, and its address with it.
          const isInDanger = answers.some(({ is }) => is !== 'result') && !stage.isCalm;
          if (isInDanger) return remove(stage, vm, call);
          await checkNew(stage, vm, answers.length > 1);
          if (hasAnothersAddress(stage, vm)) return remove(stage, vm, call);
          return giveMetadata(stage, vm, call);
        }
        if (answers.length > 1) stage.mayBeHeld.add(instance);
        if (!answers.every((answer) => answer.is === 'error')) return;
        if (!answers.some(({ error }) => tellsOfRest(error.message))) {
          for (const disk of local) if (!held.includes(disk)) disk.doubt = undefined;
          if (answers.every(({ mayComeLate }) => !mayComeLate)) assertNothingIsLeft(stage, agentId);
        }
        if (!answers.every(({ error }) => error.ok_to_retry)) return;
      }
      // People give its instance another disk then.
      if (isOutOfSight(stage, local)) for (const disk of local) disk.instance = undefined;
    },
  };
}

/** What calls for one VM were answered, of which the others may have failed because of it. */
function cidIn(stage: Stage, answers: readonly Answer[], mayFail: RegExp): string | undefined {
  const cids = answers.flatMap((answer) => (answer.is === 'result' ? [cidOf(answer.result)] : []));
  // The later one takes away what the earlier one made, as if that had been given up; it may fail then.
  const live = cids.filter((cid) => stage.world.vms.get(cid)?.state === 'Running');
  const isOne = live.length === 1 || (live.length === 0 && mayFailAfterTaking(stage, answers));
  must(cids.length === 0 || isOne, `of the VMs for one agent these run: ${live.join()}`);
  if (live.length === 1) return live[0];
  const [answer] = answers;
  if (answers.length === 1 && answer !== undefined) {
    succeeded(stage, 'create_vm', answer, mayFail);
  }
  return undefined;
}

/** Whether one of several calls may have taken away the other's VM, and then not have made its own. */
function mayFailAfterTaking({ isCalm, conditions }: Stage, answers: readonly Answer[]): boolean {
  if (answers.length === 1) return false;
  // Until CloudStack expunges it, the VM that was taken away still counts.
  return (
    !isCalm ||
    answers.some((answer) => answer.is === 'error' && isAtLimit(conditions, answer.error.message))
  );
}

/** No host has room, another VM has its address, or deletes its group as its last one; the CPI says so. */
const passing =
  /where it finds no room|in network NET_CS is held by VM|is not in its affinity group .* any more/;

const outOfSight = /Unable to orchestrate the start of VM/;

/** What one of two calls at once took an address from may be destroyed by the other before it has. */
const heldUntilExpunged = /Probably one of the static addresses is taken/;

function reasonsToFail(stage: Stage, instance: Instance, local: readonly Disk[]): RegExp {
  const reasons = [
    passing,
    ...(isOutOfSight(stage, local) ? [outOfSight] : []),
    ...(stage.mayBeHeld.has(instance) ? [heldUntilExpunged] : []),
  ];
  return new RegExp(reasons.map(({ source }) => source).join('|'));
}

/**
 * With several clusters CloudStack may look for a place only where a local disk is not; and no VM can
 * have those of two hosts.
 */
function isOutOfSight({ conditions, world }: Stage, local: readonly Disk[]): boolean {
  if (local.length > 0 && conditions.preset === 'several-clusters') return true;
  const pools = local.map(({ cid }) => world.volumes.get(cid)?.poolId).filter((id) => id != null);
  return new Set(pools).size > 1;
}

/** The public addresses of which a call says that people have to give them back. */
function addressesToGiveBack(answer: Answer): string[] {
  if (answer.is !== 'error') return [];
  const told = /public address (\S+) \([^)]*release it by disassociateIpAddress\)/g;
  return [...answer.error.message.matchAll(told)].map(([, ip = '']) => ip);
}

function tellsOfRest(message: string): boolean {
  return message.includes('could be undone, look after');
}

/** A VM of which a Director was told, and which it therefore counts on. */
function handedOut(
  stage: Stage,
  given: { cid: string; agentId: string; instance: Instance; shape: Shape; local: readonly Disk[] },
): Vm {
  const { cid, agentId, instance, shape, local } = given;
  const { addresses, publicIp, madeNetwork } = shape;
  const vm: Vm = {
    ...{ cid, agentId, instance, addresses, publicIp, madeNetwork },
    isDoomed: false,
    isInDoubt: false,
    metadata: undefined,
  };
  stage.ledger.vms.push(vm);
  for (const disk of local) {
    if (isOnAForgottenVm(stage, disk, agentId) || isAtWork(stage, disk)) continue;
    Object.assign(disk, { on: vm, doubt: undefined });
  }
  return vm;
}

/** A VM that a killed call left for another agent keeps its local disk until `gc` finds it. */
function isOnAForgottenVm({ world, ledger }: Stage, { cid }: Disk, agentId: string): boolean {
  const holder = world.vms.get(world.volumes.get(cid)?.vmId ?? '');
  if (holder === undefined || ledger.vms.some((vm) => vm.cid === holder.id)) return false;
  return !holder.name.includes(agentId);
}

/** A disk that a restart left between two states stays there, and `create_vm` leaves it to `attach_disk`. */
function isAtWork({ world }: Stage, { cid }: Disk): boolean {
  const state = world.volumes.get(cid)?.state ?? '';
  return !['Allocated', 'Ready', 'Uploaded'].includes(state);
}

/** CloudStack may choose any address for a VM that names none: one that is another's, people move. */
function hasAnothersAddress({ world, ledger }: Stage, { cid, instance }: Vm): boolean {
  return world.nics
    .where('vmId', cid)
    .some(({ ipAddress }) => ledger.isAnothers(ipAddress ?? '', instance));
}

async function checkNew(stage: Stage, vm: Vm, isTwin: boolean): Promise<void> {
  assertIsThere(stage, vm);
  if (!isTwin) assertIsAlone(stage, vm);
  checkGuest(stage, vm);
  await checkEntry(stage, vm, true);
}

/** A VM without metadata is of no use to a Director: it deletes it. */
async function giveMetadata(stage: Stage, vm: Vm, call: MakeCall): Promise<void> {
  if (!(await setMetadata(stage, vm, call))) await remove(stage, vm, call);
}

async function setMetadata(stage: Stage, vm: Vm, call: MakeCall): Promise<boolean> {
  const metadata = {
    director: directors[vm.instance.director] ?? '',
    deployment: 'proof',
    name: vm.instance.name,
    note: stage.ledger.newText(),
  };
  vm.metadata = undefined;
  const answer = await call('set_vm_metadata', [vm.cid, metadata]);
  if (!succeeded(stage, 'set_vm_metadata', answer)) return false;
  vm.metadata = metadata;
  assertTags(stage, vm.cid, metadata);
  return true;
}

export const setVmMetadata: Planner = (stage, draw) => {
  const vm = oneOf(known(stage), draw);
  return (
    vm && {
      director: vm.instance.director,
      about: [vm.instance],
      work: async (call) => {
        await setMetadata(stage, vm, call);
      },
    }
  );
};

export const deleteVm: Planner = (stage, draw) => {
  const vm = oneOf(stage.ledger.vms, draw);
  return vm && deletionOf(stage, vm);
};

export function deletionOf(stage: Stage, vm: Vm): NonNullable<ReturnType<Planner>> {
  const { ledger } = stage;
  const disks = ledger.disks.filter(({ on, doubt }) => on === vm || doubt === vm);
  return {
    director: vm.instance.director,
    about: [vm.instance, ...disks],
    work: (call) => remove(stage, vm, call),
  };
}

async function remove(stage: Stage, vm: Vm, call: MakeCall): Promise<void> {
  vm.isDoomed = true;
  for (const disk of stage.ledger.disks) if (disk.on === vm) disk.doubt = vm;
  const answer = await call('delete_vm', [vm.cid]);
  const isGone =
    succeeded(stage, 'delete_vm', answer) ||
    (answer.is === 'error' && answer.error.type === 'Bosh::Clouds::VMNotFound');
  if (!isGone) return;
  assertIsGone(stage, vm);
  await checkEntry(stage, vm, false);
  stage.ledger.forgetVm(vm);
}

export const rebootVm: Planner = (stage, draw) => {
  const vm = oneOf(known(stage), draw);
  return vm && rebootOf(stage, vm);
};

/** While it was stopped, another VM of its group has started on the host that has its local disk. */
const noPlace = /Unable to create a deployment for VM/;

export function rebootOf(stage: Stage, vm: Vm): NonNullable<ReturnType<Planner>> {
  return {
    director: vm.instance.director,
    about: [vm.instance, ...stage.ledger.disksOn(vm)],
    work: async (call) => {
      vm.isInDoubt = true;
      const answer = await call('reboot_vm', [vm.cid]);
      if (!succeeded(stage, 'reboot_vm', answer, noPlace)) {
        // Then people have it made anew.
        vm.isDoomed ||= answer.is === 'error' && noPlace.test(answer.error.message);
        return;
      }
      vm.isInDoubt = false;
      assertIsThere(stage, vm);
      checkGuest(stage, vm);
    },
  };
}

export const hasVm: Planner = (stage, draw) => {
  const vm = oneOf(known(stage), draw);
  return (
    vm && {
      director: vm.instance.director,
      about: [vm.instance],
      work: async (call) => {
        const answer = await call('has_vm', [vm.cid]);
        if (!succeeded(stage, 'has_vm', answer)) return;
        must(answer.result === true, `has_vm does not know VM ${vm.cid}`);
      },
    }
  );
};

export const getDisks: Planner = (stage, draw) => {
  const vm = oneOf(known(stage), draw);
  if (vm === undefined) return undefined;
  const disks = stage.ledger.disks.filter(({ on, doubt }) => on === vm || doubt === vm);
  return {
    director: vm.instance.director,
    about: [vm.instance, ...disks],
    work: async (call) => {
      const answer = await call('get_disks', [vm.cid]);
      if (!succeeded(stage, 'get_disks', answer)) return;
      const told = answer.result as string[];
      const sure = stage.ledger.disksOn(vm).map(({ cid }) => cid);
      const possible = disks.map(({ cid }) => cid);
      const isRight =
        sure.every((cid) => told.includes(cid)) && told.every((cid) => possible.includes(cid));
      must(
        stage.isHaunted || isRight,
        `get_disks of ${vm.cid} tells ${told.join()}, not ${sure.join()}`,
      );
    },
  };
};

function known(stage: Stage): Vm[] {
  return stage.ledger.vms.filter(({ isDoomed }) => !isDoomed);
}

/** Only one VM of an agent is left, whatever became of earlier tries. */
function assertIsAlone(stage: Stage, { agentId, cid }: Vm): void {
  const others = liveVmsOf(stage, agentId).filter(({ id }) => id !== cid);
  const left = mayBeUnknown(stage) ? others.filter(({ state }) => state === 'Running') : others;
  must(left.length === 0, `create_vm leaves another VM of its agent: ${named(left)}`);
}

/** A call that failed, and tells of nothing that is left, has taken back what it did. */
function assertNothingIsLeft(stage: Stage, agentId: string): void {
  if (mayBeUnknown(stage)) return;
  const left = liveVmsOf(stage, agentId);
  must(left.length === 0, `create_vm fails, leaves a VM and does not say so: ${named(left)}`);
}

/** What arrives twice makes a VM of which the caller is told that another one has its name. */
function mayBeUnknown({ isHaunted, conditions }: Stage): boolean {
  return isHaunted || conditions.faults.some(({ then }) => then.effect === 'applied-twice');
}

/** What only an administrator or the time can take away does not count. */
const beyondRemedy: ReadonlySet<string> = new Set(['Error', 'Destroyed', 'Expunging']);

function liveVmsOf({ world }: Stage, agentId: string): VmRow[] {
  return world.vms
    .all()
    .filter(({ name, state }) => name.startsWith(`vm-${agentId}`) && !beyondRemedy.has(state));
}

function named(vms: readonly VmRow[]): string {
  return vms.map(({ id, name, state }) => `${name} (${id}), ${state}`).join(', ');
}
