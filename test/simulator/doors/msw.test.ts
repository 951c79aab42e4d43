// The door for msw: what this process asks of the simulator's origin by fetch or node:http is
// answered without a port, whatever the outcome; all else is left to others.
// msw replaces the functions of the default export, not those of named imports.
import nodeHttp, { type IncomingMessage } from 'node:http';
import { expect, test } from '@playwright/test';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import type { ApiOutcome, ApiResponse } from '../../../simulator/api/http.js';
import { mswHandlers } from '../../../simulator/doors/msw.js';
import { createSimulator } from '../../../simulator/index.js';
import { readyVolume } from '../../support/simulator-snapshots.js';
import { signedQuery, testSimulator } from '../../support/simulator-client.js';
import {
  formWith,
  listedTemplate,
  look,
  qcow2Image,
  statusOf,
  uploadHeaders,
  uploadParams,
} from '../../support/template-uploads.js';

type Handlers = Parameters<typeof setupServer>;

async function whileMocking(handlers: Handlers, action: () => Promise<void>): Promise<void> {
  const server = setupServer(...handlers);
  server.listen({ onUnhandledRequest: 'error' });
  try {
    await action();
  } finally {
    server.close();
  }
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('a zone answers fetch and node:http, GET and POST, without a port', async () => {
  const simulator = createSimulator({ seed: 1 });
  await whileMocking(simulator.handlers(), async () => {
    const endpoint = `${simulator.origin}/client/api`;
    const query = signedQuery(simulator.userWithRole('User'), 'listZones');
    const fetched = await fetch(`${endpoint}?${query}`);
    const text = await fetched.text();
    expect(JSON.parse(text)).toMatchObject({ listzonesresponse: { count: 1 } });
    expect(fetched.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await fetch(endpoint, { method: 'POST', headers, body: query });
    expect(await posted.text()).toBe(text);
    const got = await new Promise<IncomingMessage>((resolve) => {
      nodeHttp.get(`${endpoint}?${query}`, resolve);
    });
    expect((await readAll(got)).toString()).toBe(text);
  });
});

test('each of two zones answers at its own origin, and names it in upload URLs', async () => {
  const first = testSimulator({ seed: 1 });
  const second = createSimulator({ seed: 2 });
  const handlers = [
    ...mswHandlers(first.simulator),
    ...second.handlers({ origin: 'http://cloudstack.test:8080' }),
  ];
  await whileMocking(handlers, async () => {
    const body = { method: 'POST' };
    await fetch(`${first.simulator.origin}/client/api`, body);
    await fetch(`${first.simulator.origin}/client/api`, body);
    await fetch('http://cloudstack.test:8080/client/api', body);
    expect(first.simulator.kernel.ids.count('request')).toBe(2);
    expect(second.kernel.ids.count('request')).toBe(1);
  });
  expect(second.origin).toBe('http://cloudstack.test:8080');
  expect(uploadParams(first, first.user).postURL).toContain('http://cloudstack.invalid/upload/');
});

test('an extracted image is served, one that there is not is not found', async () => {
  const world = testSimulator();
  const id = readyVolume(world, world.user);
  const { zoneId } = world.simulator.world.volumes.require(id);
  const asked = { id, zoneid: zoneId, mode: 'HTTP_DOWNLOAD' };
  const { url } = world.user.done('extractVolume', asked)['volume'] as { url: string };
  await whileMocking(mswHandlers(world.simulator), async () => {
    const image = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(image.subarray(0, 4)).toEqual(qcow2Image().subarray(0, 4));
    expect((await fetch(`${url}x`)).status).toBe(404);
    const zone = world.simulator.world.zones.require(zoneId);
    world.simulator.world.zones.change(zone, { secondaryStorageVmUp: false });
    await expect(fetch(url)).rejects.toThrow('Failed to fetch');
  });
});

test('other paths of the origin, and other origins, are left to others', async () => {
  const simulator = createSimulator();
  const other = http.all('*', () => HttpResponse.text('somebody else'));
  await whileMocking([...simulator.handlers({ origin: 'http://zone.test' }), other], async () => {
    for (const path of [
      '/',
      '/client',
      '/client/api/',
      '/client/apis',
      '/upload/',
      '/upload/a/b',
    ]) {
      expect(await (await fetch(`http://zone.test${path}`)).text(), path).toBe('somebody else');
    }
    expect(await (await fetch('http://zone-test/client/api')).text()).toBe('somebody else');
    expect(await (await fetch('http://zone.test/client/api?a=1')).text()).not.toBe('somebody else');
  });
});

test.describe('outcomes', () => {
  const response: ApiResponse = {
    status: 530,
    headers: { 'content-type': 'application/json; charset=UTF-8', 'x-description': 'why' },
    body: '{"answer":"ünïcode"}',
  };
  const having = (outcome: ApiOutcome): Handlers =>
    mswHandlers({
      origin: 'http://zone.test',
      hostNowMs: 0,
      answer: () => Promise.resolve(outcome),
      upload: () => ({ status: 500, text: '' }),
      extracted: () => undefined,
    });
  const url = 'http://zone.test/client/api';

  test('a reply comes as it is', async () => {
    await whileMocking(having({ kind: 'reply', response }), async () => {
      const got = await fetch(url);
      expect(got.status).toBe(530);
      expect(Object.fromEntries(got.headers)).toEqual(response.headers);
      expect(await got.text()).toBe(response.body);
    });
  });

  test('a reset fails the request, by whatever it is made', async () => {
    await whileMocking(having({ kind: 'connection-reset' }), async () => {
      await expect(fetch(url)).rejects.toThrow('fetch');
      const failure = await new Promise<Error>((resolve) => {
        nodeHttp.get(url).on('error', resolve);
      });
      expect(failure).toBeInstanceOf(Error);
    });
  });

  test('silence lasts until the client gives up', async () => {
    await whileMocking(having({ kind: 'no-answer' }), async () => {
      const patience = new AbortController();
      const silent = fetch(url, { signal: patience.signal }).catch((error: unknown) => error);
      patience.abort();
      expect(await silent).toMatchObject({ name: 'AbortError' });
    });
  });

  test('a body breaks off after so many bytes', async () => {
    const outcome: ApiOutcome = { kind: 'truncated-body', response, bytes: 13 };
    await whileMocking(having(outcome), async () => {
      const chunks: Uint8Array[] = [];
      const read = async (): Promise<void> => {
        const { body } = await fetch(url);
        for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
      };
      await expect(read()).rejects.toThrow();
      expect(Buffer.concat(chunks)).toEqual(Buffer.from(response.body).subarray(0, 13));
    });
  });
});

test.describe('uploads', () => {
  const form = formWith(qcow2Image());

  test('by fetch and by node:http', async () => {
    const world = testSimulator();
    await whileMocking(mswHandlers(world.simulator), async () => {
      const fetched = uploadParams(world, world.user);
      const untold = { Host: undefined, 'Content-Length': undefined };
      const headers = uploadHeaders(fetched, form, untold);
      const body = new Uint8Array(form);
      const sent = await fetch(fetched.postURL, { method: 'POST', headers, body });
      expect([sent.status, await sent.text()]).toEqual([200, 'upload successful.']);
      expect(sent.headers.get('access-control-allow-origin')).toBe('*');
      const posted = uploadParams(world, world.user, { name: 'another' });
      const answer = await post(posted.postURL, uploadHeaders(posted, form));
      expect(answer).toBe('upload successful.');
      look(world);
      for (const { id } of [fetched, posted]) {
        expect(listedTemplate(world.user, id)).toMatchObject({ isready: true });
      }
    });
  });

  for (const moment of ['before the door reads it', 'while the door reads it'] as const) {
    test(`that fetch gives up ${moment}`, async () => {
      const world = testSimulator();
      const { simulator } = world;
      const patience = new AbortController();
      const ended = new Promise<void>((resolve) => {
        const upload = simulator.upload.bind(simulator);
        simulator.upload = (input) => {
          patience.abort();
          if (input.kind === 'ended') resolve();
          return upload(input);
        };
      });
      await whileMocking(mswHandlers(simulator), async () => {
        const params = uploadParams(world, world.user);
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(form.subarray(0, 100))),
          pull: () => (moment === 'before the door reads it' ? patience.abort() : undefined),
        });
        const post = { method: 'POST', headers: uploadHeaders(params, form), body, duplex: 'half' };
        await expect(fetch(params.postURL, { ...post, signal: patience.signal })).rejects.toThrow();
        await ended;
        look(world);
        expect(statusOf(world, params.id)).toBe('UploadError');
      });
    });
  }

  test('without a length they are refused, as CloudStack refuses them', async () => {
    const world = testSimulator();
    await whileMocking(mswHandlers(world.simulator), async () => {
      const params = uploadParams(world, world.user);
      const headers = uploadHeaders(params, form, { 'Content-Length': undefined });
      expect(await post(params.postURL, headers)).toContain('content length is not set');
    });
  });

  async function post(url: string, headers: Record<string, string>): Promise<string> {
    const answer = await new Promise<IncomingMessage>((resolve) => {
      const request = nodeHttp.request(url, { method: 'POST', headers }, resolve);
      request.write(form.subarray(0, 10));
      request.end(form.subarray(10));
    });
    return (await readAll(answer)).toString();
  }
});
