// Calls that change one VM's settings at once: in whatever order their requests come, no change of
// any is lost, as the registry refuses to overwrite what was not read. Of a registry that cannot do
// that, what is lost is told apart: only what is written by somebody who had read before, after
// everybody else has looked.
import { expect, test } from '@playwright/test';
import { createRegistryClient, type RegistryClient } from '../../../cpi/agent/registry-client.js';
import { RegistryError } from '../../../cpi/agent/registry-error.js';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import type { HttpRequest, HttpResponse, Transport } from '../../../cpi/cloudstack/transport.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { startSettingsRegistry, type SettingsRegistry } from '../../support/settings-registry.js';

type Kind = 'ours' | 'another';

let transport: Transport;
test.beforeAll(() => {
  transport = createNodeTransport({});
});
test.afterAll(() => {
  transport.close();
});

/** A client that asks before each request, and says when it is answered. */
function clientOf(
  { section }: SettingsRegistry,
  kind: Kind,
  gate: (request: HttpRequest) => Promise<void> = () => Promise.resolve(),
): RegistryClient {
  const url = String(section.endpoint);
  const { username, password } = section as { username: string; password: string };
  return createRegistryClient({
    access: { url, username, password, agentEndpoint: url },
    transport: {
      close: () => undefined,
      send: async (request) => {
        await gate(request);
        return kind === 'ours' ? transport.send(request) : withoutTags(request);
      },
    },
    clock: realClock,
    random: () => 0,
    newId: () => 'id',
    log: () => undefined,
    signal: new AbortController().signal,
  });
}

/** As the BOSH registry takes and gives it. */
async function withoutTags(request: HttpRequest): Promise<HttpResponse> {
  const without = (headers: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).filter(([name]) => name !== 'if-match' && name !== 'etag'),
    );
  const response = await transport.send({ ...request, headers: without(request.headers) });
  return { ...response, headers: without(response.headers) };
}

const put = (client: RegistryClient, key: string): Promise<unknown> =>
  client.update('vm-1', (now) => (now[key] === true ? undefined : { ...now, [key]: true }));

interface Run {
  /** The client of each request, and what it asked, in the order in which they came. */
  readonly order: readonly string[];
  readonly held: object;
  /** How many clients waited at each step. */
  readonly widths: readonly number[];
}

/** Two updates at once; at each step one of those that wait goes on, as the choices say. */
async function inOrder(
  registry: SettingsRegistry,
  kind: Kind,
  choices: readonly number[],
): Promise<Run> {
  await registry.restore({ 'vm-1': '{}' });
  const order: string[] = [];
  const widths: number[] = [];
  const waiting = new Map<string, () => void>();
  const running = new Set(['a', 'b']);
  const goOn = (): void => {
    // Only when each has come to its next request or to its end.
    if (waiting.size < running.size || waiting.size === 0) return;
    const names = [...waiting.keys()].sort();
    const name = names[choices[widths.length] ?? 0] ?? '';
    widths.push(names.length);
    const next = waiting.get(name);
    waiting.delete(name);
    next?.();
  };
  await Promise.all(
    [...running].map(async (name) => {
      const client = clientOf(registry, kind, ({ method }) => {
        return new Promise((resolve) => {
          waiting.set(name, () => {
            order.push(`${name} ${method}`);
            resolve();
          });
          goOn();
        });
      });
      await put(client, name);
      running.delete(name);
      goOn();
    }),
  );
  const { 'vm-1': held = '{}' } = await registry.entries();
  return { order, held: JSON.parse(held) as object, widths };
}

/** Every order that there is. */
async function allOrders(registry: SettingsRegistry, kind: Kind): Promise<Run[]> {
  const runs: Run[] = [];
  const open: number[][] = [[]];
  for (let choices = open.pop(); choices !== undefined; choices = open.pop()) {
    const run = await inOrder(registry, kind, choices);
    runs.push(run);
    for (let step = choices.length; step < run.widths.length; step += 1) {
      for (let choice = 1; choice < (run.widths[step] ?? 0); choice += 1) {
        open.push([...choices, ...Array<number>(step - choices.length).fill(0), choice]);
      }
    }
  }
  return runs;
}

