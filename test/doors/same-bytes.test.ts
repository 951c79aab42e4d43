// A log of requests gives the same status, the same headers of ours and the same bytes through the
// door in this process and through express over a real connection: a life of two VMs as a fixed
// log, and logs made up at random.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { ApiResponse } from '../../simulator/api/http.js';
import { expressDoor } from '../../simulator/doors/express.js';
import { inProcess } from '../../simulator/doors/in-process.js';
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

/** What the door in this process answered to a log, and what happened. */
interface Recorded {
  readonly requests: readonly LoggedRequest[];
  readonly replies: readonly ApiResponse[];
  readonly events: readonly unknown[];
}

async function assertSameThroughExpress({ requests, replies, events }: Recorded): Promise<void> {
  const { simulator } = zoneForLogs();
  const server = createServer(expressDoor(simulator));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const [index, { method, url, headers, body }] of requests.entries()) {
      const reply = replies[index]!;
      const got = await fetch(origin + url, {
        method,
        headers,
        ...(method === 'POST' ? { body } : {}),
      });
      const bytes = Buffer.from(await got.arrayBuffer());
      strictEqual(got.status, reply.status, reply.body);
      deepStrictEqual(bytes, Buffer.from(reply.body));
      for (const [name, value] of Object.entries(reply.headers)) {
        strictEqual(got.headers.get(name), value);
      }
    }
    deepStrictEqual(simulator.kernel.log.after(0), events);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** The life of two VMs and a disk; each asynchronous command is polled until its job succeeded. */
class Life {
  readonly requests: LoggedRequest[] = [];
  readonly replies: ApiResponse[] = [];
  readonly #send: (request: LoggedRequest) => ApiResponse;

  constructor(simulator: Simulator) {
    this.#send = inProcess(simulator);
  }

  ask(request: LoggedRequest): Record<string, unknown> {
    const reply = this.#send(request);
    this.requests.push(request);
    this.replies.push(reply);
    strictEqual(reply.status, 200, reply.body);
    const [content] = Object.values(JSON.parse(reply.body) as Record<string, unknown>);
    return content as Record<string, unknown>;
  }

  call(command: string, values: Readonly<Record<string, string>> = {}): Record<string, unknown> {
    return this.ask(signedRequest('user', 'POST', command, values));
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

function fixedLog(): Recorded {
  const { simulator } = zoneForLogs();
  const life = new Life(simulator);
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

test('the life of two VMs and a disk', async () => {
  const recorded = fixedLog();
  expect(recorded.requests.length).toBeGreaterThan(30);
  await assertSameThroughExpress(recorded);
});

test('logs made up at random', async () => {
  await assertProperty(
    fc.asyncProperty(intentions, async (sequence) => {
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
      await assertSameThroughExpress({ requests, replies, events });
    }),
    25,
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
  ];
  const { simulator } = zoneForLogs();
  const replies = requests.map(inProcess(simulator));
  expect(replies.map((reply) => reply.status)).toEqual([401, 401, 401, 401, 401, 401, 405]);
  await assertSameThroughExpress({ requests, replies, events: simulator.kernel.log.after(0) });
});
