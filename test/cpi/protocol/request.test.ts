// Proves that well-formed requests of Directors and CLIs are read, and that each malformed one is
// refused with a message naming what is wrong, by cases.
import { expect, test } from '@playwright/test';
import { BoshError } from '../../../cpi/protocol/bosh-error.js';
import { parseRequest } from '../../../cpi/protocol/request.js';

const good = {
  method: 'has_vm',
  arguments: ['x'],
  context: { director_uuid: 'd' },
  api_version: 2,
};

test('reads what a Director writes', () => {
  const context = {
    director_uuid: 'd',
    request_id: 'cpi-123456',
    vm: { stemcell: { api_version: 3 } },
    endpoint: 'http://x',
  };
  expect(parseRequest(JSON.stringify({ ...good, context }))).toEqual({
    method: 'has_vm',
    arguments: ['x'],
    apiVersion: 2,
    context: {
      directorUuid: 'd',
      requestId: 'cpi-123456',
      stemcellApiVersion: 3,
      properties: { endpoint: 'http://x' },
    },
  });
});

test('takes a request without api_version for version 1, as the Director sends its first info', () => {
  const request = { ...good, api_version: undefined };
  expect(parseRequest(JSON.stringify(request)).apiVersion).toBe(1);
});

for (const [problem, request, message] of [
  ['nothing', '', /empty/],
  ['white space', ' \n ', /empty/],
  ['truncated JSON', JSON.stringify(good).slice(0, -3), /not valid JSON/],
  ['garbage', '\u0000\ufffd{', /not valid JSON/],
  ['two documents', JSON.stringify(good) + JSON.stringify(good), /not valid JSON/],
  ['an array', '[]', /expected a JSON object, got an array/],
  ['null', 'null', /expected a JSON object, got null/],
  ['no method', { ...good, method: undefined }, /"method" .* got nothing/],
  ['a number as method', { ...good, method: 5 }, /"method" .* got the integer 5/],
  ['an empty method', { ...good, method: '' }, /"method" .* got an empty string/],
  ['no arguments', { ...good, arguments: undefined }, /"arguments" .* got nothing/],
  ['an object as arguments', { ...good, arguments: {} }, /"arguments" .* got an object/],
  ['null as arguments', { ...good, arguments: null }, /"arguments" .* got null/],
  ['a fraction as api_version', { ...good, api_version: 1.5 }, /"api_version" .* 1\.5/],
  ['a string as api_version', { ...good, api_version: '2' }, /"api_version" .* a string/],
  ['api_version 0', { ...good, api_version: 0 }, /"api_version"/],
  ['no context', { ...good, context: undefined }, /"context" .* got nothing/],
  ['a string as context', { ...good, context: 'x' }, /"context" .* got a string/],
  ['no director_uuid', { ...good, context: {} }, /director_uuid.* got nothing/],
  ['a number as director_uuid', { ...good, context: { director_uuid: 1 } }, /director_uuid/],
] as const) {
  test(`refuses ${problem}`, () => {
    const text = typeof request === 'string' ? request : JSON.stringify(request);
    const failure = failureOf(() => parseRequest(text));
    expect(failure.type).toBe('CpiError');
    expect(failure.message).toMatch(message);
  });
}

test('takes what a Director can write, and refuses what is nested deeper', () => {
  // The request is one level, and its arguments are another.
  const nested = (levels: number): string =>
    JSON.stringify({ ...good, arguments: ['?'] }).replace(
      '"?"',
      '[{"a":'.repeat(levels / 2) + '1' + '}]'.repeat(levels / 2),
    );
  expect(parseRequest(nested(98)).arguments).toHaveLength(1);
  for (const levels of [100, 200_000]) {
    const { type, message } = failureOf(() => parseRequest(nested(levels)));
    expect(type).toBe('CpiError');
    expect(message).toContain('nested more than 100 levels deep');
  }
});

test('refuses a version that it does not speak as NotSupported', () => {
  const failure = failureOf(() => parseRequest(JSON.stringify({ ...good, api_version: 4 })));
  expect(failure.type).toBe('NotSupported');
});

function failureOf(work: () => unknown): BoshError {
  try {
    work();
  } catch (failure) {
    if (failure instanceof BoshError) return failure;
  }
  throw new Error('no BoshError');
}
