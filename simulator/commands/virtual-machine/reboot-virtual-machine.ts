import {
  asyncCommand,
  done,
  everyRole,
  hasWaited,
  objectOf,
  proceed,
  wait,
  type Arguments,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { entity, flag } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter, nullPointer } from '../../world/cloud-exception.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import {
  beginStop,
  finishStop,
  isOff,
  vmQueue,
  vmText,
} from '../../world/compute/virtual-machines.js';
import { hasActiveVmSnapshots } from '../../world/compute/vm-snapshots.js';
import { rebootGuest } from '../../world/compute/vm-start.js';
import type { World } from '../../world/world.js';
import { queuedStartSteps } from './start-steps.js';
import { assertFoundToStop, vmSubject } from './virtual-machine-rules.js';
import { vmWithPasswordResponse } from './vm-with-password-response.js';

const parameters = {
  id: entity('virtualmachine', { required: true, access: 'operate' }),
  forced: flag({ since: '4.16.0' }),
  bootintosetup: flag({ since: '4.15.0.0' }),
} as const;

/** A forced reboot is a stop and a start on the same host (UserVmManagerImpl.forceRebootVirtualMachine). */
const [place, ...boot] = queuedStartSteps<typeof parameters>({
  vmOf: (_, { id: vm }) => vm,
  hostOf: ({ world }, { id: vm }) => hostOf(world, vm.lastHostId),
  onFailure: () => undefined,
});

/** Only the guest boots again: the VM stays Running on its host (UserVmManagerImpl.rebootVirtualMachine). */
export const rebootVirtualMachine = asyncCommand({
  name: 'rebootVirtualMachine',
  summary: 'Reboots a running virtual machine; forced, stops it and starts it on its host.',
  roles: everyRole,
  javaClass: { user: 'user.vm.RebootVMCmd', rootAdmin: 'admin.vm.RebootVMCmdByAdmin' },
  parameters,
  response: objectOf(vmWithPasswordResponse),
  subject: ({ id: vm }) => vmSubject(vm),
  queue: (_, { id: vm }) => vmQueue(vm.id),
  admit: assertMayReboot,
  steps: [
    (context, args, job) => {
      const { world } = context;
      const { id: vm, forced } = args;
      if (!hasWaited(job)) assertMayReboot(context, args);
      if (forced !== true) {
        assertFoundToReboot(vm);
        assertNoSnapshotAtWork(world, vm);
        assertOnHost(vm);
        return wait('duration.vm.reboot');
      }
      assertFoundToStop(vm);
      if (isOff(vm)) return proceed;
      beginStop(world, vm, { forced: false });
      return wait('duration.vm.stop');
    },
    (context, args, job) => {
      const { id: vm } = args;
      if (args.forced === true) {
        if (vm.state === 'Stopping') finishStop(context.world, vm);
        return place(context, args, job);
      }
      rebootGuest(context.world, vm);
      return done({ vm, password: null });
    },
    ...boot,
  ],
});

function assertMayReboot(
  { world }: CommandContext,
  { id: vm, forced, bootintosetup }: Arguments<typeof parameters>,
): void {
  assertThere(vm);
  assertRunning(vm);
  assertOfferingThere(world, vm);
  if (bootintosetup === true && vm.hypervisor !== 'VMware') {
    throw invalidParameter(
      `Booting into a hardware setup menu is not implemented on ${vm.hypervisor}`,
    );
  }
  if (forced === true) assertHostUsable(world, vm);
}

/** Not so one that was expunged while the reboot waited. */
function assertFoundToReboot({ removedMs }: VmRow): void {
  if (removedMs !== null) throw nullPointer('vm.VMInstanceVO.getUuid()', 'vm');
}

/** One that was stopped while the reboot waited (VirtualMachineManagerImpl.orchestrateReboot). */
function assertOnHost({ hostId }: VmRow): void {
  if (hostId === null) throw cloudRuntime('Unable to retrieve host with id null');
}

function assertThere(vm: VmRow): void {
  if (vm.removedMs === null) return;
  throw invalidParameter(`Unable to find a virtual machine with id ${vm.internalId}`);
}

function assertOfferingThere(world: World, vm: VmRow): void {
  const { removedMs, internalId } = world.serviceOfferings.require(vm.serviceOfferingId);
  if (removedMs === null) return;
  throw invalidParameter(`Unable to find service offering: ${internalId} corresponding to the vm`);
}

/** Not so in a forced reboot, which is a stop and a start. */
function assertNoSnapshotAtWork(world: World, vm: VmRow): void {
  if (!hasActiveVmSnapshots(world, vm.id)) return;
  throw cloudRuntime(
    `Unable to reboot VM ${vmText(vm)} due to: ${vm.instanceName} has active VM snapshots tasks`,
  );
}

function assertRunning(vm: VmRow): void {
  if (vm.state === 'Running') return;
  throw invalidParameter(`The VM ${vm.id} (${vm.displayName}) is not running, unable to reboot it`);
}

function assertHostUsable(world: World, vm: VmRow): void {
  const host = hostOf(world, vm.hostId);
  if (host?.up === true && host.state === 'Enabled') return;
  throw cloudRuntime(
    `Unable to force reboot the VM as the host: ${host?.internalId ?? 'null'} is not in the right state`,
  );
}

function hostOf(world: World, id: string | null): HostRow | undefined {
  return id === null ? undefined : world.hosts.require(id);
}