test('in our registry no order of the requests of two loses a change', async () => {
  await using registry = await startSettingsRegistry();
  const runs = await allOrders(registry, 'ours');
  expect(new Set(runs.map(({ order }) => order.join())).size).toBe(runs.length);
  expect(
    runs.some(({ order }) => order.length > 4),
    'some have to try again',
  ).toBe(true);
  for (const { held, order } of runs) expect(held, order.join()).toEqual({ a: true, b: true });
});

test('in another registry a change is lost only to one that had read before, and writes last', async () => {
  await using registry = await startSettingsRegistry();
  const runs = await allOrders(registry, 'another');
  const lost = runs.filter(({ held }) => Object.keys(held).length < 2);
  expect(lost.length).toBeLessThan(runs.length / 4);
  for (const { order } of lost) {
    const lastLook = (name: string): number => order.lastIndexOf(`${name} GET`);
    const writer = order.lastIndexOf('a PUT') > order.lastIndexOf('b PUT') ? 'a' : 'b';
    const other = writer === 'a' ? 'b' : 'a';
    expect(order.lastIndexOf(`${writer} PUT`), order.join()).toBeGreaterThan(lastLook(other));
    expect(order.indexOf(`${writer} GET`), order.join()).toBeLessThan(
      order.indexOf(`${other} PUT`),
    );
  }
});

for (const kind of ['ours', 'another'] as const) {
  test(`ten at once lose nothing in ${kind} registry, one after the other`, async () => {
    await using registry = await startSettingsRegistry();
    await registry.restore({ 'vm-1': '{}' });
    const keys = Array.from({ length: 10 }, (_, one) => `disk-${one}`);
    if (kind === 'ours') await Promise.all(keys.map((key) => put(clientOf(registry, kind), key)));
    else for (const key of keys) await put(clientOf(registry, kind), key);
    const { 'vm-1': held = '{}' } = await registry.entries();
    expect(Object.keys(JSON.parse(held) as object).sort()).toEqual(keys);
  });

  test(`in ${kind} registry, settings that are as they should be are not written`, async () => {
    await using registry = await startSettingsRegistry();
    await registry.restore({ 'vm-1': '{"a":true}' });
    const client = clientOf(registry, kind);
    expect(await put(client, 'a')).toBe('there');
    expect(await client.update('vm-2', () => ({ new: true })), 'nor made').toBe('absent');
    expect(registry.requests).toEqual(['GET 200', 'GET 404']);
  });
}

test('settings that go away meanwhile do not come back', async () => {
  await using registry = await startSettingsRegistry();
  await registry.restore({ 'vm-1': '{}' });
  const client = clientOf(registry, 'ours', async ({ method }) => {
    if (method === 'PUT') await registry.restore({});
  });
  expect(await put(client, 'a')).toBe('absent');
  expect(await registry.entries()).toEqual({});
});

test('settings that others change again and again are given up', async () => {
  await using registry = await startSettingsRegistry();
  let number = 0;
  await registry.restore({ 'vm-1': '{}' });
  const client = clientOf(registry, 'ours', async ({ method }) => {
    if (method === 'PUT') await registry.restore({ 'vm-1': `{"n":${(number += 1)}}` });
  });
  await expect(put(client, 'a')).rejects.toThrow(RegistryError);
  await expect(put(client, 'a')).rejects.toThrow(/VM vm-1 .* changed again and again by others/);
});

test('the names of all entries are told, where the registry tells them', async () => {
  await using registry = await startSettingsRegistry();
  await registry.restore({ 'vm-1': '{}', 'vm-2': '{}' });
  expect(await clientOf(registry, 'ours').names()).toEqual(['vm-1', 'vm-2']);
  const notThere = {
    ...registry,
    section: { ...registry.section, endpoint: `${registry.endpoint}/x` },
  };
  expect(await clientOf(notThere, 'ours').names()).toBeUndefined();
});
