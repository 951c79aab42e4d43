// Requests that a client sends without waiting for answers are handled one after the other, in the
// order in which they came: one is not begun before the one before is answered, nor at all when its
// connection has ended; and nobody fills the memory of the server with them, nor leaves any there.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Server, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@playwright/test';
import { serve, type Serving } from '../../../cpi/serving/serve.js';
import { patientClock } from '../support/virtual-clock.js';
import { ask } from '../stemcell-server/running-server.js';

interface Handling extends Serving {
  /** The paths of the requests that were begun. */
  readonly begun: string[];
  readonly answers: ServerResponse[];
  readonly client: Socket;
  /** What the client has got. */
  readonly told: () => string;
}

async function handling(): Promise<Handling> {
  const begun: string[] = [];
  const answers: ServerResponse[] = [];
  const serving = await serve(
    (request, response) => {
      begun.push(request.url ?? '');
      if (request.url === '/now') response.end('now');
      else answers.push(response);
    },
    {
      host: '127.0.0.1',
      port: 0,
      requestTimeoutMs: 30_000,
      clock: patientClock(),
      onFailure: (failure) => {
        throw failure;
      },
    },
  );
  const client = connect(Number(new URL(serving.endpoint).port), '127.0.0.1');
  client.on('error', () => undefined);
  let text = '';
  client.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { ...serving, begun, answers, client, told: () => text };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Resolves when the server has read what was sent before. */
async function isRead({ endpoint }: Serving): Promise<void> {
  await ask(endpoint, 'GET', '/now');
}

test('the next request is begun when the one before is answered', async () => {
  const server = await handling();
  server.client.write(get('/a') + get('/b') + get('/c'));
  await expect.poll(() => server.begun).toEqual(['/a']);
  await isRead(server);
  expect(server.begun).toEqual(['/a', '/now']);
  server.answers[0]?.end('of a');
  await expect.poll(() => server.begun).toEqual(['/a', '/now', '/b']);
  server.answers[1]?.end('of b');
  await expect.poll(() => server.answers).toHaveLength(3);
  server.answers[2]?.end('of c');
  await expect.poll(server.told).toMatch(/of a[^]*of b[^]*of c/);
  server.client.write(get('/now'));
  await expect.poll(server.told).toMatch(/now$/);
  server.client.destroy();
  await server.stop(0);
});

test('what waits on a connection that ends is not begun', async () => {
  const server = await handling();
  server.client.write(get('/a') + get('/b'));
  await expect.poll(() => server.begun).toEqual(['/a']);
  const ended = once(server.answers[0]!, 'close');
  server.client.destroy();
  await ended;
  await isRead(server);
  expect(server.begun).toEqual(['/a', '/now']);
  await server.stop(0);
});

test('what waits behind an answer that ends the connection is not begun', async () => {
  const server = await handling();
  server.client.write(get('/a') + get('/b'));
  await expect.poll(() => server.begun).toEqual(['/a']);
  server.answers[0]?.setHeader('Connection', 'close').end('the last');
  if (!server.client.destroyed) await once(server.client, 'close');
  expect(server.told()).toMatch(/the last$/);
  expect(server.begun).toEqual(['/a']);
  await server.stop(0);
});

test('a connection on which very many requests wait is ended', async () => {
  const server = await handling();
  server.client.write(get('/a') + get('/b').repeat(100));
  if (!server.client.destroyed) await once(server.client, 'close');
  await isRead(server);
  expect(server.begun).toEqual(['/a', '/now']);
  await server.stop(0);
});

test('of requests that waited on a connection that ended nothing stays in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const server = await handling();
  server.client.write(get('/a'));
  await expect.poll(() => server.begun).toEqual(['/a']);
  const waiting: WeakRef<object>[] = [];
  const { server: http } = server.answers[0]!.req.socket as unknown as { server: Server };
  const noteWaiting = (request: object): unknown => waiting.push(new WeakRef(request));
  http.on('request', noteWaiting);
  server.client.write(get('/b').repeat(10));
  await expect.poll(() => waiting).toHaveLength(10);
  http.off('request', noteWaiting);
  const ended = once(server.answers.pop()!, 'close');
  server.client.destroy();
  await ended;
  await expect
    .poll(() => {
      collectGarbage();
      return waiting.filter((request) => request.deref() !== undefined).length;
    })
    .toBe(0);
  await server.stop(0);
});
