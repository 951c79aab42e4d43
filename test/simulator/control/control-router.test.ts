// Control of a running simulator over HTTP: health, time in each of its modes, reset, events as a
// list and as a stream, invariants; and what is refused.
import { expect, test } from '@playwright/test';
import type { Event } from '../../../simulator/kernel/event-log.js';
import { whileListening, type Opened } from '../../support/listening.js';
import { signedQuery } from '../../support/simulator-client.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask({ origin }: Opened, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${origin}/_sim${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const post = (opened: Opened, path: string, body?: unknown): Promise<Answer> =>
  ask(opened, path, {
    method: 'POST',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** Has something under way: a job that needs time. */
async function createDisk({ origin, simulator }: Opened): Promise<string> {
  const offering = simulator.world.diskOfferings.all().find((row) => row.sizeGib > 0)!;
  const zone = simulator.world.zones.all()[0]!;
  const query = signedQuery(simulator.userWithRole('User'), 'createVolume', {
    name: 'a disk',
    diskofferingid: offering.id,
    zoneid: zone.id,
  });
  const response = await fetch(`${origin}/client/api?${query}`);
  const body = (await response.json()) as { createvolumeresponse: { jobid: string } };
  return body.createvolumeresponse.jobid;
}

test('health tells that it lives, its clock and its last event', async () => {
  await whileListening({}, async (opened) => {
    expect(await ask(opened, '/health')).toEqual({
      status: 200,
      body: {
        status: 'ok',
        clock: 'manual',
        worldTime: '2026-01-01T00:00:00.000Z',
        requests: 0,
        lastEvent: opened.simulator.kernel.log.lastSeq,
      },
    });
  });
});

test.describe('clock', () => {
  test('manual time is moved by milliseconds, or until nothing is under way', async () => {
    await whileListening({}, async (opened) => {
      expect((await ask(opened, '/clock')).body).toMatchObject({
        mode: 'manual',
        worldTime: '2026-01-01T00:00:00.000Z',
        heldBy: [],
      });
      const moved = await post(opened, '/clock', { advanceMs: 1_500 });
      expect(moved.body['worldTime']).toBe('2026-01-01T00:00:01.500Z');
      const jobId = await createDisk(opened);
      expect(opened.simulator.world.jobs.require(jobId).state).toBe('pending');
      await post(opened, '/clock', { untilIdle: true });
      expect(opened.simulator.world.jobs.require(jobId).state).toBe('succeeded');
    });
  });

  test('it tells what waits for time, and when idle, that only background work is left', async () => {
    await whileListening({}, async (opened) => {
      await createDisk(opened);
      const busy = (await ask(opened, '/clock')).body['tasks'] as Record<string, unknown>[];
      expect(busy[0]).toMatchObject({
        kind: 'job.step',
        does: 'the next step of a job',
        count: 1,
        isUnderWay: true,
      });
      const { body } = await post(opened, '/clock', { untilIdle: true });
      const left = body['tasks'] as { kind: string; count: number; firstDue: string }[];
      expect(left.map(({ kind }) => kind).sort()).toEqual([
        'job.expiry',
        'storage.cleanup',
        'vm.expunge-thread',
      ]);
      expect(left.reduce((sum, { count }) => sum + count, 0)).toBe(body['pendingTasks']);
      expect(left).toContainEqual({
        kind: 'vm.expunge-thread',
        does: expect.stringContaining('expunge.delay') as unknown,
        count: 1,
        firstDue: '2026-01-02T00:00:00.000Z',
        lastDue: '2026-01-02T00:00:00.000Z',
        isUnderWay: false,
      });
    });
  });

  for (const mode of ['manual', 'auto', 'on-poll', 'real', 'scaled:60']) {
    test(`changes to ${mode}, and a reset keeps it`, async () => {
      await whileListening({}, async (opened) => {
        expect((await post(opened, '/clock', { mode })).body['mode']).toBe(mode);
        await post(opened, '/reset');
        expect((await ask(opened, '/clock')).body['mode']).toBe(mode);
      });
    });
  }

  test('auto time carries out what is under way at once', async () => {
    await whileListening({ clock: 'auto' }, async (opened) => {
      const jobId = await createDisk(opened);
      expect(opened.simulator.world.jobs.require(jobId).state).toBe('succeeded');
    });
  });

  test("on the host's clock, work is done without anybody asking", async () => {
    await whileListening({ clock: 'scaled:1000' }, async (opened) => {
      const ended = new Promise<Event>((resolve) => {
        opened.simulator.subscribe((event) => {
          if (event.entity === 'asyncjob' && event.to === 'succeeded') resolve(event);
        });
      });
      const jobId = await createDisk(opened);
      expect((await ended).id).toBe(jobId);
    });
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['an unknown mode', { mode: 'fast' }, 'must be manual, auto, on-poll, real or scaled:N'],
    ['time backwards', { advanceMs: -1 }, 'advanceMs: must be at least 0, got -1'],
    ['half a millisecond', { advanceMs: 0.5 }, 'advanceMs: must be a whole number, got 0.5'],
    ['a thousand years', { advanceMs: 3e13 }, 'advanceMs: must be at most 31622400000, got'],
    ['an unknown field', { speed: 2 }, 'speed: is unknown; there are mode, advanceMs, untilIdle'],
    ['a misspelt field', { advancems: 2 }, 'advancems: is unknown (did you mean advanceMs?)'],
    [
      'two wrong fields',
      { advanceMs: -1, mod: 'auto' },
      'got -1; mod: is unknown (did you mean mode?)',
    ],
    ['nothing', {}, 'must be an object with mode, advanceMs or untilIdle, such as {"advanceMs":'],
    ['untilIdle: false', { untilIdle: false }, 'untilIdle: must be true, got false'],
    ['a body that is not JSON', 'hello', 'the body of the request is not JSON'],
    ['a list', '[]', 'must be an object, got an empty list'],
  ];
  for (const [what, body, message] of refused) {
    test(`${what} is refused, and time stands`, async () => {
      await whileListening({}, async (opened) => {
        const answer = await post(opened, '/clock', body);
        expect(answer.status).toBe(400);
        expect(answer.body['error']).toContain(message);
        expect((await ask(opened, '/clock')).body).toMatchObject({
          mode: 'manual',
          worldTime: '2026-01-01T00:00:00.000Z',
        });
      });
    });
  }
});

test('a reset begins anew: the same ids and events as at first', async () => {
  await whileListening({}, async (opened) => {
    const first = opened.simulator.kernel.log.after(0);
    await createDisk(opened);
    await post(opened, '/clock', { advanceMs: 5_000 });
    const { body } = await post(opened, '/reset');
    expect(body).toMatchObject({ worldTime: '2026-01-01T00:00:00.000Z', lastEvent: first.length });
    expect(opened.simulator.kernel.log.after(0)).toEqual(first);
    expect(opened.simulator.world.volumes.all()).toEqual([]);
  });
});

test('invariants of a sound world', async () => {
  await whileListening({}, async (opened) => {
    expect(await ask(opened, '/invariants')).toEqual({ status: 200, body: { violations: [] } });
  });
});

test.describe('events', () => {
  test('after a number, as a list', async () => {
    await whileListening({}, async (opened) => {
      const all = opened.simulator.kernel.log.after(0);
      expect((await ask(opened, '/events')).body).toEqual({ events: all, lost: 0 });
      const after = all.length - 2;
      expect((await ask(opened, `/events?after=${after}`)).body).toEqual({
        events: all.slice(-2),
        lost: 0,
      });
      expect((await ask(opened, '/events?after=99999')).body).toEqual({ events: [], lost: 0 });
    });
  });

  for (const after of ['x', '-1', '1.5', '1&after=2']) {
    test(`after=${after} is refused`, async () => {
      await whileListening({}, async (opened) => {
        expect((await ask(opened, `/events?after=${after}`)).status).toBe(400);
      });
    });
  }

  test('as a stream: first those that were, then each as it happens, also after a reset', async () => {
    await whileListening({}, async (opened) => {
      const { simulator, origin } = opened;
      const known = simulator.kernel.log.lastSeq;
      const stop = new AbortController();
      const response = await fetch(`${origin}/_sim/events?after=${known - 1}`, {
        headers: { accept: 'text/event-stream' },
        signal: stop.signal,
      });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const events = eventsOf(response);
      expect((await events.next()).value?.seq).toBe(known);
      simulator.world.osTypes.insert({ description: 'Plan 9', categoryId: 'Plan' });
      expect((await events.next()).value).toEqual(simulator.kernel.log.after(known)[0]);
      simulator.reset();
      expect((await events.next()).value?.seq).toBe(1);
      stop.abort();
    });
  });

  test('events that are no longer kept are told as lost', async () => {
    await whileListening({}, async (opened) => {
      const { simulator, origin } = opened;
      const [osType] = simulator.world.osTypes.all();
      for (let count = 0; count < 100_000; count += 1) {
        simulator.world.osTypes.change(osType!, { categoryId: String(count) });
      }
      const lost = simulator.kernel.log.lastSeq - 100_000;
      const { body } = await ask(opened, '/events');
      expect([body['lost'], (body['events'] as Event[])[0]!.seq]).toEqual([lost, lost + 1]);
      const stop = new AbortController();
      const response = await fetch(`${origin}/_sim/events`, {
        headers: { accept: 'text/event-stream' },
        signal: stop.signal,
      });
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const first = new TextDecoder().decode((await reader.read()).value);
      expect(first).toContain(`: ${lost} events are no longer kept\n\n`);
      stop.abort();
    });
  });

  test('a browser that comes back after a reset begins at the first event', async () => {
    await whileListening({}, async ({ simulator, origin }) => {
      const stop = new AbortController();
      const response = await fetch(`${origin}/_sim/events`, {
        headers: {
          accept: 'text/event-stream',
          'last-event-id': String(simulator.kernel.log.lastSeq + 1),
        },
        signal: stop.signal,
      });
      expect((await eventsOf(response).next()).value?.seq).toBe(1);
      stop.abort();
    });
  });

  test('a stream goes on after the event that a browser saw last', async () => {
    await whileListening({}, async ({ simulator, origin }) => {
      const known = simulator.kernel.log.lastSeq;
      const stop = new AbortController();
      const response = await fetch(`${origin}/_sim/events`, {
        headers: { accept: 'text/event-stream', 'last-event-id': String(known - 1) },
        signal: stop.signal,
      });
      expect((await eventsOf(response).next()).value?.seq).toBe(known);
      stop.abort();
    });
  });
});

async function* eventsOf(response: Response): AsyncGenerator<Event, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const [id, data] = message.split('\n');
      const event = JSON.parse(data!.replace('data: ', '')) as Event;
      expect(id).toBe(`id: ${event.seq}`);
      yield event;
    }
  }
  return undefined;
}

