// What a caller does when a call succeeds that had failed, by what was recorded in each scenario
// with a fault. That the replay then goes on to the end, replayer.test.ts proves.
import { expect, test } from '@playwright/test';
import { deviationOf, type Deviation } from '../../../bats-runner/director/deviation.js';
import { loadRecording } from '../../../bats-runner/director/recording.js';
import type { CpiResponse } from '../../../bats-runner/director/response-rules.js';
import { paths } from '../support.js';

const success: CpiResponse = { result: 'cid', error: null };

/** The deviations of a recording all of whose calls succeed, by number of the call. */
function deviations(scenario: string, version = 2): Record<number, Deviation> {
  const recording = loadRecording(paths.recordings, scenario, version);
  const entries = recording.calls.flatMap((_, index) => {
    const deviation = deviationOf(recording, index, success);
    return deviation === undefined ? [] : [[index + 1, deviation] as const];
  });
  return Object.fromEntries(entries);
}

test('where nothing failed, nothing is done otherwise', () => {
  expect(deviations('deploy-simple')).toEqual({});
});

test('a VM that was not meant to be is deleted, unless the same call is repeated', () => {
  expect(deviations('fault-create-vm-retry')[5]?.undoBy).toBeUndefined();
  expect(deviations('fault-create-vm-no-retry')[5]?.undoBy).toBe('delete_vm');
  expect(deviations('fault-create-vm-clouderror')[5]?.undoBy).toBe('delete_vm');
  expect(Object.values(deviations('create-env-fault-create-vm'))).toMatchObject([
    { undoBy: 'delete_vm' },
  ]);
});

test('a detached disk is attached again, unless the caller does that itself', () => {
  const scenario = 'fault-detach-disk-not-attached';
  expect(deviations(scenario, 1)[4]?.undoBy).toBe('attach_disk');
  expect(deviations(scenario, 2)[4]).toEqual({
    note: 'recorded as failed on purpose; the disk is attached again below',
  });
});

for (const scenario of [
  'disk-resize-native-not-implemented',
  'disk-resize-native-not-supported',
  'disk-update-native-not-implemented',
]) {
  test(`${scenario}: a disk changed in place is not copied`, () => {
    const recording = loadRecording(paths.recordings, scenario, 2);
    const [deviation, ...others] = Object.values(deviations(scenario));
    expect(others).toEqual([]);
    const { calls, copy, original } = deviation!.without!;
    const methods = [...calls].map((index) => recording.calls[index]!.request.method);
    expect(methods.filter((method) => method !== 'info')).toEqual([
      'create_disk',
      'attach_disk',
      'set_disk_metadata',
      'detach_disk',
    ]);
    expect(methods.filter((method) => method === 'info')).toHaveLength(4);
    expect(recording.calls.at(-1)?.request.arguments[1]).toBe(original);
    expect(recording.calls[11]?.response.result).toBe(copy);
  });
}

test('where the CPI refuses as recorded, the caller copies as recorded', () => {
  const scenario = 'disk-resize-native-not-supported';
  const recording = loadRecording(paths.recordings, scenario, 2);
  const error = { type: 'Bosh::Clouds::NotSupported', message: 'm', okToRetry: false };
  expect(deviationOf(recording, 5, { result: null, error })).toBeUndefined();
});

test('other faults change nothing of what follows', () => {
  expect(Object.values(deviations('fault-attach-disk'))).toEqual([
    { note: 'recorded as failed on purpose; it succeeds, and what follows holds either way' },
  ]);
  const notes = Object.values(deviations('fault-metadata-not-implemented'));
  expect(notes).toHaveLength(4);
  expect(notes[0]).toEqual({
    note: 'recorded as NotImplemented; it succeeds, and the caller goes on alike',
  });
});
