import { isJobEffect } from '../faults/effects.js';
import { befallCloud, expectPowerReport } from '../faults/outages.js';
import { strike } from '../faults/strike.js';
import { serverApiError, type CloudException } from '../world/cloud-exception.js';
import type { JobEffect, JobRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { mentions } from './faulty-answer.js';

/** What a job does under a fault plan instead of its next step. */
export type JobFault =
  /** Ends as failed; `settles` if what it had in hand ends as after a failure of the host. */
  | { readonly kind: 'fail'; readonly error: CloudException; readonly settles: boolean }
  /** Ends as failed, and is carried on later all the same. */
  | { readonly kind: 'fail-and-go-on'; readonly error: CloudException; readonly afterMs: number }
  /** Stays as it is: for ever, or because something else has ended it. */
  | { readonly kind: 'halt' }
  /** Fails after the step if that has brought its VM to Starting. */
  | { readonly kind: 'stick'; readonly text: string; readonly forMs: number | null };

/** The fault that comes at a step of a job, if there is one. */
export function jobFault(
  world: World,
  job: JobRow,
  step: number | 'completion',
): JobFault | undefined {
  const struck = strike(world, {
    phase: 'job-step',
    command: job.command,
    step,
    isAbout: (resource) =>
      job.instanceId === resource || mentions(new Map(Object.entries(job.parameters)), resource),
  });
  if (struck === undefined) return undefined;
  const { rule, effect } = struck;
  befallCloud(world, rule);
  if (effect.effect === 'management-server-restart') return { kind: 'halt' };
  return isJobEffect(effect) ? faultOf(world, job, effect, step) : undefined;
}

function faultOf(
  world: World,
  job: JobRow,
  effect: JobEffect,
  step: number | 'completion',
): JobFault | undefined {
  switch (effect.effect) {
    case 'job-fails':
      return {
        kind: 'fail',
        error: serverApiError(effect.status, effect.text),
        settles: step !== 'completion',
      };
    case 'job-finishes-late':
      return {
        kind: 'fail-and-go-on',
        error: serverApiError(530, effect.text),
        afterMs: effect.afterMs,
      };
    case 'job-never-ends':
      return { kind: 'halt' };
    case 'vm-stuck-in-starting':
      return { kind: 'stick', text: effect.text, forMs: effect.forMs };
    case 'job-slows-down':
      world.jobs.change(job, { slowedBy: effect.factor });
      return undefined;
  }
}

/**
 * The error with which a job ends whose VM is stuck in Starting; undefined if the VM is not
 * Starting, or nothing wants it stuck.
 */
export function stuckInStarting(
  world: World,
  job: JobRow,
  fault: JobFault | undefined,
): CloudException | undefined {
  if (fault?.kind !== 'stick') return undefined;
  const vm = job.instanceId === null ? undefined : world.vms.get(job.instanceId);
  if (vm?.state !== 'Starting') return undefined;
  const { text, forMs } = fault;
  if (forMs !== null) expectPowerReport(world, vm.id, forMs);
  return serverApiError(530, text);
}
