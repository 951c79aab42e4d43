// The door passes on what the CPI asks and what the cloud answers, byte by byte, and notes it without
// keys; what comes between replaces or loses an answer, before or after the cloud has heard of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { openApiDoor, type ApiDoor } from '../../../bats-runner/contract/api-door.js';

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** A cloud that answers everything with the same odd answer. */
async function withCloud(work: (door: ApiDoor, heard: Heard[]) => Promise<void>): Promise<void> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ method: request.method ?? '', url: request.url ?? '', body });
      response.writeHead(431, { 'content-type': 'text/plain', 'x-odd': 'kept' }).end('caf\u00e9');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const door = await openApiDoor({ endpoint: `http://127.0.0.1:${port}/client/api` });
  try {
    await work(door, heard);
  } finally {
    await door.close();
    server.closeAllConnections();
    server.close();
  }
}

const body = 'command=listZones&name=a+b&apiKey=KEY&signature=SIGN&response=json';
const post = (door: ApiDoor): Promise<Response> => fetch(door.endpoint, { method: 'POST', body });

test('requests and answers pass unchanged, and are noted without keys', async () => {
  await withCloud(async (door, heard) => {
    const answer = await post(door);
    expect([answer.status, answer.headers.get('x-odd')]).toEqual([431, 'kept']);
    expect(await answer.text()).toBe('caf\u00e9');
    const get = await fetch(`${door.endpoint}?${body}`);
    expect(get.status).toBe(431);
    expect(heard).toEqual([
      { method: 'POST', url: '/client/api', body },
      { method: 'GET', url: `/client/api?${body}`, body: '' },
    ]);
    for (const request of door.requests) {
      expect(request).toEqual({
        command: 'listZones',
        parameters: new Map([['name', 'a b']]),
        status: 431,
        answer: 'caf\u00e9',
      });
    }
    expect(door.requests).toHaveLength(2);
  });
});

test('an answer can stand in the place of that of the cloud, which then hears nothing', async () => {
  await withCloud(async (door, heard) => {
    door.intercept(({ command }) => ({ status: 503, body: `no ${command}` }));
    const answer = await post(door);
    expect([answer.status, await answer.text()]).toEqual([503, 'no listZones']);
    expect(heard).toEqual([]);
    door.intercept(() => undefined);
    expect((await post(door)).status).toBe(431);
  });
});

for (const [interception, hears] of [
  ['connection breaks', 0],
  ['answer is lost', 1],
] as const) {
  test(`"${interception}": the caller gets nothing, the cloud hears ${hears}`, async () => {
    await withCloud(async (door, heard) => {
      door.intercept(() => interception);
      await expect(post(door)).rejects.toThrow();
      expect(heard).toHaveLength(hears);
      expect(door.requests).toMatchObject([{ command: 'listZones', status: undefined }]);
    });
  });
}
