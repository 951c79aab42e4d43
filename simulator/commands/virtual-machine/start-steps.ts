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
import { affinityGroupsOf } from '../../world/compute/affinity-groups.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import { hostText } from '../../world/compute/hosts.js';
import {
  hasCapacity,
  isCapable,
  placeOn,
  placeVm,
  type PlacementWish,
} from '../../world/compute/placement.js';
import { vmText } from '../../world/compute/virtual-machines.js';
import { drawPassword, givePassword } from '../../world/compute/vm-passwords.js';
import {
  abandonStart,
  beginStart,
  finishStart,
  finishVolumes,
  needsTemplateCopy,
} from '../../world/compute/vm-start.js';
import { isBefore } from '../../world/settings/release.js';
import type { World } from '../../world/world.js';
import type { VmWithPassword } from './vm-with-password-response.js';

/** What differs between the commands whose jobs start a VM. */
export interface StartOptions<P extends Parameters> {
  readonly vmOf: (context: CommandContext, args: Arguments<P>, job: JobProgress) => VmRow;
  /** The host that it must be, if that is not the planner's to choose. */
  readonly hostOf: (context: CommandContext, args: Arguments<P>) => HostRow | undefined;
  /** Throws where the VM cannot be started at all; nothing has changed then. */
  readonly assertStartable: (context: CommandContext, args: Arguments<P>, vm: VmRow) => void;
  /** The password that its first start is to give it; one is drawn if this gives none. */
  readonly passwordOf?: (args: Arguments<P>) => string | undefined;
  /** Where else root admins want it, if they name no host. */
  readonly wishOf?: (args: Arguments<P>) => PlacementWish;
  /** Whether it is to boot into its firmware's setup. */
  readonly bootsIntoSetup?: (args: Arguments<P>) => boolean;
  /** The name of the planner that is to find its place. */
  readonly plannerOf?: (args: Arguments<P>) => string | undefined;
  /** What becomes of the VM, Stopped again, when its start fails. */
  readonly onFailure: (world: World, vm: VmRow) => void;
}

type StartStep<P extends Parameters> = JobStep<P, VmWithPassword>;

export type StartSteps<P extends Parameters> = readonly [StartStep<P>, StartStep<P>, StartStep<P>];

/**
 * The steps of a job that starts a VM: find a host and a pool for each volume, and copy the template
 * there if the pool has not got it yet; create the volumes; boot.
 */
export function startSteps<P extends Parameters>(options: StartOptions<P>): StartSteps<P> {
  return [
    (context, args, job) => {
      const { world } = context;
      const vm = options.vmOf(context, args, job);
      options.assertStartable(context, args, vm);
      try {
        const host = options.hostOf(context, args);
        if (host !== undefined) assertHasRoom(world, vm, host);
        if (giveFirstPassword(world, vm, options.passwordOf?.(args))) {
          job.remember({ givesPassword: true });
        }
        if (options.bootsIntoSetup?.(args) === true) assertHasSetup(vm);
        assertPlanner(options.plannerOf?.(args));
        return place(world, vm, host, options.wishOf?.(args));
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
      return done({ vm, password: job.memo['givesPassword'] === true ? vm.password : null });
    },
  ];
}

/**
 * Gives a VM that was never started the password that its template wants it to have; false if there
 * is none to give (UserVmManagerImpl.getCurrentVmPasswordOrDefineNewPassword).
 */
function giveFirstPassword(world: World, vm: VmRow, wanted: string | undefined): boolean {
  const { passwordEnabled } = world.templates.require(vm.templateId);
  if (!vm.awaitsPassword || !passwordEnabled) return false;
  const password = wanted === undefined || wanted.trim() === '' ? drawPassword(world) : wanted;
  if (password.includes(' ')) {
    throw invalidParameter('A valid password for this virtual machine was not provided.');
  }
  givePassword(world, vm, password);
  return true;
}

function assertHasSetup({ hypervisor }: VmRow): void {
  if (hypervisor === 'VMware') return;
  throw invalidParameter(`bootintosetup makes no sense for ${hypervisor}`);
}

/** All planners of CloudStack are known; which it is makes no difference in a zone of one pod. */
function assertPlanner(name: string | undefined): void {
  if (name === undefined || PLANNERS.includes(name)) return;
  throw invalidParameter(`Can't find a planner by name ${name}`);
}

const PLANNERS: readonly string[] = [
  'FirstFitPlanner',
  'UserDispersingPlanner',
  'UserConcentratedPodPlanner',
  'ImplicitDedicationPlanner',
  'BareMetalPlanner',
];

function place(
  world: World,
  vm: VmRow,
  host: HostRow | undefined,
  wish: PlacementWish | undefined,
): StepOutcome<never> {
  const placement = host === undefined ? placeVm(world, vm, wish) : placeOn(world, vm, host);
  if (placement === undefined) {
    throw serverApiError(
      533,
      `No destination found for a deployment for ${placedVmText(world, vm)}${affinityHint(world, vm)}`,
    );
  }
  const copies = needsTemplateCopy(world, vm, placement);
  beginStart(world, vm, placement);
  return copies ? wait('duration.template.copy') : proceed;
}

/** Before 4.19 a VM was named without its state. */
function placedVmText(world: World, vm: VmRow): string {
  const text = vmText(vm);
  return isBefore(world, '4.19') ? text.replace(`"state":"${vm.state}",`, '') : text;
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
  const [isLargeEnough, hasRoom] = [isCapable(vm, host), hasCapacity(world, vm, host)];
  if (isLargeEnough && hasRoom) return;
  if (isBefore(world, '4.20')) {
    throw invalidParameter(
      `Cannot deploy the VM to specified host ${host.internalId}; host has cpu capability? ` +
        `${isLargeEnough}, host has capacity? ${hasRoom}`,
    );
  }
  const lack = isLargeEnough
    ? 'host does not have enough free CPU or RAM, please check the logs'
    : 'requested CPU and speed is more than the host capability';
  throw invalidParameter(`Cannot deploy the VM to specified host ${hostText(host)}, ${lack}`);
}
