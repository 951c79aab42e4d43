// Bodies that do not end, come drop by drop, break off or hide their length: each is refused or given
// up, nothing of it is stored, memory does not grow with it, and others are served meanwhile.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { realClock } from '../../../cpi/flow/clock.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { registryApp } from '../../../cpi/registry/registry-app.js';
import { serve } from '../../../cpi/serving/serve.js';

const user = { username: 'registry', password: 'password' };
const authorization = `Basic ${Buffer.from('registry:password').toString('base64')}`;
const limit = 10_000;

async function withRegistry(
  work: (registry: {
    endpoint: string;
    stored: () => Promise<string | undefined>;
    /** Opens a connection and sends the head of a PUT with these headers, and what follows it. */
    put: (headers: string, rest?: string) => Promise<Socket>;
  }) => Promise<void>,
): Promise<void> {
  const store = createMemoryStore();
  const app = registryApp({
    store,
    users: [user],
    settingsBytesMax: limit,
    nowMs: () => 0,
    onAccess: () => undefined,
    onFailure: () => undefined,
  });
  const { endpoint, stop } = await serve(app, {
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 1_000,
    clock: realClock,
    onFailure: (failure) => {
      throw failure;
    },
  });
  const { hostname, port } = new URL(endpoint);
  try {
    await work({
      endpoint,
      stored: () => store.get('vm-1'),
      put: async (headers, rest = '') => {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(
          `PUT /instances/vm-1/settings HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n` +
            `${headers}\r\n\r\n${rest}`,
        );
        return socket;
      },
    });
    expect((await fetch(`${endpoint}/health`)).status, 'it lives').toBe(200);
    expect(await store.get('vm-1'), 'nothing is stored').toBeUndefined();
  } finally {
    await stop(0);
  }
}

async function firstLine(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString().split('\r\n')[0] ?? '';
}

function drainedOrClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve).once('close', () => resolve());
  });
}

const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`;

test('100 MB without a length are refused as soon as they are too long, and not taken', async () => {
  await withRegistry(async ({ put }) => {
    const socket = await put('Transfer-Encoding: chunked');
    const answered = firstLine(socket);
    let sentBytes = 0;
    while (!socket.closed && sentBytes < 100 * 2 ** 20) {
      sentBytes += chunk.length;
      if (!socket.write(chunk)) await drainedOrClosed(socket);
    }
    expect(await answered).toBe('HTTP/1.1 413 Payload Too Large');
    // What the operating system holds in between may still leave us.
    expect(sentBytes).toBeLessThan(50 * 2 ** 20);
  });
});

test('a hundred bodies that come drop by drop hold up nobody, and are given up', async () => {
  await withRegistry(async ({ endpoint, put }) => {
    const sockets = await Promise.all(
      Array.from({ length: 100 }, () => put('Content-Length: 100', '{"a":')),
    );
    const other = await fetch(`${endpoint}/instances/vm-2/settings`, {
      method: 'PUT',
      body: '{}',
      headers: { authorization },
    });
    expect(other.status).toBe(200);
    for (const line of await Promise.all(sockets.map(firstLine))) {
      expect(line).toBe('HTTP/1.1 408 Request Timeout');
    }
    for (const socket of sockets) socket.destroy();
  });
});

for (const [what, headers, rest] of [
  ['breaks off in a chunk', 'Transfer-Encoding: chunked', '10\r\n{"a":1'],
  ['breaks off between chunks, whole as JSON', 'Transfer-Encoding: chunked', '7\r\n{"a":1}\r\n'],
  ['breaks off before its length, whole as JSON', 'Content-Length: 8', '{"a":1}'],
] as const) {
  test(`a body that ${what} is not stored`, async () => {
    await withRegistry(async ({ put }) => {
      const socket = await put(headers, rest);
      socket.resume();
      socket.end();
      await once(socket, 'close');
    });
  });
}

for (const [what, headers, rest] of [
  ['has two lengths', 'Content-Length: 2\r\nContent-Length: 3', '{} '],
  [
    'has a length and chunks',
    'Content-Length: 2\r\nTransfer-Encoding: chunked',
    '2\r\n{}\r\n0\r\n\r\n',
  ],
  ['has a negative length', 'Content-Length: -1', '{}'],
  ['has a length that is no number', 'Content-Length: 2x', '{}'],
  ['is chunked by no number', 'Transfer-Encoding: chunked', 'zz\r\n{}\r\n'],
  ['is encoded twice', 'Transfer-Encoding: gzip, chunked', '2\r\n\x1f\x8b\r\n0\r\n\r\n'],
  ['is compressed', 'Content-Encoding: gzip\r\nContent-Length: 2', '\x1f\x8b'],
] as const) {
  test(`a body that ${what} is a bad request`, async () => {
    await withRegistry(async ({ put }) => {
      const socket = await put(headers, rest);
      expect(await firstLine(socket)).toBe('HTTP/1.1 400 Bad Request');
      socket.destroy();
    });
  });
}

test('nesting without end is a bad request or stored as it is, and ends nothing', async () => {
  await withRegistry(async ({ endpoint }) => {
    for (const [body, status] of [
      ['['.repeat(9_000), 400],
      [`{"a":${'['.repeat(4_000)}${']'.repeat(4_000)}}`, 200],
    ] as const) {
      const told = await fetch(`${endpoint}/instances/deep/settings`, {
        method: 'PUT',
        body,
        headers: { authorization },
      });
      expect(told.status).toBe(status);
    }
  });
});
