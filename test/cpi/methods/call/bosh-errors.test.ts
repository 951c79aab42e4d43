// Proves which BOSH error each kind of failure becomes, and that only passing ones count as worth
// another try; by cases.
import { expect, test } from '@playwright/test';
import { CloudStackError } from '../../../../cpi/cloudstack/errors.js';
import { Aborted, DeadlineExceeded } from '../../../../cpi/flow/errors.js';
import { describeFailure, mayPass, toBoshError } from '../../../../cpi/methods/call/bosh-errors.js';
import { BoshError } from '../../../../cpi/protocol/bosh-error.js';
import { ImageError } from '../../../../cpi/stemcells/image-error.js';

function cloudFailure(kind: CloudStackError['kind'], command = 'listZones'): CloudStackError {
  return new CloudStackError({ kind, command, text: 'the text' });
}

const waited = { what: 'a job', id: 'job 1', afterMs: 1000 };

for (const [failure, type, passes] of [
  [new BoshError('VMNotFound', 'x'), 'VMNotFound', false],
  [cloudFailure('auth'), 'CloudError', false],
  [cloudFailure('limit'), 'CloudError', false],
  [cloudFailure('capacity'), 'CloudError', true],
  [cloudFailure('capacity', 'attachVolume'), 'NoDiskSpace', true],
  [cloudFailure('not-cloudstack'), 'CpiError', false],
  [cloudFailure('unreachable'), 'CloudError', true],
  [cloudFailure('job-lost'), 'CloudError', true],
  [new DeadlineExceeded(waited, 'pending'), 'CloudError', true],
  [new Aborted(), 'CloudError', false],
  [new ImageError('/x', 'is empty'), 'CpiError', false],
  [new TypeError('x is not a function'), 'CpiError', false],
  ['a string', 'CpiError', false],
] as const) {
  const name = failure instanceof Error ? `${failure.name}: ${failure.message}` : failure;
  test(`${name} becomes ${type}`, () => {
    expect(toBoshError(failure).type).toBe(type);
    expect(toBoshError(failure).okToRetry).toBe(false);
    expect(mayPass(failure)).toBe(passes);
  });
}

test('a fault of the CPI is logged with its stack, an expected failure without', () => {
  expect(describeFailure(new TypeError('oops')).join('\n')).toMatch(/^\s+at \S/m);
  const wrapped = new BoshError('CloudError', 'outer', { cause: cloudFailure('auth') });
  const lines = describeFailure(wrapped);
  expect(lines[0]).toBe('BoshError: outer');
  expect(lines).toHaveLength(2);
  expect(lines.join('\n')).not.toMatch(/^\s+at /m);
});

test('an interruption is one line', () => {
  const interrupted = new Aborted(new Error('SIGTERM'));
  expect(describeFailure(interrupted)).toEqual([`Aborted: ${interrupted.message}`]);
});

test('a cause is not told again by an error that quotes it', () => {
  const cause = cloudFailure('auth');
  const quoting = new BoshError('CloudError', `${cause.message}. Try this`, { cause });
  expect(describeFailure(quoting)).toEqual([`BoshError: ${quoting.message}`]);
});
