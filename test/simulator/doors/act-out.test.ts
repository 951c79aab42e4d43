// What a client sees of each outcome: over a real connection a reply, a reset, silence, a body that
// breaks off; in this process a reply or an error that names what happened.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import express from 'express';
import {
  TransportFailure,
  type ApiOutcome,
  type ApiResponse,
} from '../../../simulator/api/http.js';
import { actOut } from '../../../simulator/doors/act-out.js';
import { inProcess } from '../../../simulator/doors/in-process.js';
import { createSimulator } from '../../../simulator/simulator.js';

const reply: ApiResponse = {
  status: 200,
  headers: { 'content-type': 'application/json; charset=UTF-8', date: 'Thu, 01 Jan 2026' },
  body: '{"answer":"ünïcode"}',
};

/** Opens a server that gives each request the next of the outcomes. */
async function whileServing(
  outcomes: readonly ApiOutcome[],
  action: (origin: string) => Promise<void>,
): Promise<void> {
  const left = [...outcomes];
  const app = express();
  app.use((_request, response) => actOut(left.shift()!, response));
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await action(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function causeOf(request: Promise<unknown>): Promise<unknown> {
  const error: unknown = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code;
}

test('a reply comes as it is', async () => {
  await whileServing([{ kind: 'reply', response: reply }], async (origin) => {
    const response = await fetch(origin);
    expect([response.status, await response.text()]).toEqual([200, reply.body]);
    expect(response.headers.get('date')).toBe(reply.headers['date']);
  });
});

test('a reset ends the connection without an answer', async () => {
  await whileServing([{ kind: 'connection-reset' }], async (origin) => {
    expect(await causeOf(fetch(origin))).toBe('ECONNRESET');
  });
});

test('silence lasts until the client gives up; others are answered meanwhile', async () => {
  const outcomes: ApiOutcome[] = [{ kind: 'no-answer' }, { kind: 'reply', response: reply }];
  await whileServing(outcomes, async (origin) => {
    const patience = new AbortController();
    const silent = fetch(origin, { signal: patience.signal }).catch((error: unknown) => error);
    expect((await fetch(origin)).status).toBe(200);
    expect(await Promise.race([silent, Promise.resolve('still waiting')])).toBe('still waiting');
    patience.abort();
    expect((await silent) as Error).toMatchObject({ name: 'AbortError' });
  });
});

test('a body breaks off after so many bytes of those that were announced', async () => {
  const outcome: ApiOutcome = { kind: 'truncated-body', response: reply, bytes: 13 };
  await whileServing([outcome], async (origin) => {
    const response = await fetch(origin);
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(reply.body)));
    const chunks: Uint8Array[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        chunks.push(chunk);
      }
    };
    expect(await causeOf(read())).toBe('UND_ERR_SOCKET');
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(reply.body).subarray(0, 13));
  });
});

for (const kind of ['connection-reset', 'no-answer', 'truncated-body'] as const) {
  test(`in this process ${kind} is an error that says so`, () => {
    const outcome: ApiOutcome =
      kind === 'truncated-body' ? { kind, response: reply, bytes: 1 } : { kind };
    const { hostNowMs } = createSimulator();
    const send = inProcess({ hostNowMs, dispatch: () => outcome });
    const failure = (() => {
      try {
        return send({ method: 'GET', url: '/' });
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(TransportFailure);
    expect((failure as TransportFailure).kind).toBe(kind);
    expect((failure as TransportFailure).message).toContain('(by the fault plan)');
  });
}
