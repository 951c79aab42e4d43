import type { Arguments, JobSubject, Parameters } from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import type { BaseRow } from '../world/base-row.js';
import { assertFreeUuid } from '../world/custom-uuid.js';
import type { JobEvent } from '../world/entities.js';
import type { World } from '../world/world.js';
import { jobIdIn } from './arguments.js';
import { recordSchedule } from './event-records.js';
import type { JobCommand } from './job-work.js';

/** What a request hands over to its job. */
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

/** Does what is done inside of a request for a job, and tells the id of what that has created. */
export function submissionOf(
  command: JobCommand,
  context: CommandContext,
  args: Arguments<Parameters>,
  parameters: ReadonlyMap<string, string>,
): { readonly createdId: string | undefined; readonly submission: Submission } {
  const { created, subject, queue } = begin(command, context, args);
  const submission = {
    context,
    parameters: new Map([...parameters].filter(([name]) => !isCredential(name))),
    queue,
    instanceType: subject?.type ?? null,
    instanceId: subject?.id ?? null,
    event: recordSchedule(command, context, args, created),
    id: freeJobId(context.world, args),
  };
  return { createdId: created?.id, submission };
}

interface Begun {
  readonly created: BaseRow | undefined;
  readonly subject: JobSubject | undefined;
  readonly queue: string | null;
}

function begin(command: JobCommand, context: CommandContext, args: Arguments<Parameters>): Begun {
  if (command.kind === 'async-create') {
    const created = command.create(context, args);
    const subject = { type: command.subjectType, id: created.id };
    return { created, subject, queue: command.queue?.(created, context) ?? null };
  }
  command.check?.(context, args);
  const [subject, queue] = [command.subject?.(args), command.queue?.(context, args) ?? null];
  return { created: undefined, subject, queue };
}

/**
 * The id that the caller wishes for a job. Whatever a wrong one spoils, CloudStack has created and
 * written down already what the job was for (ApiServer.queueCommand).
 */
function freeJobId(world: World, args: Arguments<Parameters>): string | undefined {
  const id = jobIdIn(args);
  if (id !== undefined) assertFreeUuid(world, 'asyncjob', id);
  return id?.toLowerCase();
}

function isCredential(name: string): boolean {
  return ['signature', 'apikey', 'sessionkey', 'expires', 'signatureversion'].includes(
    name.toLowerCase(),
  );
}
