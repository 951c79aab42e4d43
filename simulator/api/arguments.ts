import { CloudException, invalidParameter, serverApiError } from '../world/cloud-exception.js';
import { assertMayOperate } from '../declare/access.js';
import { isRootAdmin } from '../declare/caller.js';
import type { AnyCommand, Arguments, Parameters } from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import { long, text, type Parameter, type RawParameter } from '../declare/parameter.js';
import type { EntityName, EntityRows } from '../world/entity-lookup.js';

/** Parameters of the protocol rather than of a command. */
const protocolParameters = new Set([
  'command',
  'response',
  'apikey',
  'signature',
  'signatureversion',
  'expires',
  'sessionkey',
]);

/**
 * What every command with a job takes besides its own, and listApis leaves out (BaseAsyncCmd): the
 * number of the event it belongs to, which CloudStack reads and then replaces, and the id of the job.
 */
const jobParameters = { starteventid: long(), customjobid: text() } as const;

/** The parameters of a command and of its kind, its own first. */
function parametersOf({ kind, parameters }: AnyCommand): [string, Parameter<unknown>][] {
  const own = Object.entries(parameters);
  return kind === 'sync' ? own : own.concat(Object.entries(jobParameters));
}

/** The id that the caller wishes for the job of a command. */
export function jobIdIn(args: Arguments<Parameters>): string | undefined {
  return args['customjobid'] as string | undefined;
}

/**
 * Reads the arguments of a command in the order of its declaration; the first parameter that is
 * missing or wrong decides the error, and what the caller may not touch comes last
 * (ParamProcessWorker.processParameters).
 */
export function readArguments(
  command: AnyCommand,
  raw: ReadonlyMap<string, RawParameter>,
  context: CommandContext,
): Arguments<Parameters> {
  const args: Record<string, unknown> = {};
  for (const [name, parameter] of parametersOf(command)) {
    if (parameter.options.rootOnly === true && !isRootAdmin(context.caller)) continue;
    const value = raw.get(name);
    if (value === undefined) {
      if (parameter.required) throw missing(context, name);
      continue;
    }
    if (value === '' && parameter.required) {
      throw invalidParameter(`Invalid value provided for API arg: ${name}`);
    }
    const argument = parameter.parse(value, name, context);
    if (argument !== undefined) args[name] = argument;
  }
  assertAccess(command, args, context);
  return args;
}

/** Removed entities pass: the command answers for them with a text of its own. */
function assertAccess(
  command: AnyCommand,
  args: Arguments<Parameters>,
  context: CommandContext,
): void {
  for (const [name, { entity, access }] of Object.entries(command.parameters)) {
    const value = args[name];
    if (entity === undefined || access === undefined || value === undefined) continue;
    const rows = (Array.isArray(value) ? value : [value]) as EntityRows[EntityName][];
    for (const row of rows) if (row.removedMs === null) assertMayOperate(context, entity, row);
  }
}

/** Throws for the first parameter that the declaration does not have. */
export function assertSimulated(command: AnyCommand, raw: ReadonlyMap<string, RawParameter>): void {
  for (const name of raw.keys()) {
    if (Object.hasOwn(command.parameters, name) || protocolParameters.has(name)) continue;
    if (command.kind !== 'sync' && Object.hasOwn(jobParameters, name)) continue;
    if (command.ignores?.includes(name) === true) continue;
    throw serverApiError(
      432,
      `The simulator does not simulate the parameter ${name} of ${command.name}; ` +
        `started with --loose it ignores what it does not know`,
    );
  }
}

/** CloudStack refuses control characters other than line breaks in any value. */
export function assertPrintable(parameters: ReadonlyMap<string, string>): void {
  for (const [name, value] of parameters) {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (!/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/.test(value)) continue;
    throw serverApiError(
      431,
      `Received value containing illegal ASCII non-printable characters for parameter ${name}`,
    );
  }
}

/**
 * The arguments of a job that is under way already. CloudStack reads them once: what has been deleted
 * without a trace since then is left out, unless the command cannot do without it.
 */
export function readArgumentsAgain(
  command: AnyCommand,
  raw: ReadonlyMap<string, RawParameter>,
  context: CommandContext,
): Arguments<Parameters> {
  const args: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(command.parameters)) {
    if (parameter.options.rootOnly === true && !isRootAdmin(context.caller)) continue;
    const value = raw.get(name);
    if (value === undefined) continue;
    try {
      args[name] = parameter.parse(value, name, context);
    } catch (error) {
      if (parameter.required || !(error instanceof CloudException)) throw error;
    }
  }
  return args;
}

function missing(context: CommandContext, name: string): Error {
  return serverApiError(
    431,
    `Unable to execute API command ${context.commandText} due to missing parameter ${name}`,
  );
}
