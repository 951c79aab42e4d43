import {
  done,
  proceed,
  wait,
  type Arguments,
  type JobProgress,
  type JobStep,
  type Parameters,
  type StepOutcome,
} from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { affinityGroupsOf } from '../../world/affinity-groups.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import { hasCapacity, isCapable, placeOn, placeVm } from '../../world/placement.js';
import { vmText } from '../../world/virtual-machines.js';
import {
  abandonStart,
  beginStart,
  finishStart,
  finishVolumes,
  needsTemplateCopy,
} from '../../world/vm-start.js';
import type { World } from '../../world/world.js';

/** What differs between the commands whose jobs start a VM. */
export interface StartOptions<P extends Parameters> {
  readonly vmOf: (context: CommandContext, args: Arguments<P>, job: JobProgress) => VmRow;
  /** The host that it must be, if that is not the planner's to choose. */
  readonly hostOf: (context: CommandContext, args: Arguments<P>) => HostRow | undefined;
  /** Throws where the VM cannot be started at all; nothing has changed then. */
  readonly assertStartable: (context: CommandContext, args: Arguments<P>, vm: VmRow) => void;
  /** What becomes of the VM, Stopped again, when its start fails. */
  readonly onFailure: (world: World, vm: VmRow) => void;
}

/**
 * The steps of a job that starts a VM: find a host and a pool for each volume, and copy the template
 * there if the pool has not got it yet; create the volumes; boot.
 */
export function startSteps<P extends Parameters>(
  options: StartOptions<P>,
): readonly [JobStep<P, VmRow>, JobStep<P, VmRow>, JobStep<P, VmRow>] {
  return [
    (context, args, job) => {
      const { world } = context;
      const vm = options.vmOf(context, args, job);
      options.assertStartable(context, args, vm);
      try {
        return place(world, vm, options.hostOf(context, args));
      } catch (error) {
        if (vm.state === 'Starting') abandonStart(world, vm);
        options.onFailure(world, vm);
        throw error;
      }
    },
    (context, args, job) => {
      finishVolumes(context.world, options.vmOf(context, args, job));
      return wait('duration.vm.start');
    },
    (context, args, job) => {
      const vm = options.vmOf(context, args, job);
      finishStart(context.world, vm);
      return done(vm);
    },
  ];
}

function place(world: World, vm: VmRow, host: HostRow | undefined): StepOutcome<VmRow> {
  if (host !== undefined) assertHasRoom(world, vm, host);
  const placement = host === undefined ? placeVm(world, vm) : placeOn(world, vm, host);
  if (placement === undefined) {
    throw serverApiError(
      533,
      `No destination found for a deployment for ${vmText(vm)}${affinityHint(world, vm)}`,
    );
  }
  const copies = needsTemplateCopy(world, vm, placement);
  beginStart(world, vm, placement);
  return copies ? wait('duration.template.copy') : proceed;
}

/** Whatever it was that did not fit (StartVMCmd and DeployVMCmd, InsufficientServerCapacityException). */
function affinityHint(world: World, vm: VmRow): string {
  if (affinityGroupsOf(world, vm.id).length === 0) return '';
  return (
    ', Please check the affinity groups provided, there may not be sufficient capacity to follow ' +
    'them'
  );
}

/** For a host that the caller chose, CloudStack says what it lacks (UserVmManagerImpl.startVirtualMachine). */
function assertHasRoom(world: World, vm: VmRow, host: HostRow): void {
  const { internalId: id, name, id: uuid } = host;
  const text =
    'Cannot deploy the VM to specified host ' +
    `Host ${JSON.stringify({ id, name, type: 'Routing', uuid })}, `;
  if (!isCapable(vm, host)) {
    throw invalidParameter(`${text}requested CPU and speed is more than the host capability`);
  }
  if (hasCapacity(world, vm, host)) return;
  throw invalidParameter(`${text}host does not have enough free CPU or RAM, please check the logs`);
}