test.describe('origins', () => {
  test('a page from elsewhere is refused and changes nothing', async () => {
    await whileListening({}, async (opened) => {
      const port = new URL(opened.origin).port;
      for (const origin of [
        'https://evil.example',
        'null',
        `https://127.0.0.1:${port}`,
        `http://127.0.0.1:${Number(port) + 1}`,
        `http://127.0.0.1.evil.example:${port}`,
      ]) {
        const init = { method: 'POST', headers: { origin } };
        expect(await ask(opened, '/reset', init)).toEqual({
          status: 403,
          body: { error: `requests from the origin ${origin} are refused` },
        });
        expect((await ask(opened, '/events', { headers: { origin } })).status).toBe(403);
      }
    });
  });

  test('its own page, under any name of the loopback interface, may', async () => {
    await whileListening({}, async (opened) => {
      const port = new URL(opened.origin).port;
      for (const origin of [opened.origin, `http://localhost:${port}`, `http://[::1]:${port}`]) {
        expect((await ask(opened, '/health', { headers: { origin } })).status).toBe(200);
      }
    });
  });
});

/** What a route answers to who sends nothing with it. */
function statusWithout({ method, path }: { method: string; path: string }): number {
  if (path.includes(':subject')) return 400;
  if (path.includes(':')) return 404;
  return (path === '/_sim/clock' && method === 'POST') || method === 'PUT' ? 400 : 200;
}

