// Proves that the CPI speaks to any registry as the BOSH registry is spoken to, tries again what a
// moment may heal, and tells apart what went wrong and whether it may have had an effect.
import { expect, test } from '@playwright/test';
import { createRegistryClient, type RegistryClient } from '../../../cpi/agent/registry-client.js';
import { RegistryError } from '../../../cpi/agent/registry-error.js';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
  type TransportFailure,
} from '../../../cpi/cloudstack/transport.js';
import { Aborted } from '../../../cpi/flow/errors.js';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { registryApp } from '../../../cpi/registry/registry-app.js';
import { serve } from '../../../cpi/serving/serve.js';
import { realClock } from '../../../cpi/flow/clock.js';

const access = {
  url: 'http://registry:25777',
  username: 'u',
  password: 'pass:word',
  agentEndpoint: 'http://registry:25777',
};

type Step = HttpResponse | TransportError;

interface Scripted {
  readonly client: RegistryClient;
  readonly requests: HttpRequest[];
  readonly pauses: number[];
  readonly lines: string[];
}

/** How long a silent registry is silent: as long as it is given. */
function silentMs(step: Step, { idleTimeoutMs = 0 }: HttpRequest): number {
  return step instanceof TransportError && step.failure === 'timeout' ? idleTimeoutMs : 0;
}

/** A client whose requests meet these steps in turn, the last again and again. */
function scripted(...steps: [Step, ...Step[]]): Scripted {
  let next = 0;
  return answering(() => steps[Math.min(next++, steps.length - 1)] ?? steps[0]);
}

