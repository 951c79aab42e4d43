import { createdCid } from './ledger.js';
import type { RecordedCall, Recording } from './recording.js';
import type { CpiResponse } from './response-rules.js';

/** What a caller does otherwise than recorded, because a call succeeded that had failed. */
export interface Deviation {
  /** In words, for whoever reads the replay. */
  readonly note: string;
  /** A call that brings back what the recorded caller went on from. */
  readonly undoBy?: 'delete_vm' | 'attach_disk';
  /** Recorded calls that the caller has no reason for. */
  readonly without?: LeftOut;
}

export interface LeftOut {
  /** Indices of calls in the recording. */
  readonly calls: ReadonlySet<number>;
  /** The disk that these calls made, by its recorded CID. */
  readonly copy: string;
  /** The disk that the caller goes on with in its place, by its recorded CID. */
  readonly original: string;
}

/**
 * What follows where the recorded call failed, by a fault made on purpose or because the recorded CPI
 * lacked the method, and this one succeeded; undefined where the caller acts as recorded.
 */
export function deviationOf(
  recording: Recording,
  index: number,
  actual: CpiResponse,
): Deviation | undefined {
  const call = recording.calls[index];
  if (call === undefined || call.response.error === null || actual.error !== null) return undefined;
  const { method } = call.request;
  if (method === 'resize_disk' || method === 'update_disk') return withoutCopy(recording, index);
  if (call.injected_fault !== true) {
    const type = call.response.error.type.replace('Bosh::Clouds::', '');
    return { note: `recorded as ${type}; it succeeds, and the caller goes on alike` };
  }
  if (method === 'create_vm') return afterCreateVm(recording, index, call);
  if (method === 'detach_disk') return afterDetachDisk(recording, index, call);
  return { note: 'recorded as failed on purpose; it succeeds, and what follows holds either way' };
}

function afterCreateVm(recording: Recording, index: number, call: RecordedCall): Deviation {
  const isRepeated = callsAfter(recording, index).some(({ request }) =>
    isSame(request, call.request, 0),
  );
  return isRepeated
    ? { note: 'recorded as failed on purpose; the repetition must leave one VM' }
    : {
        note: 'recorded as failed on purpose; the caller now has a VM to delete',
        undoBy: 'delete_vm',
      };
}

/** A recorded Director that could not detach a disk left it at its VM, and the VM alive. */
function afterDetachDisk(recording: Recording, index: number, call: RecordedCall): Deviation {
  const isAttachedLater = callsAfter(recording, index).some(
    ({ request }) =>
      request.method === 'attach_disk' && request.arguments[1] === call.request.arguments[1],
  );
  return isAttachedLater
    ? { note: 'recorded as failed on purpose; the disk is attached again below' }
    : {
        note: 'recorded as failed on purpose; the caller believes the disk attached',
        undoBy: 'attach_disk',
      };
}

/**
 * Where a disk cannot be changed in place, the Director attaches it again and copies it to a new
 * one (disk_manager.rb). Where it can, it also attaches it again, but needs no copy.
 */
function withoutCopy(recording: Recording, index: number): Deviation {
  const [original] = recording.calls[index]?.request.arguments ?? [];
  const { calls } = recording;
  const first = calls.findIndex(
    ({ request }, at) => at > index && request.method === 'create_disk',
  );
  const last = calls.findIndex(
    ({ request }, at) =>
      at > first && request.method === 'detach_disk' && request.arguments[1] === original,
  );
  const copy = createdCid(calls[first]?.response.result ?? null);
  if (first < 0 || last < 0 || copy === undefined || typeof original !== 'string') {
    return { note: 'recorded as not possible; the disk is changed in place' };
  }
  const from = firstInfoBefore(recording, first);
  return {
    note: `recorded as not possible; the disk is changed in place, so calls ${from + 1} to ${last + 1}, which copy it, are left out`,
    without: { calls: new Set(range(from, last)), copy, original },
  };
}

function firstInfoBefore({ calls }: Recording, index: number): number {
  let from = index;
  while (calls[from - 1]?.request.method === 'info') from -= 1;
  return from;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}

function callsAfter({ calls }: Recording, index: number): RecordedCall[] {
  return calls.slice(index + 1);
}

type Request = RecordedCall['request'];

function isSame(one: Request, other: Request, argument: number): boolean {
  return one.method === other.method && one.arguments[argument] === other.arguments[argument];
}
