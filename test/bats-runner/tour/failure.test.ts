// A tour that fails shows what the CPI was asked and what it said, without a secret, and where to
// look next.
import { expect, test } from '@playwright/test';
import { CallFailed } from '../../../bats-runner/tour/caller-session.js';
import { failureText } from '../../../bats-runner/tour/failure.js';

const events = 'http://127.0.0.1:8080/_sim/events';

function failedCall(method: string, args: string[]): CallFailed {
  return new CallFailed(
    { method, arguments: args, context: { director_uuid: 'd' }, api_version: 2 },
    { stdout: '{"log":"key-of-user"}', stderr: 'diagnostics', exitCode: 0, durationMs: 1 },
    ['Bosh::Clouds::CloudError: out of capacity, key-of-user'],
  );
}

test('the request, the answer and stderr are shown, and what to do next', () => {
  const shown = failureText(failedCall('delete_vm', ['vm-cid']), [], events);
  expect(shown).toMatch(/^Bosh::Clouds::CloudError: out of capacity/);
  expect(shown).toContain('request    {"method":"delete_vm","arguments":["vm-cid"]');
  expect(shown).toContain('response   {"log":"key-of-user"}');
  expect(shown).toContain('stderr     diagnostics');
  expect(shown).toContain(`Next: ${events}`);
});

test('secrets and the env of create_vm are left out', () => {
  const call = failedCall('create_vm', ['agent', 'stemcell', 'p', 'n', 'd', 'PRIVATE KEY']);
  const shown = failureText(call, ['key-of-user'], events);
  expect(shown).not.toMatch(/key-of-user|PRIVATE KEY/);
  expect(shown).toContain('out of capacity, ***');
  expect(shown).toContain('"n","d","(env left out)"]');
});

test('a cloud that is not as it must be is told in its own words', () => {
  const shown = failureText(new Error('in the cloud, VM x is not there'), [], events);
  expect(shown).toBe(
    `in the cloud, VM x is not there\n\nNext: ${events} tells what happened in the cloud meanwhile, and why.`,
  );
});
