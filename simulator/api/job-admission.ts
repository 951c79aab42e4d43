import type { AnyCommand } from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { CloudException } from '../world/cloud-exception.js';
import { readArguments } from './arguments.js';
import { unpackParameters } from './request-parameters.js';

type Memo = Readonly<Record<string, Json>>;

/**
 * What a job that would have to wait in its queue notes first: that it was let in, or what it fails
 * with at once. CloudStack looks at a request as soon as its own job begins, and lets only the work
 * itself wait for what else is done to the VM (VmWorkJobVO).
 */
export function admissionOf(
  command: AnyCommand,
  context: CommandContext,
  parameters: ReadonlyMap<string, string>,
): Memo {
  if (command.kind !== 'async' || command.admit === undefined) return {};
  const args = readArguments(command, unpackParameters(new Map(parameters)), context);
  try {
    command.admit(context, args);
    return { hasWaited: true };
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    return { refusal: { errorcode: error.jobResultCode, errortext: error.message } };
  }
}

/** The result of a job that was not let in. */
export function refusalIn({ refusal }: Memo): JsonObject | undefined {
  return refusal === undefined ? undefined : (refusal as JsonObject);
}
