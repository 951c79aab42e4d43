// So many downloads run at a time: the others wait in their order, for a while, and not too many.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import express from 'express';
import { serve } from '../../../cpi/serving/serve.js';
import { DownloadLimit } from '../../../cpi/stemcell-server/download-limit.js';
import { serveImage } from '../../../cpi/stemcell-server/serve-image.js';
import { handMovedClock, patientClock } from '../support/virtual-clock.js';
import { ask, secretName, startServer } from './running-server.js';

const here = new AbortController().signal;

test('who comes when all places are taken gets one when it is given back, in order', async () => {
  const limit = new DownloadLimit({ most: 2, waitMs: 60_000, clock: patientClock() });
  const first = await limit.enter(here);
  await limit.enter(here);
  const order: string[] = [];
  const third = limit.enter(here).then((leave) => (order.push('third'), leave));
  const fourth = limit.enter(here).then((leave) => (order.push('fourth'), leave));
  first?.();
  (await third)?.();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('who has waited for long enough is sent away, and takes no place from others', async () => {
  const clock = handMovedClock(0);
  const limit = new DownloadLimit({ most: 1, waitMs: 60_000, clock });
  const first = await limit.enter(here);
  const second = limit.enter(here);
  clock.advance(60_000);
  expect(await second).toBeUndefined();
  first?.();
  expect(await limit.enter(here)).toBeDefined();
});

test('who goes away while waiting is passed over', async () => {
  const limit = new DownloadLimit({ most: 1, waitMs: 60_000, clock: patientClock() });
  const first = await limit.enter(here);
  const gone = new AbortController();
  const second = limit.enter(gone.signal);
  const third = limit.enter(here);
  gone.abort();
  expect(await second).toBeUndefined();
  first?.();
  expect(await third).toBeDefined();
  expect(await limit.enter(AbortSignal.abort())).toBeUndefined();
});

test('when too many wait already the next one is sent away at once', async () => {
  const limit = new DownloadLimit({ most: 1, waitMs: 60_000, clock: patientClock() });
  await limit.enter(here);
  for (let waiting = 1; waiting <= 8; waiting += 1) void limit.enter(here);
  expect(await limit.enter(here)).toBeUndefined();
});

test('a download that got no place is told when to come again; HEAD and parts of nothing need none', async () => {
  const clock = handMovedClock(0);
  await using server = await startServer({ downloadsMax: 1, clock });
  await server.asUser('PUT', secretName, { body: Buffer.alloc(24 * 2 ** 20) });
  const socket = await server.connect();
  socket.write(`GET ${secretName} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  const second = server.send('GET', secretName);
  expect((await server.send('HEAD', secretName)).status).toBe(200);
  const none = await server.send('GET', secretName, { headers: { range: 'bytes=99999999-' } });
  expect(none.status).toBe(416);
  clock.advance(60_000);
  expect(await second).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  socket.destroy();
});

test('who waits for a place is told so, even after longer than nothing may move on a connection', async () => {
  const clock = handMovedClock(0);
  const limit = new DownloadLimit({ most: 1, waitMs: 60_000, clock });
  await limit.enter(here);
  const read = (): Readable => Readable.from([Buffer.from('image')]);
  const image = { bytes: 5, etag: '"x"', modifiedMs: 0, read };
  const app = express();
  let came = (): void => undefined;
  const hasCome = new Promise<void>((resolve) => (came = resolve));
  app.use((request, response) => {
    const served = serveImage(request, response, image, { limit });
    came();
    return served;
  });
  const onFailure = (failure: unknown): never => {
    throw failure;
  };
  const options = { host: '127.0.0.1', port: 0, requestTimeoutMs: 30_000, idleTimeoutMs: 200 };
  const { endpoint, stop } = await serve(app, { ...options, clock, onFailure });
  const waiting = ask(endpoint, 'GET', '/');
  await hasCome;
  // On this one nothing has moved for a shorter time than on the other.
  const idle = connect(Number(new URL(endpoint).port), '127.0.0.1');
  await once(idle.resume(), 'close');
  clock.advance(60_000);
  expect(await waiting).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  await stop(0);
});

test('who asks for several at once, waits for places, and takes nothing, is given up', async () => {
  const limit = new DownloadLimit({ most: 2, waitMs: 60_000, clock: patientClock() });
  const leave = [await limit.enter(here), await limit.enter(here)];
  const read = (): Readable => Readable.from(pieces());
  const image = { bytes: 2 ** 40, etag: '"x"', modifiedMs: 0, read };
  const app = express();
  let came = (): void => undefined;
  const hasCome = new Promise<void>((resolve) => (came = resolve));
  let gone = (): void => undefined;
  const hasGone = new Promise<void>((resolve) => (gone = resolve));
  app.use((request, response) => {
    response.once('close', gone);
    const served = serveImage(request, response, image, { limit });
    came();
    return served;
  });
  const { endpoint, stop } = await serve(app, {
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 30_000,
    idleTimeoutMs: 200,
    clock: patientClock(),
    onFailure: (failure) => {
      throw failure;
    },
  });
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
  await hasCome;
  for (const give of leave) give?.();
  await hasGone;
  socket.destroy();
  await stop(0);
});

function* pieces(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(2 ** 20);
}
