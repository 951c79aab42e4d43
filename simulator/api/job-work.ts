import {
  commandTextOf,
  type AnyCommand,
  type Arguments,
  type AsyncCommand,
  type AsyncCreateCommand,
  type JobProgress,
  type Parameters,
  type StepOutcome,
} from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import type { BaseRow } from '../world/base-row.js';
import type { JobRow } from '../world/entities.js';
import { endCreationOfVolumes, endOperation } from '../world/interrupted-operations.js';
import type { World } from '../world/world.js';
import { readArguments, readArgumentsAgain } from './arguments.js';
import { callerOf } from './authenticate.js';
import { unpackParameters } from './request-parameters.js';

export type JobCommand =
  AsyncCommand<Parameters, unknown> | AsyncCreateCommand<Parameters, unknown, BaseRow>;

/** What jobs find around them. */
export interface JobSurroundings {
  readonly world: World;
  readonly commands: readonly AnyCommand[];
  readonly commandNamed: (name: string) => AnyCommand | undefined;
  /** Where clients reach the API. */
  readonly origin: () => string;
}

/** A job, and the command that it carries out for its caller. */
export interface JobWork {
  readonly job: JobRow;
  readonly command: JobCommand;
  readonly context: CommandContext;
}

export function workOf(surroundings: JobSurroundings, job: JobRow): JobWork {
  const { world, commands, origin } = surroundings;
  const command = commandOf(surroundings, job);
  const context: CommandContext = {
    world,
    caller: callerOf(world, world.users.require(job.userId)),
    commandText: commandTextOf(command),
    httpMethod: 'POST',
    origin: origin(),
    imageBytes: Number(job.memo['imageBytes'] ?? 0),
    commands,
  };
  return { job, command, context };
}

export function commandOf({ commandNamed }: JobSurroundings, job: JobRow): JobCommand {
  const command = commandNamed(job.command);
  if (command === undefined || command.kind === 'sync') {
    throw new Error(`job ${job.id} belongs to ${job.command}, which is no asynchronous command`);
  }
  return command;
}

/** Carries out the step that a job has come to. */
export function carryOut(work: JobWork): StepOutcome<unknown> {
  const { job, command, context } = work;
  const step = command.steps[job.step];
  if (step === undefined) throw new Error(`${command.name} has no step ${job.step}`);
  return step(context, argumentsOf(work), progressOf(work));
}

/** Takes a job on after a step; answers how long it waits for the next one. */
export function moveOn(
  { job, context: { world } }: JobWork,
  outcome: StepOutcome<unknown>,
): number {
  if (outcome.kind !== 'again') world.jobs.change(job, { step: job.step + 1 });
  return 'duration' in outcome ? world.settings.get(outcome.duration) * job.slowedBy : 0;
}

/** What a job had in hand ends as after a failure of the host. */
export function settleFailure(work: JobWork): void {
  const { job, command, context } = work;
  if (job.instanceId !== null) endCreationOfVolumes(context.world, job.instanceId);
  endOperation(context.world, job);
  command.afterFailure?.(context, argumentsOf(work), progressOf(work));
}

export function progressOf({ job, context: { world } }: JobWork): JobProgress {
  return {
    jobId: job.id,
    createdId: job.instanceId ?? '',
    memo: job.memo,
    remember: (values) => world.jobs.change(job, { memo: { ...job.memo, ...values } }),
  };
}

function argumentsOf({ job, command, context }: JobWork): Arguments<Parameters> {
  const raw = unpackParameters(new Map(Object.entries(job.parameters)));
  const read = job.step === 0 ? readArguments : readArgumentsAgain;
  return read(command, raw, context);
}