/** A client whose requests are answered by `answerTo`. */
function answering(answerTo: (request: HttpRequest) => Step): Scripted {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  const lines: string[] = [];
  let nowMs = 0;
  let ids = 0;
  const client = createRegistryClient({
    access,
    transport: {
      close: () => undefined,
      send: (request) => {
        const step = answerTo(request);
        requests.push(request);
        nowMs += silentMs(step, request);
        return step instanceof TransportError ? Promise.reject(step) : Promise.resolve(step);
      },
    },
    clock: {
      nowMs: () => nowMs,
      sleep: (ms) => {
        pauses.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    },
    random: () => 0,
    newId: () => `id${(ids += 1)}`,
    log: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  return { client, requests, pauses, lines };
}

const answer = (status: number, body = '{}'): HttpResponse => ({ status, headers: {}, body });
const broken = (failure: TransportFailure, sent: 'no' | 'maybe'): TransportError =>
  new TransportError(failure, sent, `registry:25777 failed (${failure})`);
const given = (settings: unknown): HttpResponse => answer(200, JSON.stringify({ settings }));

async function failureOf(work: Promise<unknown>): Promise<RegistryError> {
  const failure = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (failure instanceof RegistryError) return failure;
  throw new Error(`it did not fail as expected: ${String(failure)}`);
}

test('requests are those of the BOSH registry, with credentials in their header', async () => {
  const { client, requests, lines } = scripted(answer(200));
  await client.write('vm 1/é', { a: 'é' });
  await client.remove('vm-1');
  expect(requests[0]).toMatchObject({
    method: 'PUT',
    url: 'http://registry:25777/instances/vm%201%2F%C3%A9/settings',
    body: '{"a":"é"}',
    headers: { authorization: `Basic ${Buffer.from('u:pass:word').toString('base64')}` },
  });
  expect(requests[1]).toMatchObject({ method: 'DELETE' });
  expect(requests[1]?.body).toBeUndefined();
  expect(lines).toEqual(['registry PUT ok 0 ms', 'registry DELETE ok 0 ms']);
});

test('settings come as a text that holds JSON; absent ones are no failure', async () => {
  expect(await scripted(given('{"a":1}')).client.read('vm-1')).toEqual({ a: 1 });
  const absent = answer(404, '{"status":"not_found"}');
  expect(await scripted(absent).client.read('vm-1')).toBeUndefined();
  await scripted(absent).client.remove('vm-1');
  // The registry inside of an old CLI answers so.
  await scripted(answer(201, '')).client.write('vm-1', {});
});

test('both BOSH registries are seen to be there by what they say of settings that nobody has', async () => {
  for (const [status, word] of [
    [404, 'not_found'],
    [500, 'error'],
  ] as const) {
    const { client, requests } = scripted(answer(status, JSON.stringify({ status: word })));
    await client.assertThere();
    expect(requests).toHaveLength(1);
  }
});

test('a server that is no registry, or that fails, is not there', async () => {
  for (const [step, failure] of [
    [answer(404, '<html>'), 'wrong'],
    [answer(500, '<html>'), 'away'],
    [answer(503, '{"status":"error"}'), 'away'],
  ] as const) {
    expect(await failureOf(scripted(step).client.assertThere())).toMatchObject({ failure });
  }
});

for (const [what, step] of [
  ['a broken connection', broken('reset', 'maybe')],
  ['nobody there', broken('refused', 'no')],
  ['too many requests', answer(429)],
  ['HTTP 500', answer(500)],
  ['HTTP 503', answer(503)],
] as const) {
  test(`${what} is tried again after longer and longer pauses, and given up in the end`, async () => {
    const healed = scripted(step, step, given('{}'));
    expect(await healed.client.read('vm-1')).toEqual({});
    expect(healed.requests).toHaveLength(3);
    expect(healed.pauses).toEqual([500, 1_000]);
    const hopeless = scripted(step);
    expect(await failureOf(hopeless.client.write('vm-1', {}))).toMatchObject({ failure: 'away' });
    expect(hopeless.pauses).toEqual([500, 1_000, 2_000, 4_000]);
  });
}

test('one that takes connections and is silent is asked twice, then once for each further question', async () => {
  const silence = broken('timeout', 'maybe');
  const healed = scripted(silence, given('{}'));
  expect(await healed.client.read('vm-1')).toEqual({});
  expect(healed.requests).toHaveLength(2);
  const { client, requests, pauses } = scripted(silence);
  expect(await failureOf(client.write('vm-1', {}))).toMatchObject({ failure: 'away' });
  expect(requests.map(({ idleTimeoutMs }) => idleTimeoutMs)).toEqual([8_000, 8_000]);
  expect(pauses).toEqual([500]);
  await failureOf(client.remove('vm-1'));
  await failureOf(client.withSignal(new AbortController().signal).remove('vm-2'));
  expect(requests.slice(2).map(({ idleTimeoutMs }) => idleTimeoutMs)).toEqual([5_000, 5_000]);
});

test('one that was away and is back is asked with the usual patience again', async () => {
  const away = answer(503);
  const { client, requests } = scripted(away, away, away, away, away, answer(200), away);
  await failureOf(client.write('vm-1', {}));
  await client.write('vm-1', {});
  await failureOf(client.write('vm-1', {}));
  expect(requests).toHaveLength(5 + 1 + 5);
});

/** As the last BOSH registry answers, which has settings of these; `fails` says what it cannot do. */
function lastOfBosh(
  known: readonly string[],
  fails: (request: HttpRequest) => boolean = () => false,
): (request: HttpRequest) => HttpResponse {
  const entries = new Set(known);
  return (request) => {
    const { method, url } = request;
    const name = /instances\/([^/]+)\/settings$/.exec(url)?.[1] ?? '';
    if (fails(request)) return answer(500, '{"status":"error"}');
    if (method === 'PUT') entries.add(name);
    if (method === 'DELETE') entries.delete(name);
    if (method !== 'GET') return answer(200, '{"status":"ok"}');
    return entries.has(name) ? given('{"a":1}') : answer(500, '{"status":"error"}');
  };
}

test('of the last BOSH registry settings that it does not have are told from a broken one', async () => {
  const working = answering(lastOfBosh(['vm-1']));
  expect(await working.client.read('vm-1')).toEqual({ a: 1 });
  expect(working.requests).toHaveLength(1);
  expect(await working.client.read('vm-2')).toBeUndefined();
  expect(await working.client.update('vm-2', () => ({ b: 1 }))).toBe('absent');
  expect(await working.client.update('vm-1', () => undefined)).toBe('there');
  const made = working.requests.filter(({ method }) => method === 'PUT').map(({ url }) => url);
  expect(made, 'two calls at once make no entry of the same name').toEqual(
    ['id1', 'id2'].map(
      (id) => `http://registry:25777/instances/cloudstack-cpi-check-${id}/settings`,
    ),
  );
  const broken = answering(lastOfBosh(['vm-1'], () => true));
  expect(await failureOf(broken.client.read('vm-1'))).toMatchObject({ failure: 'away' });
  let failures = 1;
  const healed = answering(lastOfBosh(['vm-1'], () => failures-- > 0));
  expect(await healed.client.read('vm-1')).toEqual({ a: 1 });
});

test('of a registry that has a word for what it does not have, the same words mean a failure', async () => {
  const bosh = lastOfBosh([], ({ url }) => url.includes('vm-1'));
  const { client } = answering((request) => {
    const response = bosh(request);
    const isOfNobody = request.url.includes('cloudstack-cpi-check') && response.status === 500;
    return isOfNobody ? answer(404, '{"status":"not_found"}') : response;
  });
  const failure = await failureOf(client.update('vm-1', () => ({})));
  expect(failure).toMatchObject({ failure: 'away' });
  expect(failure.message).toContain('HTTP 500 to GET of the settings of VM vm-1');
});

for (const [what, step, failure] of [
  ['a bad certificate', broken('tls', 'no'), 'away'],
  ['wrong credentials', answer(401), 'denied'],
  ['a proxy that forbids', answer(403), 'denied'],
  ['a redirection', answer(302), 'wrong'],
  ['a refusal', answer(400), 'wrong'],
  ['settings that are too long', answer(413), 'wrong'],
  ['a page', answer(200, '<html>'), 'wrong'],
  ['no settings', answer(200, '{"status":"ok"}'), 'wrong'],
  ['settings that are no JSON', given('agent_id: a'), 'wrong'],
  ['settings that are no object', given('[]'), 'wrong'],
] as const) {
  test(`${what} is not tried again`, async () => {
    const { client, requests } = scripted(step);
    const method = 'status' in step && step.status === 200 ? 'read' : 'write';
    const failed = failureOf(method === 'read' ? client.read('vm-1') : client.write('vm-1', {}));
    expect(await failed).toMatchObject({ failure, effect: 'none' });
    expect((await failed).message).toContain('registry:25777');
    expect(requests).toHaveLength(1);
  });
}

for (const body of ['<h1>Not Found</h1>', '', '{}', '{"status":"ok"}']) {
  test(`404 with ${JSON.stringify(body)} is no registry's`, async () => {
    for (const ask of ['read', 'remove'] as const) {
      const failure = await failureOf(scripted(answer(404, body)).client[ask]('vm-1'));
      expect(failure.failure).toBe('wrong');
      expect(failure.message).toContain('HTTP 404: the answer is not that of a registry');
    }
  });
}

test('what may have had an effect in any try is told so', async () => {
  const refused = broken('refused', 'no');
  const [away, lost] = [scripted(refused), scripted(broken('reset', 'maybe'), refused)];
  expect(await failureOf(away.client.write('vm-1', {}))).toMatchObject({ effect: 'none' });
  expect(await failureOf(lost.client.write('vm-1', {}))).toMatchObject({ effect: 'unknown' });
  const denied = scripted(answer(503), answer(401));
  expect(await failureOf(denied.client.write('vm-1', {}))).toMatchObject({
    failure: 'denied',
    effect: 'unknown',
  });
});

test('an interruption is none of the registry', async () => {
  const { client, requests } = scripted(broken('aborted', 'maybe'));
  await expect(client.read('vm-1')).rejects.toThrow(Aborted);
  expect(requests).toHaveLength(1);
});

test('over TLS it trusts the certificates that it is told of (ca_cert), and no others', async () => {
  const { cert: certificate, key } = loopbackTls;
  const app = registryApp({
    store: createMemoryStore(),
    users: [access],
    settingsBytesMax: 1_000,
    nowMs: () => 0,
    onAccess: () => undefined,
    onFailure: () => undefined,
  });
  const { endpoint, stop } = await serve(app, {
    host: '127.0.0.1',
    port: 0,
    tls: { certificate, private_key: key },
    requestTimeoutMs: 5_000,
    clock: realClock,
    onFailure: (failure) => {
      throw failure;
    },
  });
  const clientWith = (caCert?: string): RegistryClient =>
    createRegistryClient({
      access: { ...access, url: endpoint },
      transport: createNodeTransport({ caCert }),
      clock: realClock,
      random: () => 0,
      newId: () => 'id',
      log: () => undefined,
      signal: new AbortController().signal,
    });
  try {
    const trusting = clientWith(certificate);
    await trusting.write('vm-1', { a: 1 });
    expect(await trusting.read('vm-1')).toEqual({ a: 1 });
    const failure = await failureOf(clientWith().read('vm-1'));
    expect(failure.message).toContain('no trusted TLS connection');
  } finally {
    await stop(0);
  }
});
