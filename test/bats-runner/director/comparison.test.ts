// An answer differs from the recorded one where the caller would act otherwise, and what follows
// from a fault that does not happen this time is known.
import { expect, test } from '@playwright/test';
import { compareWithRecorded, faultConsequence } from '../../../bats-runner/director/comparison.js';
import {
  loadRecording,
  type RecordedCall,
  type Recording,
} from '../../../bats-runner/director/recording.js';
import type { CpiResponse } from '../../../bats-runner/director/response-rules.js';
import { paths } from '../support.js';

type Response = RecordedCall['response'];

const succeeded = (result: Response['result']): Response => ({ result, error: null, log: '' });
const failed = (name: string): Response => ({
  result: null,
  error: { type: `Bosh::Clouds::${name}`, message: 'm', ok_to_retry: false },
  log: '',
});
const success = (result: Response['result']): CpiResponse => ({ result, error: null });
const failure = (name: string): CpiResponse => ({
  result: null,
  error: { type: `Bosh::Clouds::${name}`, message: 'm', okToRetry: false },
});

function differences(
  method: string,
  response: Response,
  actual: CpiResponse,
  injected = false,
): string {
  const call: RecordedCall = {
    caller: 'bosh-director',
    request: { method, arguments: [], context: {} },
    response,
    ...(injected && { injected_fault: true }),
  };
  return compareWithRecorded(call, actual).join();
}

test('other values of the same kind are no difference', () => {
  expect(differences('create_disk', succeeded('a'), success('b'))).toBe('');
  expect(differences('has_vm', succeeded(false), success(false))).toBe('');
  expect(differences('detach_disk', failed('DiskNotFound'), failure('DiskNotFound'))).toBe('');
});

test('another truth, a failure and another error are', () => {
  expect(differences('has_vm', succeeded(true), success(false))).toMatch(/answered false/);
  expect(differences('has_disk', succeeded(false), success(true))).toMatch(/answered true/);
  expect(differences('create_disk', succeeded('a'), failure('CloudError'))).toMatch(/CloudError/);
  expect(differences('detach_disk', failed('DiskNotFound'), success(null))).toMatch(/succeeded/);
  expect(differences('detach_disk', failed('DiskNotFound'), failure('CloudError'))).toMatch(
    /CloudError, recorded was .*DiskNotFound/,
  );
});

test('an injected fault must not happen again', () => {
  expect(differences('attach_disk', failed('CloudError'), success('/dev/sdc'), true)).toBe('');
  expect(differences('attach_disk', failed('CloudError'), failure('CloudError'), true)).toMatch(
    /CloudError/,
  );
});

function consequences(recording: Recording): (boolean | undefined)[] {
  return recording.calls.flatMap((call, index) =>
    call.injected_fault ? [faultConsequence(recording, index)?.deletesVm] : [],
  );
}

test('a VM that was not meant to be is deleted, unless the same call is repeated', () => {
  const load = (scenario: string): Recording => loadRecording(paths.recordings, scenario, 2);
  expect(consequences(load('create-env-fault-create-vm'))).toEqual([true]);
  expect(consequences(load('fault-create-vm-retry'))).toEqual([false]);
  expect(consequences(load('fault-attach-disk'))).toEqual([false]);
  expect(faultConsequence(load('create-env'), 4)).toBeUndefined();
});
