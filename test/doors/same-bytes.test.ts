// A log of requests gives the same status, the same headers of ours and the same bytes through all
// doors: in this process, through express over a real connection, and through msw, by fetch as by
// node:http. The logs: a life of two VMs in JSON and in XML, logs made up at random, requests without
// a sense, and uploads.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { once } from 'node:events';
// msw replaces the functions of the default export, not those of named imports.
import http, { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { setupServer } from 'msw/node';
import type { ApiResponse } from '../../simulator/api/http.js';
import { expressDoor } from '../../simulator/doors/express.js';
import { inProcess } from '../../simulator/doors/in-process.js';
import { mswHandlers } from '../../simulator/doors/msw.js';
import type { Simulator } from '../../simulator/simulator.js';
import { assertProperty } from '../support/property.js';
import {
  intentions,
  prelude,
  requestFor,
  signedRequest,
  zoneForLogs,
  type LoggedRequest,
} from '../support/request-log.js';
import { TestClient } from '../support/simulator-client.js';
import { formWith, qcow2Image, uploadHeaders, uploadParams } from '../support/template-uploads.js';

/** What the door in this process answered to a log, and what happened. */
interface Recorded {
  readonly requests: readonly LoggedRequest[];
  readonly replies: readonly ApiResponse[];
  readonly events: readonly unknown[];
}

interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly bytes: Buffer;
}

type Sent = Omit<LoggedRequest, 'body'> & { readonly body: string | Uint8Array<ArrayBuffer> };

/** A door that is open, and a client that comes through it. */
interface Way {
  readonly send: (request: Sent) => Promise<Answer>;
  readonly close: () => void;
}

const ways: Readonly<Record<string, (simulator: Simulator) => Promise<Way>>> = {
  express: async (simulator) => {
    const server = createServer(expressDoor(simulator));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      send: (request) => byFetch(origin, request),
      close: () => {
        server.close();
        server.closeAllConnections();
      },
    };
  },
  'msw by fetch': (simulator) => throughMsw(simulator, byFetch),
  'msw by node:http': (simulator) => throughMsw(simulator, byNode),
};

function throughMsw(
  simulator: Simulator,
  send: (origin: string, request: Sent) => Promise<Answer>,
): Promise<Way> {
  const server = setupServer(...mswHandlers(simulator));
  server.listen({ onUnhandledRequest: 'error' });
  return Promise.resolve({
    send: (request) => send(simulator.origin, request),
    close: () => server.close(),
  });
}

async function byFetch(origin: string, request: Sent): Promise<Answer> {
  const { method, url, headers, body } = request;
  const got = await fetch(origin + url, {
    method,
    headers,
    ...(method === 'POST' ? { body } : {}),
  });
  const bytes = Buffer.from(await got.arrayBuffer());
  return { status: got.status, header: (name) => got.headers.get(name), bytes };
}

