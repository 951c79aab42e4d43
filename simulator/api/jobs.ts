import { CloudException, cloudRuntime } from '../world/cloud-exception.js';
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
import { isRootAdmin, type Caller } from '../declare/caller.js';
import type { CommandContext } from '../declare/context.js';
import type { JsonObject } from '../kernel/json.js';
import type { JobEvent, JobRow } from '../world/entities.js';
import { endCreationOfVolumes, endOperation } from '../world/interrupted-operations.js';
import { JOB_LATE_STEP_TASK, jobItem } from '../world/jobs.js';
import { UndeclaredTransition } from '../world/state-table.js';
import type { JobStateEvent } from '../world/states/job.js';
import type { BaseRow } from '../world/base-row.js';
import type { World } from '../world/world.js';
import { readArguments, readArgumentsAgain } from './arguments.js';
import { callerOf } from './authenticate.js';
import { recordEnd, recordStart } from './event-records.js';
import { admissionOf, hasAdmission } from './job-admission.js';
import { jobFault, stuckInStarting, type JobFault } from './job-faults.js';
import { renderJobResult } from './reply.js';
import { unpackParameters } from './request-parameters.js';

export type JobCommand =
  AsyncCommand<Parameters, unknown> | AsyncCreateCommand<Parameters, unknown, BaseRow>;

/** The task that carries out the next step of a job. */
export const JOB_STEP_TASK = 'job.step';
/** The task that looks at the request of a job that waits. */
export const JOB_ADMISSION_TASK = 'job.admission';
/** The task that gives up a job for which others have waited too long. */
export const JOB_CANCEL_TASK = 'job.cancel';
/** The task that forgets a job. */
export const JOB_EXPIRY_TASK = 'job.expiry';

export interface Submission {
  readonly context: CommandContext;
  readonly parameters: ReadonlyMap<string, string>;
  readonly queue: string | null;
  readonly instanceType: string | null;
  readonly instanceId: string | null;
  readonly event: JobEvent | null;
  /** The id that the job gets where the caller wishes for one. */
  readonly id: string | undefined;
}

export interface JobsOptions {
  readonly world: World;
  readonly commands: readonly AnyCommand[];
  readonly commandNamed: (name: string) => AnyCommand | undefined;
  /** Where clients reach the API. */
  readonly origin: () => string;
  /** Told of errors that are the simulator's own fault. */
  readonly onFault: (error: unknown) => void;
  /** Told what only a simulator can add to a failed job. */
  readonly onHint?: ((hint: string) => void) | undefined;
}

