// Proves that the response checker refuses every response that a real Director or CLI would refuse
// or misread, and takes good ones; the cases are written down one by one.
import { expect, test } from '@playwright/test';
import { errorOf, parseResponse, resultOf } from './director-response.js';

const good = { result: null, error: null, log: '' };
const error = { type: 'Bosh::Clouds::CloudError', message: 'no', ok_to_retry: false };

for (const [what, stdout] of Object.entries({
  'no log': '{"result":null,"error":null}',
  'log null': JSON.stringify({ ...good, log: null }),
  'no ok_to_retry': JSON.stringify({ ...good, error: { type: error.type, message: 'x' } }),
  'an unknown error type': JSON.stringify({ ...good, error: { ...error, type: 'Unknown' } }),
  'two documents': JSON.stringify(good) + JSON.stringify(good),
  'text before the document': `hello ${JSON.stringify(good)}`,
  'a key too many': JSON.stringify({ ...good, extra: 1 }),
  'result and error': JSON.stringify({ ...good, result: 1, error }),
})) {
  test(`refuses ${what}`, () => {
    expect(() => parseResponse(stdout)).toThrow();
  });
}

for (const [method, apiVersion, result] of [
  ['create_vm', 2, 'vm-cid'],
  ['create_vm', 2, ['vm-cid']],
  ['create_vm', 1, ['vm-cid', {}]],
  ['attach_disk', 2, null],
  ['attach_disk', 2, ''],
  ['attach_disk', 2, {}],
  ['attach_disk', 2, 3],
  ['attach_disk', 2, { volume_id: 3 }],
  ['attach_disk', 1, '/dev/sdc'],
  ['has_vm', 2, 'true'],
  ['create_disk', 2, 5],
  ['delete_vm', 2, true],
  ['info', 2, { stemcell_formats: ['x'] }],
  ['info', 2, { api_version: 2, stemcell_formats: 'x' }],
] as const) {
  test(`refuses ${JSON.stringify(result)} of ${method} in version ${apiVersion}`, () => {
    expect(() => resultOf(method, apiVersion, JSON.stringify({ ...good, result }))).toThrow();
  });
}

test('takes good responses', () => {
  const answer = (result: unknown): string => JSON.stringify({ ...good, result });
  resultOf('create_vm', 2, answer(['cid', { private: { mac: '02:00:00:00:00:01' } }]));
  resultOf('create_vm', 1, answer('cid'));
  resultOf('attach_disk', 2, answer({ path: '/dev/disk/by-id/virtio-1' }));
  resultOf('attach_disk', 2, answer('/dev/sdc'));
  resultOf('attach_disk', 1, answer(null));
  resultOf('has_vm', 2, answer(false));
  expect(errorOf(JSON.stringify({ ...good, error })).message).toBe('no');
});
