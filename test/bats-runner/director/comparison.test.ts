// An answer differs from the recorded one where the caller would act otherwise, and only there.
import { expect, test } from '@playwright/test';
import { compareWithRecorded } from '../../../bats-runner/director/comparison.js';
import type { RecordedCall } from '../../../bats-runner/director/recording.js';
import type { CpiResponse } from '../../../bats-runner/director/response-rules.js';

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
    /CloudError: m, recorded was .*DiskNotFound/,
  );
});

test('an injected fault must not happen again', () => {
  expect(differences('attach_disk', failed('CloudError'), success('/dev/sdc'), true)).toBe('');
  expect(differences('attach_disk', failed('CloudError'), failure('CloudError'), true)).toMatch(
    /CloudError/,
  );
});

test('what callers take for done is as good as success, both ways', () => {
  for (const [method, error] of [
    ['delete_vm', 'VMNotFound'],
    ['delete_disk', 'DiskNotFound'],
    ['delete_network', 'NetworkNotFound'],
  ] as const) {
    expect(differences(method, failed(error), success(null))).toBe('');
    expect(differences(method, succeeded(null), failure(error))).toBe('');
    expect(differences(method, succeeded(null), failure('CloudError'))).toMatch(/CloudError/);
  }
  expect(differences('delete_disk', failed('VMNotFound'), success(null))).toMatch(/succeeded/);
});

test('a CPI may do more than the recorded one, or refuse in its own way, but not do less', () => {
  const lacking = failed('NotImplemented');
  expect(differences('resize_disk', lacking, success(null))).toBe('');
  expect(differences('resize_disk', lacking, failure('NotSupported'))).toBe('');
  expect(differences('update_disk', failed('NotSupported'), failure('NotImplemented'))).toBe('');
  expect(differences('set_vm_metadata', lacking, success(null))).toBe('');
  expect(differences('set_vm_metadata', lacking, failure('NotSupported'))).toMatch(/NotSupported/);
  expect(differences('resize_disk', succeeded(null), failure('NotSupported'))).toMatch(
    /failed with .*NotSupported: m, recorded was success/,
  );
  expect(differences('create_disk', lacking, success('a'))).toMatch(/succeeded/);
});

test('what was refused on purpose may be refused in earnest where the caller falls back', () => {
  const refused = failed('NotSupported');
  expect(differences('resize_disk', refused, failure('NotImplemented'), true)).toBe('');
  expect(differences('resize_disk', refused, failure('CloudError'), true)).toMatch(/CloudError/);
  const lost = failure('VMNotFound');
  expect(differences('delete_vm', failed('VMNotFound'), lost, true)).toMatch(/on purpose/);
});