/** Carries jobs out step by step; each step is a task, so jobs are saved with the world. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #world: World;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Puts a job into the world; it starts as soon as its queue is free. */
  submit(command: JobCommand, submission: Submission): JobRow {
    const { context, parameters, queue } = submission;
    const waits = queue !== null && this.#isBusy(queue);
    const job = this.#world.jobs.insert({
      ...(submission.id === undefined ? {} : { id: submission.id }),
      command: command.name,
      javaClass: javaClassOf(command, context.caller),
      accountId: context.caller.account.id,
      userId: context.caller.user.id,
      parameters: Object.fromEntries(parameters),
      state: 'pending',
      resultCode: 0,
      result: null,
      instanceType: submission.instanceType,
      instanceId: submission.instanceId,
      completedMs: null,
      queue,
      startedMs: null,
      step: 0,
      memo: context.imageBytes === 0 ? {} : { imageBytes: context.imageBytes },
      eventRecord: submission.event,
      slowedBy: 1,
    });
    this.#scheduleExpiry(job);
    if (!waits) this.#start(job);
    else if (hasAdmission(command)) this.#scheduleAdmission(job);
    return job;
  }

  /** Looks at the request of a job that waits, which may end it. */
  admit(jobId: string): void {
    const job = this.#world.jobs.get(jobId);
    if (job?.state !== 'pending' || job.startedMs !== null) return;
    this.#world.kernel.because(`job:${job.id} ${job.command}`, () => {
      const command = this.#jobCommand(job);
      const parameters = new Map(Object.entries(job.parameters));
      const admission = admissionOf(command, this.#contextOf(job, command), parameters);
      if (admission.kind === 'admitted') {
        this.#world.jobs.change(job, { memo: { ...job.memo, ...admission.memo } });
        return;
      }
      this.#world.jobs.change(job, { queue: null });
      this.#begin(job);
      this.#fail(job, admission.error);
    });
  }

  runStep(jobId: string): void {
    const job = this.#world.jobs.get(jobId);
    if (job?.state !== 'pending') return;
    this.#world.kernel.because(`job:${job.id} ${job.command}`, () => this.#step(job));
  }

  /** Forgets a job `job.expire.minutes` after it ended, or after its submission if it never did. */
  expire(jobId: string): void {
    const job = this.#world.jobs.require(jobId);
    if (job.completedMs !== null && this.#expiryOf(job) > this.#world.kernel.nowMs) {
      this.#scheduleExpiry(job);
      return;
    }
    this.#world.jobs.purge(job);
    if (job.startedMs !== null && job.state === 'pending') this.#startNext(job.queue);
  }

  #expiryOf(job: JobRow): number {
    const keptMs = this.#world.settings.get('job.expire.minutes') * 60_000;
    return (job.completedMs ?? job.createdMs) + keptMs;
  }

  #scheduleExpiry(job: JobRow): void {
    this.#world.kernel.schedule({
      kind: JOB_EXPIRY_TASK,
      args: { jobId: job.id },
      afterMs: this.#expiryOf(job) - this.#world.kernel.nowMs,
    });
  }

  #step(job: JobRow): void {
    const command = this.#jobCommand(job);
    const context = this.#contextOf(job, command);
    const fault = jobFault(this.#world, job, job.step + 1);
    if (fault !== undefined && this.#giveWay(fault, job, command, context)) return;
    let outcome: StepOutcome<unknown>;
    try {
      outcome = this.#carryOut(command, job, context);
    } catch (error) {
      this.#fail(job, this.#wasThwarted(error) ? cloudRuntime(error.message) : error);
      return;
    }
    const stuck = stuckInStarting(this.#world, job, fault);
    if (stuck !== undefined) {
      this.#fail(job, stuck);
      return;
    }
    if (outcome.kind === 'done') {
      const atEnd = jobFault(this.#world, job, 'completion');
      if (atEnd !== undefined && this.#giveWay(atEnd, job, command, context)) return;
      this.#complete(
        job,
        'OperationSucceeded',
        0,
        renderJobResult(command, outcome.value, context),
      );
      return;
    }
    this.#goOn(job, outcome);
    this.#schedule(job, this.#waitMs(job, outcome));
  }

  #goOn(job: JobRow, { kind }: StepOutcome<unknown>): void {
    if (kind !== 'again') this.#world.jobs.change(job, { step: job.step + 1 });
  }

  #waitMs(job: JobRow, outcome: StepOutcome<unknown>): number {
    return 'duration' in outcome ? this.#world.settings.get(outcome.duration) * job.slowedBy : 0;
  }

  /** Lets a fault plan have its way with a job; false if the job goes on. */
  #giveWay(fault: JobFault, job: JobRow, command: JobCommand, context: CommandContext): boolean {
    switch (fault.kind) {
      case 'stick':
        return false;
      case 'halt':
        this.#giveUpLater(job);
        return true;
      case 'fail':
        if (fault.settles) this.#settleFailure(job, command, context);
        this.#fail(job, fault.error);
        return true;
      case 'fail-and-go-on':
        this.#fail(job, fault.error);
        this.#scheduleLateStep(job, fault.afterMs);
        return true;
    }
  }

  /** A job that does nothing more keeps the others of its queue waiting for a while. */
  #giveUpLater(job: JobRow): void {
    if (job.queue === null || this.#world.jobs.get(job.id)?.state !== 'pending') return;
    this.#world.kernel.schedule({
      kind: JOB_CANCEL_TASK,
      args: { jobId: job.id, goesOnAfterMs: null },
      afterMs: this.#patienceMs(job),
    });
  }

  /**
   * Tells a job as failed that has been at work for `job.cancel.threshold.minutes`, and lets the next
   * of its queue begin (AsyncJobManagerImpl.getGCTask); what it does, it goes on doing. The request's
   * job fails as it reads the result of the work, which is a sentence and no object
   * (JobSerializerHelper.fromObjectSerializedString).
   */
  cancel(jobId: string, goesOnAfterMs: number | null): void {
    const job = this.#world.jobs.get(jobId);
    if (job?.state !== 'pending') return;
    this.#world.kernel.because(`job:${job.id} ${job.command}`, () => {
      this.#fail(job, cloudRuntime(BLOCKED_TOO_LONG), 'BlockedTooLong');
      if (goesOnAfterMs !== null) this.#scheduleLateStep(job, goesOnAfterMs);
    });
  }

  /** How long a job may still be at work. */
  #patienceMs({ queue, startedMs }: JobRow): number {
    if (queue === null) return Infinity;
    const { kernel, settings } = this.#world;
    const patienceMs = settings.get('job.cancel.threshold.minutes') * 60_000;
    return (startedMs ?? kernel.nowMs) + patienceMs - kernel.nowMs;
  }

  /** What the job had in hand ends as after a failure of the host. */
  #settleFailure(job: JobRow, command: JobCommand, context: CommandContext): void {
    if (job.instanceId !== null) endCreationOfVolumes(this.#world, job.instanceId);
    endOperation(this.#world, job);
    const args = argumentsOf(command, job, context);
    command.afterFailure?.(context, args, this.#progressOf(job));
  }

  /** The rest of a job that was told as failed: the host does it without telling anybody. */
  runLateStep(jobId: string): void {
    const job = this.#world.jobs.get(jobId);
    if (job?.state !== 'failed') return;
    this.#world.kernel.because(`job:${job.id} ${job.command}`, () => this.#lateStep(job));
  }

  /**
   * Whether a step came upon a state that the late rest of another job had made, where CloudStack
   * throws NoTransitionException (VirtualMachineManagerImpl.changeState); by itself alone no step
   * of the simulator may get there.
   */
  #wasThwarted(error: unknown): error is UndeclaredTransition {
    return (
      error instanceof UndeclaredTransition &&
      this.#world.jobs.where('instanceId', error.id).some(({ memo }) => memo[WENT_ON_LATE] === true)
    );
  }

  #lateStep(job: JobRow): void {
    const command = this.#jobCommand(job);
    const context = this.#contextOf(job, command);
    try {
      const outcome = this.#carryOut(command, job, context);
      this.#progressOf(job).remember({ [WENT_ON_LATE]: true });
      if (outcome.kind === 'done') return;
      this.#goOn(job, outcome);
      this.#scheduleLateStep(job, this.#waitMs(job, outcome));
    } catch (error) {
      // Others may have taken the resource to where there is nothing left to do.
      if (error instanceof CloudException || error instanceof UndeclaredTransition) return;
      this.#options.onFault(error);
    }
  }

  #scheduleLateStep(job: JobRow, afterMs: number): void {
    this.#world.kernel.schedule({ kind: JOB_LATE_STEP_TASK, args: { jobId: job.id }, afterMs });
  }

  #carryOut(command: JobCommand, job: JobRow, context: CommandContext): StepOutcome<unknown> {
    const step = command.steps[job.step];
    if (step === undefined) throw new Error(`${command.name} has no step ${job.step}`);
    return step(context, argumentsOf(command, job, context), this.#progressOf(job));
  }

  #progressOf(job: JobRow): JobProgress {
    return {
      jobId: job.id,
      createdId: job.instanceId ?? '',
      memo: job.memo,
      remember: (values) => this.#world.jobs.change(job, { memo: { ...job.memo, ...values } }),
    };
  }

  #fail(
    job: JobRow,
    error: unknown,
    event: Extract<JobStateEvent, 'OperationFailed' | 'BlockedTooLong'> = 'OperationFailed',
  ): void {
    if (!(error instanceof CloudException)) this.#options.onFault(error);
    const exception =
      error instanceof CloudException
        ? error
        : cloudRuntime(`Unexpected exception: ${String(error)}`);
    if (exception.hint !== undefined) this.#options.onHint?.(exception.hint);
    const code = exception.jobResultCode;
    this.#complete(job, event, code, { errorcode: code, errortext: exception.message });
  }

  #complete(job: JobRow, event: JobStateEvent, resultCode: number, result: JsonObject): void {
    const completedMs = this.#world.kernel.nowMs;
    this.#world.jobs.move(job, event, { resultCode, result, completedMs });
    recordEnd(this.#world, job);
    this.#startNext(job.queue);
  }

  #startNext(queue: string | null): void {
    if (queue === null) return;
    const next = this.#pending(queue)[0];
    if (next !== undefined) this.#start(next);
  }

  #scheduleAdmission(job: JobRow): void {
    this.#world.kernel.schedule({
      kind: JOB_ADMISSION_TASK,
      args: { jobId: job.id },
      afterMs: this.#world.settings.get('duration.job'),
      item: jobItem(job.id),
    });
  }

  #begin(job: JobRow): void {
    this.#world.jobs.move(job, 'Dequeued', { startedMs: this.#world.kernel.nowMs });
    recordStart(this.#world, job);
  }

  #start(job: JobRow): void {
    this.#begin(job);
    const { preparation } = this.#jobCommand(job);
    const preparationMs = preparation === undefined ? 0 : this.#world.settings.get(preparation);
    this.#schedule(job, this.#world.settings.get('duration.job') + preparationMs);
  }

  /** Has the next step done, or the job given up where that would come too late. */
  #schedule(job: JobRow, afterMs: number): void {
    const patienceMs = this.#patienceMs(job);
    const [jobId, item] = [job.id, jobItem(job.id)];
    this.#world.kernel.schedule(
      afterMs <= patienceMs
        ? { kind: JOB_STEP_TASK, args: { jobId }, afterMs, item }
        : {
            kind: JOB_CANCEL_TASK,
            args: { jobId, goesOnAfterMs: afterMs - patienceMs },
            afterMs: patienceMs,
            item,
          },
    );
  }

  #isBusy(queue: string): boolean {
    return this.#pending(queue).some((job) => job.startedMs !== null);
  }

  #pending(queue: string): JobRow[] {
    return this.#world.jobs.where('queue', queue).filter((job) => job.state === 'pending');
  }

  #jobCommand(job: JobRow): JobCommand {
    const command = this.#options.commandNamed(job.command);
    if (command === undefined || command.kind === 'sync') {
      throw new Error(`job ${job.id} belongs to ${job.command}, which is no asynchronous command`);
    }
    return command;
  }

  #contextOf(job: JobRow, command: JobCommand): CommandContext {
    return {
      world: this.#world,
      caller: callerOf(this.#world, this.#world.users.require(job.userId)),
      commandText: commandTextOf(command),
      httpMethod: 'POST',
      origin: this.#options.origin(),
      imageBytes: Number(job.memo['imageBytes'] ?? 0),
      commands: this.#options.commands,
    };
  }
}

/** In the memo of a job that was told as failed, and did more after that. */
const WENT_ON_LATE = 'wentOnLate';

const BLOCKED_TOO_LONG =
  'Unable to serialize: Job is cancelled as it has been blocking others for too long';

function javaClassOf({ javaClass }: JobCommand, caller: Caller): string | null {
  if (javaClass === undefined) return null;
  return isRootAdmin(caller) ? (javaClass.rootAdmin ?? javaClass.user) : javaClass.user;
}

function argumentsOf(
  command: JobCommand,
  job: JobRow,
  context: CommandContext,
): Arguments<Parameters> {
  const raw = unpackParameters(new Map(Object.entries(job.parameters)));
  const read = job.step === 0 ? readArguments : readArgumentsAgain;
  return read(command, raw, context);
}
