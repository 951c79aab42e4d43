import { RegistryError } from '../../agent/registry-error.js';
import { CloudStackError } from '../../cloudstack/errors.js';
import { Aborted, DeadlineExceeded, LookingFailed, UnexpectedState } from '../../flow/errors.js';
import { ImageError } from '../../stemcells/image-error.js';
import { StemcellServerError } from '../../stemcells/stemcell-server-error.js';
import { BoshError, type BoshErrorType } from '../../protocol/bosh-error.js';
import { errorTable } from './error-table.js';

/** Any failure as BOSH is to see it. */
export function toBoshError(failure: unknown): BoshError {
  if (failure instanceof BoshError) return failure;
  return new BoshError(typeOf(failure), messageFor(failure), { cause: failure });
}

/** Whether the same call may succeed a moment later. */
export function mayPass(failure: unknown): boolean {
  if (failure instanceof BoshError) return false;
  return errorTable[situationOf(failure)].mayPass;
}

/** The row of the table that a failure belongs to. */
function situationOf(failure: unknown): keyof typeof errorTable {
  if (failure instanceof CloudStackError) return failure.kind;
  if (failure instanceof RegistryError) return `registry-${failure.failure}`;
  if (failure instanceof Aborted) return 'interrupted';
  if (failure instanceof DeadlineExceeded) return 'wait-deadline';
  if (failure instanceof UnexpectedState) return 'wrong-state';
  if (failure instanceof LookingFailed) return 'blind';
  if (failure instanceof StemcellServerError) return 'stemcell-server';
  return failure instanceof ImageError ? 'image' : 'fault';
}

function messageFor(failure: unknown): string {
  const situation = situationOf(failure);
  if (situation === 'interrupted') {
    return 'The call was interrupted before it was finished; repeat it when the interruption is over';
  }
  if (situation === 'fault') {
    return (
      `The CPI failed unexpectedly: ${messageOf(failure)}. This is a fault of the CPI: please report ` +
      'it with the log of this call'
    );
  }
  const { advice } = errorTable[situation];
  return advice === undefined ? messageOf(failure) : `${messageOf(failure)}; ${advice}`;
}

/**
 * The failure, and those of its causes that say more, one line each; stack traces only for faults
 * of the CPI.
 */
export function describeFailure(failure: unknown): string[] {
  const lines: string[] = [];
  for (let cause: unknown = failure; cause !== undefined; cause = causeOf(cause)) {
    if (!isExpected(cause)) lines.push(stackOf(cause));
    else if (!lines.some((line) => line.includes(messageOf(cause)))) lines.push(lineOf(cause));
    // What the interruption met says nothing more.
    if (cause instanceof Aborted) break;
  }
  return lines;
}

/** CloudStack reports a full storage when it has to place a volume. */
function typeOf(failure: unknown): BoshErrorType {
  const situation = situationOf(failure);
  const placesVolume =
    failure instanceof CloudStackError &&
    ['attachVolume', 'createVolume'].includes(failure.command);
  return situation === 'capacity' && placesVolume ? 'NoDiskSpace' : errorTable[situation].type;
}

function isExpected(failure: unknown): boolean {
  if (!(failure instanceof Error) || isProgrammingError(failure)) return false;
  // Our own errors have classes, those of the operating system have codes.
  return failure.constructor !== Error || 'code' in failure;
}

function isProgrammingError(failure: Error): boolean {
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(failure.name);
}

function lineOf(failure: unknown): string {
  return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

function stackOf(failure: unknown): string {
  return failure instanceof Error ? (failure.stack ?? lineOf(failure)) : String(failure);
}

function causeOf(failure: unknown): unknown {
  return failure instanceof Error ? failure.cause : undefined;
}
