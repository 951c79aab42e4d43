// Proves what the transport does on the wire and how it fails: real servers on loopback that are
// slow, cut off, refuse, reset or show the wrong certificate. What matters most is that it knows
// whether a request can have been acted on.
import { expect, test } from '@playwright/test';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  createNodeTransport,
  type NodeTransportOptions,
} from '../../../cpi/cloudstack/transport-node.js';
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
} from '../../../cpi/cloudstack/transport.js';
import { bodyOf, startServer, startTlsServer } from '../support/loopback-server.js';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';

async function send(
  request: HttpRequest,
  options: NodeTransportOptions = {},
): Promise<HttpResponse> {
  const transport = createNodeTransport(options);
  try {
    return await transport.send(request);
  } finally {
    transport.close();
  }
}

async function failureOf(work: Promise<unknown>): Promise<TransportError> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TransportError);
  return failure as TransportError;
}

test('sends method, headers and a text with its length', async () => {
  await using server = await startServer((request, response) => {
    void bodyOf(request).then((body) => {
      response.setHeader('X-Seen', [String(request.headers['content-length']), 'b']);
      response.end(
        `${request.method} ${request.url} ${String(request.headers['x-a'])} ${body.toString()}`,
      );
    });
  });
  const response = await send({
    method: 'POST',
    url: `${server.url}/client/api?x=1`,
    headers: { 'x-a': 'one' },
    body: 'größe',
  });
  expect(response.status).toBe(200);
  expect(response.body).toBe('POST /client/api?x=1 one größe');
  expect(response.headers['x-seen']).toBe('7, b');
});

test('follows no redirects', async () => {
  let requests = 0;
  await using server = await startServer((_, response) => {
    requests += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const response = await send({ method: 'GET', url: server.url });
  expect([response.status, response.headers['location'], requests]).toEqual([302, '/elsewhere', 1]);
});

test('keeps the connection for the next request', async () => {
  const ports = new Set<number | undefined>();
  await using server = await startServer((request, response) => {
    ports.add(request.socket.remotePort);
    response.end();
  });
  const transport = createNodeTransport();
  for (let i = 0; i < 3; i += 1) await transport.send({ method: 'GET', url: server.url });
  transport.close();
  expect(ports.size).toBe(1);
});

test('a refused connection: certainly not sent', async () => {
  const server = await startServer(() => undefined);
  await server[Symbol.asyncDispose]();
  const failure = await failureOf(send({ method: 'GET', url: server.url }));
  expect([failure.failure, failure.sent]).toEqual(['refused', 'no']);
  expect(failure.message).toContain(new URL(server.url).host);
});

test('a name that does not exist: certainly not sent', async () => {
  const failure = await failureOf(send({ method: 'GET', url: 'http://no-such-host.invalid/' }));
  expect([failure.failure, failure.sent]).toEqual(['name-not-found', 'no']);
});

test('an address that is none: certainly not sent', async () => {
  for (const url of ['ftp://127.0.0.1/', 'not an address']) {
    const failure = await failureOf(send({ method: 'GET', url }));
    expect([failure.failure, failure.sent]).toEqual(['unreachable', 'no']);
  }
});

test('a connection that is reset after the request: perhaps acted on', async () => {
  await using server = await startServer((request) => request.socket.resetAndDestroy());
  const failure = await failureOf(send({ method: 'POST', url: server.url, body: 'x' }));
  expect([failure.failure, failure.sent]).toEqual(['reset', 'maybe']);
});

test('an answer that breaks off: perhaps acted on', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"half', () => response.socket?.end());
  });
  const failure = await failureOf(send({ method: 'POST', url: server.url, body: 'x' }));
  expect([failure.failure, failure.sent]).toEqual(['reset', 'maybe']);
});

test('silence after the request is given up: perhaps acted on', async () => {
  await using server = await startServer(() => undefined);
  const request = { method: 'POST', url: server.url, body: 'x', idleTimeoutMs: 30 } as const;
  const failure = await failureOf(send(request));
  expect([failure.failure, failure.sent]).toEqual(['timeout', 'maybe']);
});

test('silence in the middle of an answer is given up: perhaps acted on', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"half');
  });
  const request = { method: 'POST', url: server.url, body: 'x', idleTimeoutMs: 30 } as const;
  const failure = await failureOf(send(request));
  expect([failure.failure, failure.sent]).toEqual(['timeout', 'maybe']);
});

test('a server that stops to take an upload is given up: perhaps acted on', async () => {
  await using server = await startServer((request) => request.pause());
  const body = { bytes: 64 << 20, stream: chunks(64, 1 << 20) };
  const request = { method: 'POST', url: server.url, body, idleTimeoutMs: 30 } as const;
  const failure = await failureOf(send(request));
  expect([failure.failure, failure.sent]).toEqual(['timeout', 'maybe']);
});

