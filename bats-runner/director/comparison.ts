import type { RecordedCall, Recording } from './recording.js';
import type { CpiResponse } from './response-rules.js';

/** What follows when a call whose failure was recorded on purpose succeeds in the replay. */
export interface FaultConsequence {
  readonly note: string;
  /** The caller has a VM now that the recorded one had not, and gets rid of it. */
  readonly deletesVm: boolean;
}

/**
 * How the answer differs from the recorded one in what the caller acts on: success or failure,
 * the type of the error, and the truth of has_vm and has_disk. A fault that was injected into the
 * recording is no difference: the cloud of a replay is healthy.
 */
export function compareWithRecorded(call: RecordedCall, actual: CpiResponse): string[] {
  const { method } = call.request;
  const recorded = call.response;
  if (call.injected_fault === true) return unexpectedFailure(method, actual);
  if (recorded.error === null) {
    if (actual.error !== null) return unexpectedFailure(method, actual);
    const isQuestion = method === 'has_vm' || method === 'has_disk';
    if (!isQuestion || recorded.result === actual.result) return [];
    return [
      `${method} answered ${JSON.stringify(actual.result)}, recorded was ${JSON.stringify(recorded.result)}`,
    ];
  }
  if (actual.error?.type === recorded.error.type) return [];
  const outcome = actual.error === null ? 'succeeded' : `failed with ${actual.error.type}`;
  return [`${method} ${outcome}, recorded was ${recorded.error.type}`];
}

function unexpectedFailure(method: string, { error }: CpiResponse): string[] {
  return error === null ? [] : [`${method} failed with ${error.type}: ${error.message}`];
}

/** What the caller does with the success of a call whose fault was injected; undefined for others. */
export function faultConsequence(
  recording: Recording,
  index: number,
): FaultConsequence | undefined {
  const call = recording.calls[index];
  if (call?.injected_fault !== true) return undefined;
  const { method, arguments: args } = call.request;
  if (method !== 'create_vm') {
    return {
      note: `recorded as failed on purpose; it succeeds, and what follows holds either way`,
      deletesVm: false,
    };
  }
  const isRepeated = recording.calls
    .slice(index + 1)
    .some(({ request }) => request.method === method && request.arguments[0] === args[0]);
  return isRepeated
    ? {
        note: 'recorded as failed on purpose; the repetition must leave one VM',
        deletesVm: false,
      }
    : {
        note: 'recorded as failed on purpose; the caller now has a VM to delete',
        deletesVm: true,
      };
}
