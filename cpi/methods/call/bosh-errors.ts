import { CloudStackError, type CloudStackErrorKind } from '../../cloudstack/errors.js';
import {
  Aborted,
  DeadlineExceeded,
  LookingFailed,
  UnexpectedState,
  WaitedForMissing,
} from '../../flow/errors.js';
import { ImageError } from '../../stemcells/image-error.js';
import { BoshError, type BoshErrorType } from '../../protocol/bosh-error.js';

interface Mapping {
  type: BoshErrorType;
  /** Whether doing the same again, a moment later, may end better. */
  mayPass: boolean;
}

/** The one place where CloudStack's kinds of failures become BOSH's. */
const mappings: Record<CloudStackErrorKind, Mapping> = {
  'not-found': { type: 'CloudError', mayPass: false },
  auth: { type: 'CloudError', mayPass: false },
  'forbidden-api': { type: 'CloudError', mayPass: false },
  permission: { type: 'CloudError', mayPass: false },
  invalid: { type: 'CloudError', mayPass: false },
  'in-use': { type: 'CloudError', mayPass: false },
  conflict: { type: 'CloudError', mayPass: false },
  capacity: { type: 'CloudError', mayPass: true },
  limit: { type: 'CloudError', mayPass: false },
  internal: { type: 'CloudError', mayPass: true },
  'internal-masked': { type: 'CloudError', mayPass: true },
  throttled: { type: 'CloudError', mayPass: true },
  unavailable: { type: 'CloudError', mayPass: true },
  'not-cloudstack': { type: 'CpiError', mayPass: false },
  unreachable: { type: 'CloudError', mayPass: true },
  'outcome-unknown': { type: 'CloudError', mayPass: true },
  'job-lost': { type: 'CloudError', mayPass: true },
  deadline: { type: 'CloudError', mayPass: true },
};

/** Any failure as BOSH is to see it. */
export function toBoshError(failure: unknown): BoshError {
  if (failure instanceof BoshError) return failure;
  if (failure instanceof CloudStackError) {
    return new BoshError(typeOf(failure), failure.message, { cause: failure });
  }
  if (failure instanceof ImageError) {
    return new BoshError('CpiError', failure.message, { cause: failure });
  }
  if (failure instanceof Aborted) {
    return new BoshError(
      'CloudError',
      'The call was interrupted before it was finished; repeat it when the interruption is over',
      { cause: failure },
    );
  }
  if (isFailedWait(failure))
    return new BoshError('CloudError', failure.message, { cause: failure });
  const message = messageOf(failure);
  return new BoshError(
    'CpiError',
    `The CPI failed unexpectedly: ${message}. This is a fault of the CPI: please report it with ` +
      'the log of this call',
    { cause: failure },
  );
}

/** Whether the same call may succeed a moment later. */
export function mayPass(failure: unknown): boolean {
  if (failure instanceof CloudStackError) return mappings[failure.kind].mayPass;
  return isFailedWait(failure);
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
function typeOf({ kind, command }: CloudStackError): BoshErrorType {
  const placesVolume = command === 'attachVolume' || command === 'createVolume';
  return kind === 'capacity' && placesVolume ? 'NoDiskSpace' : mappings[kind].type;
}

function isFailedWait(failure: unknown): failure is Error {
  return (
    failure instanceof DeadlineExceeded ||
    failure instanceof LookingFailed ||
    failure instanceof UnexpectedState ||
    failure instanceof WaitedForMissing
  );
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
