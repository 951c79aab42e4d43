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
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { HostRow, VmRow } from '../../world/entities.js';
import { hasCapacity, isCapable, placeOn, placeVm, type Placement } from '../../world/placement.js';
import { vmText } from '../../world/virtual-machines.js';
import {
  abandonStart,
  beginStart,
  createVolumes,
  finishStart,
  needsTemplateCopy,
} from '../../world/vm-start.js';
import type { World } from '../../world/world.js';

/** What differs between the commands whose jobs start a VM. */
export interface StartOptions<P extends Parameters> {
  readonly vmOf: (context: CommandContext, args: Arguments<P>, job: JobProgress) => VmRow;
  readonly hostOf: (args: Arguments<P>) => HostRow | undefined;
  /** Throws where the VM cannot be started at all; nothing has changed then. */
  readonly assertStartable: (context: CommandContext, args: Arguments<P>, vm: VmRow) => void;
  /** What becomes of the VM, Stopped again, when its start fails. */
  readonly onFailure: (world: World, vm: VmRow) => void;
}

/**
 * The steps of a job that starts a VM: find a host and a pool for each volume; copy the template
 * there if the pool has not got it yet; create the volumes; boot.
 */
export function startSteps<P extends Parameters>(
  options: StartOptions<P>,
): readonly [JobStep<P, VmRow>, JobStep<P, VmRow>, JobStep<P, VmRow>] {
  return [
    (context, args, job) => {
      const vm = options.vmOf(context, args, job);
      options.assertStartable(context, args, vm);
      return orFail(context.world, vm, options, () =>
        place(context, vm, options.hostOf(args), job),
      );
    },
    (context, args, job) => {
      const vm = options.vmOf(context, args, job);
      return orFail(context.world, vm, options, () => {
        createVolumes(context.world, vm, (volumeId) => plannedPool(context.world, volumeId, job));
        return wait('duration.vm.start');
      });
    },
    (context, args, job) => {
      const vm = options.vmOf(context, args, job);
      finishStart(context.world, vm);
      return done(vm);
    },
  ];
}

function place(
  { world }: CommandContext,
  vm: VmRow,
  host: HostRow | undefined,
  job: JobProgress,
): StepOutcome<VmRow> {
  if (host !== undefined) assertHasRoom(world, vm, host);
  const placement = host === undefined ? placeVm(world, vm) : placeOn(world, vm, host);
  if (placement === undefined) {
    throw serverApiError(533, `No destination found for a deployment for ${vmText(vm)}`);
  }
  job.remember({ pools: poolIds(placement) });
  const copies = needsTemplateCopy(world, vm, placement);
  beginStart(world, vm, placement);
  return copies ? wait('duration.template.copy') : proceed;
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

function poolIds({ pools }: Placement): Record<string, string> {
  return Object.fromEntries([...pools].map(([volumeId, pool]) => [volumeId, pool.id]));
}

function plannedPool(
  world: World,
  volumeId: string,
  job: JobProgress,
): ReturnType<World['storagePools']['get']> {
  const pools = job.memo['pools'] as Readonly<Record<string, string>>;
  return world.storagePools.get(pools[volumeId] ?? '');
}

function orFail<P extends Parameters>(
  world: World,
  vm: VmRow,
  options: StartOptions<P>,
  step: () => StepOutcome<VmRow>,
): StepOutcome<VmRow> {
  try {
    return step();
  } catch (error) {
    if (vm.state === 'Starting') abandonStart(world, vm);
    options.onFailure(world, vm);
    throw error;
  }
}
