// Proves that the built CPI, as a process of its own, answers bytes that no Director would write
// with one response on stdout, exit code 0, and no secret anywhere.
import { expect, test } from '@playwright/test';
import { canaryOf, secretsOfSection } from '../../support/canaries.js';
import { installCpi } from '../../support/cpi-process.js';
import { randomDraw } from '../../support/random-draw.js';
import { methodNames, requestFor } from './cpi-requests.js';
import { judged } from './cpi-zone.js';
import { damaged } from './damage.js';

const INPUTS = 16;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const there = Object.fromEntries(
  ['vm', 'disk', 'free', 'snapshot', 'network', 'stemcell', 'image'].map((name) => [
    name,
    '00000000-0000-4000-8000-000000000001',
  ]),
) as unknown as Parameters<typeof requestFor>[0];

/** Nobody listens at the endpoint. */
const configuration = {
  cloudstack: {
    endpoint: 'http://127.0.0.1:9/client/api',
    default_zone: 'zone1',
    ...secretsOfSection('cloudstack', ['private_key', 'proxy_password']),
    poll: { first_ms: 1, cap_ms: 1 },
    state_timeout: 1,
    state_timeout_volume: 1,
    state_timeout_snapshot: 1,
  },
  agent: secretsOfSection('agent'),
};

test('any bytes are answered by one response and exit code 0', async () => {
  test.slow();
  using cpi = installCpi(configuration, 'bundle');
  for (let number = 0; number < INPUTS; number += 1) {
    const draw = randomDraw(seed + number);
    const { bytes, how } = damaged(requestFor(there, draw), draw);
    const { child, finished } = cpi.start(undefined);
    child.stdin?.end(bytes);
    const { stdout, stderr, exitCode } = await finished;
    const told = `seed ${seed + number}, ${how}: ${bytes.toString().slice(0, 1_000)}`;
    expect(judged(stdout, [stderr]).wrong, told).toBeUndefined();
    expect(exitCode, told).toBe(0);
  }
});

test('there is something to be told', () => {
  expect(JSON.stringify(configuration)).toContain(canaryOf('cloudstack.secret_access_key'));
  expect(methodNames).toContain('create_vm');
});