async function byNode(origin: string, request: Sent): Promise<Answer> {
  const { method, url, headers, body } = request;
  const got = await new Promise<IncomingMessage>((resolve, reject) => {
    http
      .request(origin + url, { method, headers }, resolve)
      .on('error', reject)
      .end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of got as AsyncIterable<Buffer>) chunks.push(chunk);
  const header = (name: string): string | null => (got.headers[name] as string | undefined) ?? null;
  return { status: got.statusCode ?? 0, header, bytes: Buffer.concat(chunks) };
}

async function assertSame(way: string, { requests, replies, events }: Recorded): Promise<void> {
  const { simulator } = zoneForLogs();
  const { send, close } = await ways[way]!(simulator);
  try {
    for (const [index, request] of requests.entries()) {
      const reply = replies[index]!;
      const got = await send(request);
      strictEqual(got.status, reply.status, reply.body);
      deepStrictEqual(got.bytes, Buffer.from(reply.body));
      for (const [name, value] of Object.entries(reply.headers)) {
        strictEqual(got.header(name), value, name);
      }
    }
    deepStrictEqual(simulator.kernel.log.after(0), events);
  } finally {
    close();
  }
}

/** The life of two VMs and a disk; each asynchronous command is polled until its job succeeded. */
class Life {
  readonly requests: LoggedRequest[] = [];
  readonly replies: ApiResponse[] = [];
  readonly #send: (request: LoggedRequest) => ApiResponse;
  readonly #format: 'json' | 'xml';

  constructor(simulator: Simulator, format: 'json' | 'xml') {
    this.#send = inProcess(simulator);
    this.#format = format;
  }

  ask(request: LoggedRequest): Record<string, unknown> {
    const reply = this.#send(request);
    this.requests.push(request);
    this.replies.push(reply);
    strictEqual(reply.status, 200, reply.body);
    const document = reply.body.startsWith('{')
      ? (JSON.parse(reply.body) as object)
      : (new XMLParser({ ignoreDeclaration: true }).parse(reply.body) as object);
    return Object.values(document)[0] as Record<string, unknown>;
  }

  call(command: string, values: Readonly<Record<string, string>> = {}): Record<string, unknown> {
    return this.ask(signedRequest('user', 'POST', command, { response: this.#format, ...values }));
  }

  /** Answers the id of what the job is about, once it has succeeded. */
  done(submitted: Record<string, unknown>): string {
    for (let polls = 0; polls < 20; polls += 1) {
      const job = this.call('queryAsyncJobResult', { jobid: String(submitted['jobid']) });
      if (job['jobstatus'] === 1) return String(job['jobinstanceid']);
      strictEqual(job['jobstatus'], 0, JSON.stringify(job));
    }
    throw new Error(`job ${String(submitted['jobid'])} does not end`);
  }

  do(command: string, values: Readonly<Record<string, string>>): string {
    return this.done(this.call(command, values));
  }
}

function fixedLog(format: 'json' | 'xml'): Recorded {
  const { simulator } = zoneForLogs();
  const life = new Life(simulator, format);
  const [first, second, disk] = prelude(simulator).map((request) => life.done(life.ask(request)));
  life.do('attachVolume', { id: disk!, virtualmachineid: second! });
  life.do('startVirtualMachine', { id: second! });
  life.do('createTags', {
    resourcetype: 'UserVm',
    resourceids: second!,
    'tags[0].key': 'director',
    'tags[0].value': 'ünïcode €',
  });
  for (const list of ['listVirtualMachines', 'listVolumes', 'listTags', 'listNetworks']) {
    life.call(list);
  }
  life.call('listNics', { virtualmachineid: first! });
  life.do('stopVirtualMachine', { id: second! });
  life.do('detachVolume', { id: disk! });
  life.do('destroyVirtualMachine', { id: second! });
  life.call('deleteVolume', { id: disk! });
  life.call('listVirtualMachines', { page: '1', pagesize: '1' });
  const { requests, replies } = life;
  return { requests, replies, events: simulator.kernel.log.after(0) };
}

for (const format of ['json', 'xml'] as const) {
  test(`the life of two VMs and a disk, in ${format}`, async () => {
    const recorded = fixedLog(format);
    expect(recorded.requests.length).toBeGreaterThan(30);
    for (const way of Object.keys(ways)) await assertSame(way, recorded);
  });
}

test('logs made up at random', async () => {
  await assertProperty(
    fc.asyncProperty(intentions, fc.constantFrom(...Object.keys(ways)), async (sequence, way) => {
      const { simulator } = zoneForLogs();
      const send = inProcess(simulator);
      const requests = prelude(simulator);
      const replies = requests.map(send);
      for (const intention of sequence) {
        const request = requestFor(simulator, intention);
        requests.push(request);
        replies.push(send(request));
      }
      const events = simulator.kernel.log.after(0);
      await assertSame(way, { requests, replies, events });
    }),
    45,
  );
});

test('requests without a sense', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const requests: LoggedRequest[] = [
    { method: 'GET', url: '/client/api', headers: {}, body: '' },
    { method: 'GET', url: '/client/api?', headers: {}, body: '' },
    { method: 'GET', url: '/client/api?command=nothing&%ff=%zz', headers: {}, body: '' },
    { method: 'POST', url: '/client/api', headers: form, body: '' },
    { method: 'POST', url: '/client/api?a=1', headers: form, body: '&&==&command=listZones' },
    {
      method: 'POST',
      url: '/client/api',
      headers: { 'content-type': 'text/plain' },
      body: 'command=listZones',
    },
    { method: 'PUT', url: '/client/api?command=listZones', headers: {}, body: '' },
    { method: 'HEAD', url: '/client/api?command=listZones', headers: {}, body: '' },
  ];
  const { simulator } = zoneForLogs();
  const replies = requests.map(inProcess(simulator));
  const statuses = [401, 401, 401, 401, 401, 401, 405, 401];
  expect(replies.map((reply) => reply.status)).toEqual(statuses);
  const events = simulator.kernel.log.after(0);
  for (const way of Object.keys(ways)) await assertSame(way, { requests, replies, events });
});

test('uploads', async () => {
  const form = new Uint8Array(formWith(qcow2Image()));
  const answersThrough = async (way: string): Promise<unknown[]> => {
    const { simulator } = zoneForLogs();
    const user = new TestClient(simulator, simulator.userWithRole('User'));
    const { send, close } = await ways[way]!(simulator);
    const answers: unknown[] = [];
    const upload = async (changes: Record<string, string>, body = form): Promise<void> => {
      const params = uploadParams({ simulator, user, admin: user }, user);
      const headers = {
        ...uploadHeaders(params, Buffer.from(body), { Host: undefined }),
        'x-forwarded-host': new URL(params.postURL).host,
        ...changes,
      };
      const request = { method: 'POST', url: `/upload/${params.id}`, headers, body };
      for (const method of ['POST', 'POST', 'GET']) {
        const got = await send(method === 'GET' ? { ...request, method, headers: {} } : request);
        const told = ['content-type', 'access-control-allow-origin'].map(got.header);
        answers.push([got.status, String(got.bytes), ...told]);
      }
    };
    try {
      await upload({});
      await upload({ 'X-signature': 'wrong' });
      await upload({ 'Content-Type': 'text/plain' });
      await upload({}, form.slice(0, 1_000));
    } finally {
      close();
    }
    return [...answers, simulator.kernel.log.after(0)];
  };
  const expected = await answersThrough('express');
  expect((expected[0] as unknown[]).slice(0, 2)).toEqual([200, 'upload successful.']);
  for (const way of Object.keys(ways)) expect(await answersThrough(way), way).toEqual(expected);
});
