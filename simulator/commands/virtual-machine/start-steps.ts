import {
  done,
  hasWaited,
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
import {
  CloudException,
  cloudRuntime,
  invalidParameter,
  serverApiError,
} from '../../world/cloud-exception.js';
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
  noDeployment,
} from '../../world/compute/vm-start.js';
import { isBefore } from '../../world/settings/release.js';
import { rootVolumeOf } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import type { VmWithPassword } from './vm-with-password-response.js';

/** What differs between the commands whose jobs start a VM. */
export interface StartOptions<P extends Parameters> {
  readonly vmOf: (context: CommandContext, args: Arguments<P>, job: JobProgress) => VmRow;
  /** The host that it must be, if that is not the planner's to choose. */
  readonly hostOf: (context: CommandContext, args: Arguments<P>) => HostRow | undefined;
  /** Throws where the job may not start the VM; nothing has changed then. One that waited was let in. */
  readonly assertStartable?: (context: CommandContext, args: Arguments<P>, vm: VmRow) => void;
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
export function startSteps<P extends Parameters>(
  options: StartOptions<P>,
  tell: (world: World, vm: VmRow, error: unknown) => unknown = (_, __, error) => error,
): StartSteps<P> {
  return [
    (context, args, job) => {
      const { world } = context;
      const vm = options.vmOf(context, args, job);
      if (!hasWaited(job)) options.assertStartable?.(context, args, vm);
      const wrongState = problemOfState(vm);
      if (wrongState !== undefined) throw tell(world, vm, wrongState);
      try {
        const host = options.hostOf(context, args);
        if (host !== undefined && !hasWaited(job)) assertHasRoom(world, vm, host);
        if (giveFirstPassword(world, vm, options.passwordOf?.(args))) {
          job.remember({ givesPassword: true });
        }
        if (options.bootsIntoSetup?.(args) === true) assertHasSetup(vm);
        assertPlanner(options.plannerOf?.(args));
        try {
          return place(world, vm, host, options.wishOf?.(args));
        } catch (error) {
          throw tell(world, vm, withoutCapacity(vm, error));
        }
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
 * The same where the start is work of its own in the queue of the VM: from 4.20 on CloudStack keeps
 * the reason of its failure to itself (VirtualMachineManagerImpl.orchestrateStart).
 */
export function queuedStartSteps<P extends Parameters>(options: StartOptions<P>): StartSteps<P> {
  return startSteps(options, toldByQueue);
}

function withoutCapacity(vm: VmRow, error: unknown): unknown {
  const isOfPlanner =
    error instanceof CloudException && error.exception === 'InsufficientCapacityException';
  return isOfPlanner ? startFailure(vm, error.message) : error;
}

/** VirtualMachineManagerImpl.start. */
function startFailure(vm: VmRow, reason: string): CloudException {
  return new CloudException(
    'UncheckedException',
    `Unable to start a VM [${vm.id}] due to [${reason}].`,
  );
}

function toldByQueue(world: World, vm: VmRow, error: unknown): unknown {
  if (!(error instanceof CloudException) || isBefore(world, '4.20')) return error;
  if (error.exception !== 'CloudRuntimeException') return error;
  const named = JSON.stringify({ instanceName: vm.instanceName, uuid: vm.id });
  return cloudRuntime(`Unable to orchestrate the start of VM instance ${named}.`);
}

/** Throws for what the caller wishes of a start and cannot have. */
export function assertWishesOfStart(
  world: World,
  vm: VmRow,
  wishes: {
    readonly host: HostRow | undefined;
    readonly bootsIntoSetup: boolean;
    readonly planner: string | undefined;
  },
): void {
  if (wishes.host !== undefined) assertHasRoom(world, vm, wishes.host);
  if (wishes.bootsIntoSetup) assertHasSetup(vm);
  assertPlanner(wishes.planner);
}

/** VirtualMachineManagerImpl.changeToStartState. */
function problemOfState(vm: VmRow): CloudException | undefined {
  if (vm.state === 'Stopped') return undefined;
  if (['Starting', 'Stopping', 'Migrating'].includes(vm.state)) {
    return startFailure(vm, `There are concurrent operations on ${vmText(vm)}`);
  }
  return cloudRuntime(`Cannot start ${vmText(vm)} in ${vm.state} state`);
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
  if (placement === undefined) throw noPlaceFor(world, vm, host, wish);
  const copies = needsTemplateCopy(world, vm, placement);
  beginStart(world, vm, placement);
  return copies ? wait('duration.template.copy') : proceed;
}

/**
 * A first look fails the start, unless it was for a place beside the root volume that there is, where
 * nobody wished for another: what fails then is the second look
 * (VMEntityManagerImpl.reserveVirtualMachine).
 */
function noPlaceFor(
  world: World,
  vm: VmRow,
  host: HostRow | undefined,
  { podId, clusterId }: PlacementWish = {},
): CloudException {
  const isFree = host === undefined && podId === undefined && clusterId === undefined;
  if (isFree && hasRootOnPool(world, vm)) return noDeployment(vm);
  return serverApiError(
    533,
    `No destination found for a deployment for ${placedVmText(world, vm)}${affinityHint(world, vm)}`,
  );
}

/** Whether the root volume is there, and not on a pool in maintenance. */
function hasRootOnPool(world: World, vm: VmRow): boolean {
  const root = rootVolumeOf(world, vm.id);
  if (root?.state !== 'Ready' || root.poolId === null) return false;
  const { state } = world.storagePools.require(root.poolId);
  return state !== 'PrepareForMaintenance' && state !== 'Maintenance';
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