test('a TLS handshake that never ends is given up: certainly not sent', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}/`;
  const failure = await failureOf(send({ method: 'GET', url }, { connectTimeoutMs: 30 }));
  expect([failure.failure, failure.sent]).toEqual(['timeout', 'no']);
  mute.close();
});

test('an answer larger than allowed is refused', async () => {
  await using server = await startServer((_, response) => response.end('x'.repeat(5000)));
  const failure = await failureOf(
    send({ method: 'GET', url: server.url }, { responseBytesMax: 1000 }),
  );
  expect(failure.failure).toBe('response-too-large');
});

test('an aborted signal stops a request, before it is sent and while it runs', async () => {
  const controller = new AbortController();
  await using server = await startServer(() => {
    controller.abort();
  });
  const running = { method: 'GET', url: server.url, signal: controller.signal } as const;
  const during = await failureOf(send(running));
  expect([during.failure, during.sent]).toEqual(['aborted', 'maybe']);
  const before = await failureOf(send(running));
  expect([before.failure, before.sent]).toEqual(['aborted', 'no']);
});

test('a certificate is checked, unless it is given or checking is off', async () => {
  await using server = await startTlsServer(loopbackTls, (_, response) => response.end('hello'));
  const request = { method: 'GET', url: server.url } as const;
  const failure = await failureOf(send(request));
  expect([failure.failure, failure.sent]).toEqual(['tls', 'no']);
  expect((await send(request, { caCert: loopbackTls.cert })).body).toBe('hello');
  expect((await send(request, { verifyTls: false })).body).toBe('hello');
});

test('a certificate for another name is refused', async () => {
  await using server = await startTlsServer(loopbackTls, (_, response) => response.end());
  const url = server.url.replace('127.0.0.1', 'localhost');
  const failure = await failureOf(send({ method: 'GET', url }, { caCert: loopbackTls.cert }));
  expect([failure.failure, failure.sent]).toEqual(['tls', 'no']);
});

test('https towards plain http is a TLS failure', async () => {
  await using server = await startServer((_, response) => response.end());
  const url = server.url.replace('http:', 'https:');
  const failure = await failureOf(send({ method: 'GET', url }));
  expect([failure.failure, failure.sent]).toEqual(['tls', 'no']);
  expect(failure.message).toMatch(/speaks no TLS on this port, perhaps HTTP; .* begin with http:/);
  expect(failure.message).not.toContain('certificate');
});

async function* chunks(count: number, bytes: number, onChunk = (): void => undefined) {
  for (let i = 0; i < count; i += 1) {
    onChunk();
    yield Buffer.alloc(bytes, i);
    await Promise.resolve();
  }
}

test('a stream is sent with its length, all of it', async () => {
  await using server = await startServer((request, response) => {
    void bodyOf(request).then((body) =>
      response.end(`${request.headers['content-length']} ${body.length}`),
    );
  });
  const body = { bytes: 3_000_000, stream: chunks(30, 100_000) };
  const response = await send({ method: 'POST', url: server.url, body });
  expect(response.body).toBe('3000000 3000000');
});

test('a stream is read only as fast as the server takes it', async () => {
  const megabyte = 1 << 20;
  let producedBytes = 0;
  let receivedBytes = 0;
  let underwayBytesMax = 0;
  await using server = await startServer((request, response) => {
    request.on('data', (chunk: Buffer) => (receivedBytes += chunk.length));
    request.on('end', () => response.end());
  });
  const stream = chunks(64, megabyte, () => {
    producedBytes += megabyte;
    underwayBytesMax = Math.max(underwayBytesMax, producedBytes - receivedBytes);
  });
  await send({ method: 'POST', url: server.url, body: { bytes: 64 * megabyte, stream } });
  expect(receivedBytes).toBe(64 * megabyte);
  expect(underwayBytesMax).toBeLessThan(32 * megabyte);
});

test('a stream that fails, is too short or too long fails the request', async () => {
  await using server = await startServer((request, response) => {
    void bodyOf(request).then(
      () => response.end(),
      () => undefined,
    );
  });
  // eslint-disable-next-line require-yield -- a stream that fails before its first byte
  const broken = (async function* (): AsyncGenerator<Uint8Array> {
    await Promise.reject(new Error('disk is gone'));
  })();
  const post = (bytes: number, stream: AsyncIterable<Uint8Array>): Promise<TransportError> =>
    failureOf(send({ method: 'POST', url: server.url, body: { bytes, stream } }));
  const failures = [
    await post(10, broken),
    await post(10, chunks(1, 5)),
    await post(10, chunks(2, 8)),
  ];
  expect(failures.map(({ failure }) => failure)).toEqual(Array(3).fill('request-body'));
  expect(failures.map(({ message }) => message)).toEqual([
    'disk is gone',
    expect.stringMatching(/should have 10 bytes, its source gave 5/),
    expect.stringMatching(/should have 10 bytes, its source gave more/),
  ]);
});

test('a refusal in the middle of an upload is heard', async () => {
  await using server = await startServer((request, response) => {
    response.writeHead(400).end('signature validation failed.');
    request.resume();
  });
  const body = { bytes: 1 << 20, stream: chunks(1, 1 << 20) };
  const response = await send({ method: 'POST', url: server.url, body });
  expect([response.status, response.body]).toEqual([400, 'signature validation failed.']);
});