for (const path of ['', '/']) {
  test(`GET /_sim${path} lists what control offers, and each of it answers`, async () => {
    await whileListening({}, async (opened) => {
      const { status, body } = await ask(opened, path);
      expect(status).toBe(200);
      const list = body['control'] as { method: string; path: string; does: string }[];
      expect(list.map((route) => `${route.method} ${route.path}`)).toEqual([
        'GET /_sim',
        'GET /_sim/health',
        'POST /_sim/reset',
        'GET /_sim/invariants',
        'GET /_sim/clock',
        'POST /_sim/clock',
        'GET /_sim/events',
        'GET /_sim/faults',
        'PUT /_sim/faults',
        'DELETE /_sim/faults',
        'GET /_sim/snapshot',
        'PUT /_sim/snapshot',
        'GET /_sim/guest/:vm',
        'PUT /_sim/guest/:vm/file',
        'GET /_sim/guest/:vm/http',
        'GET /_sim/why/:subject/:name',
      ]);
      for (const route of list) {
        expect(route.does).toMatch(/^[A-Z].*\.$/);
        const response = await fetch(`${opened.origin}${route.path}`, { method: route.method });
        expect(response.status, `${route.method} ${route.path}`).toBe(statusWithout(route));
      }
    });
  });
}

test('a query parameter that a route does not take is refused by name', async () => {
  await whileListening({}, async (opened) => {
    expect(await ask(opened, '/events?aftr=1&x=2')).toEqual({
      status: 400,
      body: { error: 'aftr: is unknown (did you mean after?); x: is unknown; there is after' },
    });
    const { lastSeq } = opened.simulator.kernel.log;
    const reset = await ask(opened, '/reset?seed=2', { method: 'POST' });
    expect(reset.body['error']).toBe('seed: is unknown; no parameters are taken here');
    expect(opened.simulator.kernel.log.lastSeq).toBe(lastSeq);
  });
});

test('what is not there is named', async () => {
  await whileListening({}, async (opened) => {
    expect(await ask(opened, '/reset')).toEqual({
      status: 404,
      body: {
        error: `there is no GET /_sim/reset; ${opened.origin}/_sim lists what there is`,
      },
    });
  });
});
