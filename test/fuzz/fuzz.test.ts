// Proves that generated requests, right and wrong in every way, in the process and over a socket,
// end in a success or a documented error, and that a run tells what it did and how a failure is
// shown again. The long run is `npm run fuzz`.
import { expect, test } from '@playwright/test';
import { unobserved } from '../support/observing/test-in-progress.js';
import { codeOf, wrongInAnswer, wrongInHttpAnswer } from './judge.js';
import { mutations } from './mutations.js';
import { formOf, signed } from './raw-request.js';
import { chapterOf, FIRST_ON_WIRE, runChapter, type Taken } from './chapter.js';
import { CHAPTER_REQUESTS, runFuzz } from './run.js';
import { summaryOf } from './summary.js';

/** Enough for one chapter over a socket, and few enough to take seconds. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 2 * (FIRST_ON_WIRE + 1) * CHAPTER_REQUESTS);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test('each request ends in a success or a documented error', async () => {
  test.slow();
  const report = await unobserved(() =>
    runFuzz({ requests: REQUESTS, seed, progress: () => undefined }),
  );
  expect(report.failures, summaryOf(report)).toEqual([]);
  expect(report.requests).toBeGreaterThanOrEqual(REQUESTS);
  expect(Object.keys(report.forms).length, `seed ${seed}`).toBeGreaterThan(10);
  for (const code of ['HTTP 200', 'HTTP 401', 'HTTP 430, 9999', 'HTTP 431, 9999']) {
    expect(report.answers[code], `${code}, seed ${seed}`).toBeGreaterThan(0);
  }
  expect(summaryOf(report)).toContain('no promise broken');
});

for (const isOnWire of [false, true]) {
  test(`every kind of request is answered ${isOnWire ? 'over a socket' : 'in process'}`, async () => {
    const names = Object.keys(mutations);
    const drawn = chapterOf(seed, 0, names.length * 6);
    const steps = drawn.steps.map((step, at) => ({ ...step, mutation: names[at % names.length]! }));
    const taken = new Set<string>();
    const problem = await unobserved(() =>
      runChapter({ ...drawn, steps, isOnWire }, (one) => taken.add(one.step.mutation)),
    );
    expect(problem, `seed ${seed}`).toBeUndefined();
    expect([...taken].sort()).toEqual([...names].sort());
  });
}

test('a seed and a chapter decide every request and every answer', async () => {
  const taken = async (): Promise<Taken[]> => {
    const all: Taken[] = [];
    const problem = await unobserved(() => runChapter(chapterOf(7, 2, 60), (one) => all.push(one)));
    expect(problem).toBeUndefined();
    return all.map((one) => ({ ...one, tookMs: 0 }));
  };
  expect(await taken()).toEqual(await taken());
});

const error = (body: object): string => JSON.stringify({ errorresponse: body });

for (const [what, answer, method, wrong] of [
  ['a success', { status: 200, body: '{"listzonesresponse":{}}' }, 'GET', undefined],
  [
    'an error',
    { status: 431, body: error({ errorcode: 431, cserrorcode: 9999, errortext: 'no' }) },
    'GET',
    undefined,
  ],
  [
    'an error in XML',
    { status: 401, body: '<?xml?><a><errorcode>401</errorcode></a>' },
    'GET',
    undefined,
  ],
  [
    'a control character as CloudStack writes it',
    { status: 431, body: '{"a":{"errorcode":431,"errortext":"parameter \u001b[31m"}}' },
    'GET',
    undefined,
  ],
  ['no body for HEAD', { status: 200, body: '' }, 'HEAD', undefined],
  ['a body for HEAD', { status: 200, body: '{"a":{}}' }, 'HEAD', 'HEAD has a body'],
  ['another status', { status: 500, body: '{}' }, 'GET', 'status 500 is not documented'],
  [
    'a stack trace',
    { status: 530, body: error({ errorcode: 530, errortext: 'x\n    at run (a.js:1:2)' }) },
    'GET',
    'tells of the inside',
  ],
  [
    'an error of the language',
    { status: 530, body: error({ errorcode: 530, errortext: 'TypeError: x is not a function' }) },
    'GET',
    'tells of the inside',
  ],
  [
    'a code that is not the status',
    { status: 530, body: error({ errorcode: 431, errortext: 'no' }) },
    'GET',
    'errorcode 431 with HTTP status 530',
  ],
  [
    'an error without a text',
    { status: 530, body: error({ errorcode: 530 }) },
    'GET',
    'without a text',
  ],
  ['no JSON', { status: 200, body: '<html>' }, 'GET', 'no JSON'],
  ['two wrappers', { status: 200, body: '{"a":{},"b":{}}' }, 'GET', '2 keys'],
] as const) {
  test(`${what} is ${wrong === undefined ? 'documented' : 'seen'}`, () => {
    if (wrong === undefined) expect(wrongInAnswer(answer, method)).toBeUndefined();
    else expect(wrongInAnswer(answer, method)).toContain(wrong);
  });
}

test('what the HTTP server refuses itself is told apart from what breaks it', () => {
  expect(wrongInHttpAnswer({ status: 413, body: 'request entity too large\n' })).toBeUndefined();
  expect(wrongInHttpAnswer({ status: 500, body: '' })).toContain('500');
  expect(wrongInHttpAnswer({ status: 400, body: 'x\n    at run (a.js:1:2)' })).toContain('inside');
});

test('answers are counted by status and code', () => {
  expect(codeOf({ status: 200, body: '{"a":{"cserrorcode":1}}' })).toBe('HTTP 200');
  expect(codeOf({ status: 431, body: error({ cserrorcode: 4350 }) })).toBe('HTTP 431, 4350');
  expect(codeOf({ status: 401, body: error({}) })).toBe('HTTP 401');
});

test('a form is signed as the server reads it: the first or the last value of a name', () => {
  const keys = { apiKey: 'k', secretKey: 's' };
  const form = formOf({ keys, command: 'listZones', values: { id: '1' } }, 'id=2');
  const once = (id: string): string =>
    signed(formOf({ keys, command: 'listZones', values: { id } }), keys, 'last').replace(/.*&/, '');
  expect(signed(form, keys, 'first')).toBe(`${form}&${once('1')}`);
  expect(signed(form, keys, 'last')).toBe(`${form}&${once('2')}`);
});
