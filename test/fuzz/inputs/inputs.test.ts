// Proves that what reads files and requests of others takes any of them, however damaged, and
// answers with a sentence what it cannot use: the CPI's stdin, in this process and as one of its own
// that ends with exit code 0, and cpi.json, the configurations of both servers, worlds, saved worlds
// and fault plans; and that both servers answer any client as they may and hold what they have
// acknowledged, no more and no less. Nothing crashes, is left in the cloud, or tells a secret. The
// long run is `npm run fuzz -- --of NAME`.
import { expect, test } from '@playwright/test';
import { canariesIn, canaryOf, declaredSecrets, withCanary } from '../../support/canaries.js';
import { unobserved } from '../../support/observing/test-in-progress.js';
import { randomDraw } from '../../support/random-draw.js';
import { methodNames } from './cpi-requests.js';
import { withoutCloud } from './cpi-subjects.js';
import { judged } from './cpi-zone.js';
import { damaged } from './damage.js';
import { inputsSummaryOf, runInputs } from './run.js';
import { wrongInText, outcomeOf } from './subject.js';
import { subjects } from './subjects.js';
import { methods } from '../../../cpi/methods/index.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Enough to take seconds together. */
const inputsOf: Readonly<Record<string, number>> = {
  'cpi-stdin': 600,
  'cpi-process': 16,
  'cpi.json': 400,
  'registry.json': 2_000,
  'stemcell-server.json': 2_000,
  world: 250,
  snapshot: 60,
  'edited-snapshot': 60,
  'fault-plan': 250,
  'registry-requests': 250,
  'stemcell-server-requests': 250,
};

for (const [of, open] of Object.entries(subjects)) {
  test(`${of}: whatever it is, it is taken or refused with a sentence`, async () => {
    const report = await unobserved(() => runInputs({ of, open, inputs: inputsOf[of] ?? 0, seed }));
    expect(report.failures, inputsSummaryOf(report)).toEqual([]);
    expect(Object.keys(report.outcomes).length, inputsSummaryOf(report)).toBeGreaterThan(1);
  });
}

test('requests of every method are drawn', () => {
  expect([...methodNames].sort()).toEqual(methods.map(({ name }) => name).sort());
});

test('each secret that is declared has its canary', () => {
  for (const place of declaredSecrets()) {
    expect(canariesIn(JSON.stringify(withCanary(place))), place).toContain(canaryOf(place));
  }
  expect(declaredSecrets().length).toBeGreaterThan(10);
  for (const offset of ['', 'x', 'xy']) {
    const text = Buffer.from(`${offset}${canaryOf('agent.mbus')} and more`).toString('base64');
    expect(canariesIn(text), offset).not.toEqual([]);
  }
});

test('a CPI that reaches no cloud has secrets to tell', () => {
  expect(JSON.stringify(withoutCloud)).toContain(canaryOf('cloudstack.secret_access_key'));
});

test('a seed decides every input', () => {
  const document = { a: [1, { b: 'x' }], c: { d: null } };
  const drawn = (): string[] =>
    Array.from({ length: 200 }, (_, number) => {
      const { bytes, how } = damaged(document, randomDraw(number));
      return `${how}: ${bytes.toString('hex')}`;
    });
  expect(drawn()).toEqual(drawn());
  expect(new Set(drawn()).size).toBeGreaterThan(150);
});

test('what breaks a promise is told', () => {
  const answer = (error: object | null, result: unknown = null): string =>
    JSON.stringify({ result, error, log: '' });
  const good = { type: 'Bosh::Clouds::CpiError', message: 'No.', ok_to_retry: false };
  expect(judged(answer(good), []).wrong).toBeUndefined();
  expect(judged(answer(null, 1), []).wrong).toBeUndefined();
  for (const [text, told] of [
    [`${answer(good)}\n`, []],
    ['{', []],
    ['{}', []],
    [answer(good, 1), []],
    [answer({ ...good, type: 'x' }), []],
    [answer({ ...good, message: 'a fault of the CPI' }), []],
    [answer({ ...good, message: 'No\n    at x (file.ts:1:1)' }), []],
    [answer({ ...good, message: 'it is [object Object]' }), []],
    [answer(good), [canaryOf('agent.mbus')]],
  ] as const) {
    expect(judged(text, told).wrong, text).toBeDefined();
  }
  expect(wrongInText('"undefined" is no method')).toBeUndefined();
  const fail = (): void => {
    throw new TypeError('x');
  };
  expect(outcomeOf(fail, ['SnapshotError']).wrong).toContain('TypeError');
});
