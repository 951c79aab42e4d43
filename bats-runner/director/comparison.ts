import type { RecordedCall } from './recording.js';
import type { CpiError, CpiResponse } from './response-rules.js';

/** What a caller makes of an answer: done, not available, or the type of an error. */
type Effect = string;

/**
 * How the answer differs from the recorded one in what the caller acts on: success or failure,
 * the type of the error, and the truth of has_vm and has_disk. Where a fault was injected into the
 * recording, or the recorded CPI lacked a method, success is no difference: the cloud of a replay is
 * healthy, and its CPI may do more. What the caller does then is told by `deviationOf`.
 */
export function compareWithRecorded(call: RecordedCall, actual: CpiResponse): string[] {
  const { method } = call.request;
  const recorded = call.response;
  if (call.injected_fault === true) return unexpectedFailure(method, actual, recorded.error?.type);
  const [expected, effect] = [recorded, actual].map(({ error }) => effectOf(method, error?.type));
  if (expected !== effect && !(expected === 'not-available' && effect === 'done')) {
    const outcome = actual.error === null ? 'succeeded' : `failed with ${errorText(actual.error)}`;
    return [`${method} ${outcome}, recorded was ${recorded.error?.type ?? 'success'}`];
  }
  const isQuestion = method === 'has_vm' || method === 'has_disk';
  if (!isQuestion || effect !== 'done' || recorded.result === actual.result) return [];
  return [
    `${method} answered ${JSON.stringify(actual.result)}, recorded was ${JSON.stringify(recorded.result)}`,
  ];
}

/** The same failure is as good as success: a CPI may refuse on its own what was refused on purpose. */
function unexpectedFailure(
  method: string,
  { error }: CpiResponse,
  injected: string | undefined,
): string[] {
  if (error === null || isFallBack(method, error.type, injected)) return [];
  return [
    `${method} failed with ${errorText(error)}, which was recorded as a fault made on purpose`,
  ];
}

function isFallBack(method: string, actual: string, injected: string | undefined): boolean {
  return (
    effectOf(method, actual) === 'not-available' && effectOf(method, injected) === 'not-available'
  );
}

function effectOf(method: string, errorType: string | undefined): Effect {
  const type = errorType?.replace('Bosh::Clouds::', '');
  if (type === undefined || takenForDone[method] === type) return 'done';
  return notAvailable[method]?.includes(type) === true ? 'not-available' : type;
}

/** Errors that every caller takes for success (DeleteVmStep, OrphanDiskManager, vm.go, disk.go). */
const takenForDone: Readonly<Record<string, string>> = {
  delete_vm: 'VMNotFound',
  delete_disk: 'DiskNotFound',
  delete_network: 'NetworkNotFound',
};

/** Errors without which, and with which, the Director goes on all the same (disk_manager.rb). */
const notAvailable: Readonly<Record<string, readonly string[]>> = {
  set_vm_metadata: ['NotImplemented'],
  set_disk_metadata: ['NotImplemented'],
  snapshot_disk: ['NotImplemented'],
  resize_disk: ['NotImplemented', 'NotSupported'],
  update_disk: ['NotImplemented', 'NotSupported'],
};

function errorText({ type, message }: CpiError): string {
  return `${type}: ${message}`;
}
