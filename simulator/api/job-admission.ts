import type { AnyCommand, Memo } from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import { CloudException } from '../world/cloud-exception.js';
import { readArguments } from './arguments.js';
import { unpackParameters } from './request-parameters.js';

/** Whether a job that would have to wait may do so: with what it then remembers, or what it fails with. */
export type Admission =
  | { readonly kind: 'admitted'; readonly memo: Memo }
  | { readonly kind: 'refused'; readonly error: CloudException };

/** Whether a command looks at its request before it lets its work wait. */
export function hasAdmission(command: AnyCommand): boolean {
  return command.kind === 'async' && command.admit !== undefined;
}

/**
 * Lets a job in, or not. CloudStack looks at a request as soon as its own job begins, and lets only
 * the work itself wait for what else is done to the VM (VmWorkJobVO).
 */
export function admissionOf(
  command: AnyCommand,
  context: CommandContext,
  parameters: ReadonlyMap<string, string>,
): Admission {
  let memo: Memo = { hasWaited: true };
  if (command.kind !== 'async' || command.admit === undefined) return { kind: 'admitted', memo };
  try {
    const args = readArguments(command, unpackParameters(new Map(parameters)), context);
    command.admit(context, args, (values) => {
      memo = { ...memo, ...values };
    });
    return { kind: 'admitted', memo };
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    return { kind: 'refused', error };
  }
}
