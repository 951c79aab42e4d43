import { isRootAdmin, type Caller } from '../declare/caller.js';
import type { StepOutcome } from '../declare/command.js';
import type { JsonObject } from '../kernel/json.js';
import { CloudException, cloudRuntime } from '../world/cloud-exception.js';
import type { JobRow } from '../world/entities.js';
import type { JobStateEvent } from '../world/states/job.js';
import type { World } from '../world/world.js';
import { recordEnd, recordStart } from './event-records.js';
import { admissionOf, hasAdmission } from './job-admission.js';
import { jobFault, stuckInStarting, type JobFault } from './job-faults.js';
import { takeLateStep, wasThwarted } from './job-late-steps.js';
import type { Submission } from './job-submission.js';
import {
  expiryOf,
  scheduleAdmission,
  scheduleCancellation,
  scheduleExpiry,
  scheduleLateStep,
  scheduleStep,
} from './job-tasks.js';
import {
  carryOut,
  commandOf,
  moveOn,
  settleFailure,
  workOf,
  type JobCommand,
  type JobSurroundings,
  type JobWork,
} from './job-work.js';
import { renderJobResult } from './reply.js';

export interface JobsOptions extends JobSurroundings {
  /** Told of errors that are the simulator's own fault. */
  readonly onFault: (error: unknown) => void;
  /** Told what only a simulator can add to a failed job. */
  readonly onHint?: ((hint: string) => void) | undefined;
}

/** The jobs of the world: they wait in queues, go on step by step, end and are forgotten. */
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
    scheduleExpiry(this.#world, job);
    if (!waits) this.#start(job);
    else if (hasAdmission(command)) scheduleAdmission(this.#world, job);
    return job;
  }

  /** Looks at the request of a job that waits, which may end it. */
  admit(jobId: string): void {
    const job = this.#world.jobs.get(jobId);
    if (job?.state !== 'pending' || job.startedMs !== null) return;
    this.#because(job, () => {
      const { command, context } = workOf(this.#options, job);
      const admission = admissionOf(command, context, new Map(Object.entries(job.parameters)));
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
    if (job?.state === 'pending') this.#because(job, () => this.#step(job));
  }

  /** The rest of a job that was told as failed. */
  runLateStep(jobId: string): void {
    const job = this.#world.jobs.get(jobId);
    if (job?.state !== 'failed') return;
    this.#because(job, () => {
      takeLateStep(workOf(this.#options, job), this.#options.onFault);
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
    this.#because(job, () => {
      this.#fail(job, cloudRuntime(BLOCKED_TOO_LONG), 'BlockedTooLong');
      if (goesOnAfterMs !== null) scheduleLateStep(this.#world, job, goesOnAfterMs);
    });
  }

  /** Forgets a job, unless it has ended since it was to be forgotten. */
  expire(jobId: string): void {
    const job = this.#world.jobs.require(jobId);
    if (job.completedMs !== null && expiryOf(this.#world, job) > this.#world.kernel.nowMs) {
      scheduleExpiry(this.#world, job);
      return;
    }
    this.#world.jobs.purge(job);
    if (job.startedMs !== null && job.state === 'pending') this.#startNext(job.queue);
  }

  #because(job: JobRow, work: () => void): void {
    this.#world.kernel.because(`job:${job.id} ${job.command}`, work);
  }

  #step(job: JobRow): void {
    const work = workOf(this.#options, job);
    const fault = jobFault(this.#world, job, job.step + 1);
    if (fault !== undefined && this.#giveWay(fault, work)) return;
    let outcome: StepOutcome<unknown>;
    try {
      outcome = carryOut(work);
    } catch (error) {
      this.#fail(job, wasThwarted(this.#world, error) ? cloudRuntime(error.message) : error);
      return;
    }
    const stuck = stuckInStarting(this.#world, job, fault);
    if (stuck !== undefined) this.#fail(job, stuck);
    else if (outcome.kind === 'done') this.#finish(work, outcome.value);
    else scheduleStep(this.#world, job, moveOn(work, outcome));
  }

  #finish(work: JobWork, value: unknown): void {
    const { job, command, context } = work;
    const fault = jobFault(this.#world, job, 'completion');
    if (fault !== undefined && this.#giveWay(fault, work)) return;
    this.#complete(job, 'OperationSucceeded', 0, renderJobResult(command, value, context));
  }

  /** Lets a fault plan have its way with a job; false if the job goes on. */
  #giveWay(fault: JobFault, work: JobWork): boolean {
    const { job } = work;
    switch (fault.kind) {
      case 'stick':
        return false;
      case 'halt':
        scheduleCancellation(this.#world, job);
        return true;
      case 'fail':
        if (fault.settles) settleFailure(work);
        this.#fail(job, fault.error);
        return true;
      case 'fail-and-go-on':
        this.#fail(job, fault.error);
        scheduleLateStep(this.#world, job, fault.afterMs);
        return true;
    }
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

  #begin(job: JobRow): void {
    this.#world.jobs.move(job, 'Dequeued', { startedMs: this.#world.kernel.nowMs });
    recordStart(this.#world, job);
  }

  #start(job: JobRow): void {
    this.#begin(job);
    const { preparation } = commandOf(this.#options, job);
    const preparationMs = preparation === undefined ? 0 : this.#world.settings.get(preparation);
    scheduleStep(this.#world, job, this.#world.settings.get('duration.job') + preparationMs);
  }

  #isBusy(queue: string): boolean {
    return this.#pending(queue).some((job) => job.startedMs !== null);
  }

  #pending(queue: string): JobRow[] {
    return this.#world.jobs.where('queue', queue).filter((job) => job.state === 'pending');
  }
}

const BLOCKED_TOO_LONG =
  'Unable to serialize: Job is cancelled as it has been blocking others for too long';

function javaClassOf({ javaClass }: JobCommand, caller: Caller): string | null {
  if (javaClass === undefined) return null;
  return isRootAdmin(caller) ? (javaClass.rootAdmin ?? javaClass.user) : javaClass.user;
}
