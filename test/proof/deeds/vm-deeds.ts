// VMs come, get metadata, are asked for and restarted, and go.
import { manualNetwork, vmArguments } from '../../cpi/methods/vm-requests.js';
import type { Planner } from '../deed.js';
import { oneOf } from '../deed.js';
import { succeeded } from '../expectation.js';
import type { Disk, Instance, Vm } from '../ledger.js';
import { directors, isFree, nobodys } from '../ledger.js';
import type { Draw } from '../network.js';
import { must } from '../promise.js';
import type { Answer, MakeCall } from '../make-call.js';
import type { Stage } from '../stage.js';
import { assertIsGone, assertIsThere, assertTags } from '../world-checks.js';
import { checkGuest } from '../guest-checks.js';

/** So often a Director asks for a VM (director.max_vm_create_tries). */
const mostTries = 5;

/** A VM for an instance that has none. */
export const createVm: Planner = (stage, draw) => {
  const free = stage.ledger.instances.filter((one) => stage.ledger.vmOf(one) === undefined);
  const instance = oneOf(free, draw);
  if (instance === undefined) return undefined;
  return newVm(stage, instance, shapeOf(instance, draw));
};

/** What is asked for. */
export interface Shape {
  readonly networks: object;
  readonly addresses: Readonly<Record<string, string>>;
  readonly publicIp: string | undefined;
  readonly properties: object;
}

/** Two processes at work for one agent, as when a Director's task is begun again while it runs. */
export const createVmTwice: Planner = (stage, draw) => {
  const free = stage.ledger.instances.filter((one) => stage.ledger.vmOf(one) === undefined);
  const instance = oneOf(free, draw);
  if (instance === undefined) return undefined;
  return newVm(stage, instance, shapeOf(instance, draw), 2);
};

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
    about: [instance, ...disks, ...(stemcell === undefined ? [] : [stemcell])],
    work: async (call) => {
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
      for (const disk of local) disk.doubt = nobodys;
      for (let tries = 1; tries <= mostTries; tries += 1) {
        const calls = Array.from({ length: tries === 1 ? atOnce : 1 }, () =>
          call('create_vm', args),
        );
        const answers = await Promise.all(calls);
        const cid = cidIn(stage, answers);
        if (cid !== undefined) {
          const vm = handedOut(stage, { cid, agentId, instance, shape, local });
          // The other call may still be about to take it away.
          const isInDanger = answers.some(({ is }) => is !== 'result') && !stage.isCalm;
          if (isInDanger) await remove(stage, vm, call);
          else await giveMetadata(stage, vm, call);
          return;
        }
        if (!answers.every((answer) => answer.is === 'error')) return;
        if (!answers.some(({ error }) => tellsOfRest(error.message))) {
          for (const disk of local) disk.doubt = undefined;
        }
        if (!answers.every(({ error }) => error.ok_to_retry)) return;
      }
    },
  };
}

/** What calls for one VM were answered, of which the others may have failed because of it. */
function cidIn(stage: Stage, answers: readonly Answer[]): string | undefined {
  const cids = answers.flatMap((answer) =>
    answer.is === 'result' ? [(answer.result as [string])[0]] : [],
  );
  // The later one takes away what the earlier one made, as if that had been given up; it may fail then.
  const live = cids.filter((cid) => stage.world.vms.get(cid)?.state === 'Running');
  const isOne = live.length === 1 || (live.length === 0 && !stage.isCalm && answers.length > 1);
  must(cids.length === 0 || isOne, `of the VMs for one agent these run: ${live.join()}`);
  if (live.length === 1) return live[0];
  const [answer] = answers;
  if (answers.length === 1 && answer !== undefined) {
    succeeded(stage, 'create_vm', answer, /where it finds no room/);
  }
  return undefined;
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
  const { addresses, publicIp } = shape;
  const vm: Vm = {
    ...{ cid, agentId, instance, addresses, publicIp },
    isDoomed: false,
    isInDoubt: false,
    metadata: undefined,
  };
  stage.ledger.vms.push(vm);
  for (const disk of local) Object.assign(disk, { on: vm, doubt: undefined });
  assertIsThere(stage, vm);
  assertIsAlone(stage, vm);
  checkGuest(stage, vm);
  return vm;
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
  stage.ledger.forgetVm(vm);
}

export const rebootVm: Planner = (stage, draw) => {
  const vm = oneOf(known(stage), draw);
  return vm && rebootOf(stage, vm);
};

export function rebootOf(stage: Stage, vm: Vm): NonNullable<ReturnType<Planner>> {
  return {
    director: vm.instance.director,
    about: [vm.instance, ...stage.ledger.disksOn(vm)],
    work: async (call) => {
      vm.isInDoubt = true;
      if (!succeeded(stage, 'reboot_vm', await call('reboot_vm', [vm.cid]))) return;
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
function assertIsAlone({ world }: Stage, { agentId, cid }: Vm): void {
  const running = world.vms
    .all()
    .filter(({ name, state }) => name.startsWith(`vm-${agentId}`) && state === 'Running')
    .filter(({ id }) => id !== cid);
  must(
    running.length === 0,
    `create_vm leaves another VM of its agent running: ${running.map(({ id }) => id).join()}`,
  );
}

export function shapeOf(instance: Instance, draw: Draw): Shape {
  const isolated = manualNetwork(instance.ip);
  const shared = manualNetwork(instance.sharedIp, {
    netmask: '255.255.255.0',
    gateway: '10.204.0.1',
    cloud_properties: { name: 'NET_SHARED' },
  });
  const kind = draw(5);
  const isIsolated = kind < 4;
  const isShared = kind >= 3;
  const publicIp = isIsolated && draw(4) === 0 ? instance.publicIp : undefined;
  return {
    networks: {
      ...(isIsolated && { isolated }),
      ...(isShared && { shared: isIsolated ? { ...shared, default: undefined } : shared }),
      ...(publicIp !== undefined && { public: { type: 'vip', ip: publicIp } }),
    },
    addresses: {
      ...(isIsolated && { NET_CS: instance.ip }),
      ...(isShared && { NET_SHARED: instance.sharedIp }),
    },
    publicIp,
    properties: {
      ...(draw(2) === 0 && {
        disk: 1024,
        ephemeral_disk_offering: draw(3) === 0 ? 'local.custom' : 'ephemeral',
      }),
      ...(draw(5) === 0 && { compute_offering: 'm1.local' }),
      ...(draw(4) === 0 && { affinity_group: `group-${instance.director}` }),
      ...(publicIp !== undefined &&
        draw(2) === 0 && {
          lbs: [
            {
              name: `lb-${instance.director}`,
              public_port: 80 + instance.director,
              private_port: 8080,
            },
          ],
        }),
    },
  };
}
