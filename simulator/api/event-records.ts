import type { AnyCommand, Arguments, Parameters } from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import { recordEvent } from '../world/cloud-events.js';
import type { CloudEventRow, JobEvent, JobRow } from '../world/entities.js';
import type { World } from '../world/world.js';
import { commandEvents } from '../declare/command-events.js';

/**
 * What of a command is written into CloudStack's event log (ActionEventInterceptor,
 * ActionEventUtils): that something was created, that a job is scheduled, starts and ends, and that a
 * synchronous command succeeded. CloudStack also writes down some requests that it refuses.
 */
export function recordSuccess(
  command: AnyCommand,
  context: CommandContext,
  args: Arguments<Parameters>,
  result: unknown,
): void {
  const event = eventOf(command, context, args, result);
  if (event === undefined) return;
  recordEvent(context.world, event, {
    state: 'Completed',
    level: 'INFO',
    description: `Successfully completed ${event.text}`,
  });
}

/** What a job's events have in common; the first is that it is scheduled, or what it created. */
export function recordSchedule(
  command: AnyCommand,
  context: CommandContext,
  args: Arguments<Parameters>,
  created: unknown,
): JobEvent | null {
  const event = eventOf(command, context, args, created);
  if (event === undefined) return null;
  const { world } = context;
  const start =
    created === undefined
      ? undefined
      : recordEvent(world, event, {
          state: 'Created',
          level: 'INFO',
          description: `Successfully created entity for ${event.text}`,
        });
  const begun = { ...event, startId: start?.id ?? null };
  const scheduled = recordEvent(world, begun, {
    state: 'Scheduled',
    level: 'INFO',
    description: event.text,
  });
  return { ...begun, startId: start?.id ?? scheduled.id };
}

export function recordStart(world: World, { eventRecord: event }: JobRow): void {
  if (event === null) return;
  recordEvent(world, event, { state: 'Started', level: 'INFO', description: event.text });
}

export function recordEnd(world: World, { eventRecord: event, state }: JobRow): void {
  if (event === null) return;
  const level: CloudEventRow['level'] = state === 'succeeded' ? 'INFO' : 'ERROR';
  const description =
    level === 'INFO' ? `Successfully completed ${event.text}` : `Error while ${event.text}`;
  recordEvent(world, event, { state: 'Completed', level, description });
}

function eventOf(
  command: AnyCommand,
  { caller }: CommandContext,
  args: Arguments<Parameters>,
  result: unknown,
): JobEvent | undefined {
  const declared = commandEvents.get(command.name);
  if (declared === undefined) return undefined;
  const { parameter, about, type } = declared;
  const resource = parameter === undefined ? result : args[parameter];
  const resourceId = about === null ? null : (textIn(resource, 'id') ?? null);
  return {
    startId: null,
    type,
    text: declared.text.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'id' ? (resourceId ?? shownArgument(args['id'])) : shownArgument(args[name]),
    ),
    accountId: textIn(resource, 'accountId') ?? caller.account.id,
    userId: caller.user.id,
    resourceType: about,
    resourceId,
  };
}

/** As Java joins texts: what is not there is `null`. */
function shownArgument(value: unknown): string {
  return typeof value === 'string' ? value : (textIn(value, 'id') ?? 'null');
}

function textIn(row: unknown, column: string): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const value: unknown = Reflect.get(row, column);
  return typeof value === 'string' ? value : undefined;
}
