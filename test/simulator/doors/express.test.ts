// The HTTP door: what reaches the API through it arrives whole, what express itself refuses is
// answered in plain text, and closing ends every connection.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { listen } from '../../../simulator/doors/listen.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { whileListening } from '../../support/listening.js';
import { signedQuery } from '../../support/simulator-client.js';

test('the API answers GET and POST, with its own headers and the date of the world', async () => {
  await whileListening({}, async ({ simulator, origin }) => {
    const query = signedQuery(simulator.userWithRole('User'), 'listZones');
    const got = await fetch(`${origin}/client/api?${query}`);
    expect(got.status).toBe(200);
    expect(got.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(got.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    expect(got.headers.get('x-powered-by')).toBeNull();
    const posted = await fetch(`${origin}/client/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: query,
    });
    expect(await posted.text()).toBe(await got.text());
  });
});

test('an error is an answer with its own status, and so is a method that is not supported', async () => {
  await whileListening({}, async ({ origin }) => {
    const refused = await fetch(`${origin}/client/api?command=listZones&response=json`);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('unable to verify user credentials');
    expect((await fetch(`${origin}/client/api`, { method: 'DELETE' })).status).toBe(405);
  });
});

test('a body that is too large is refused before the API sees it', async () => {
  await whileListening({}, async ({ simulator, origin }) => {
    const response = await fetch(`${origin}/client/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `command=listZones&userdata=${'x'.repeat(9 * 1024 * 1024)}`,
    });
    expect([response.status, await response.text()]).toEqual([413, 'request entity too large\n']);
    expect(simulator.kernel.ids.count('request')).toBe(0);
  });
});

test('the page stands at / and nowhere else', async () => {
  await whileListening({}, async ({ origin }) => {
    const page = await fetch(origin);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain(`${origin}/client/api`);
    expect((await fetch(`${origin}/elsewhere`)).status).toBe(404);
  });
});

test('a port that is taken is an error', async () => {
  await whileListening({}, async ({ origin }) => {
    const port = Number(new URL(origin).port);
    await expect(listen(createSimulator(), { port, host: '127.0.0.1' })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});

test('closing ends connections that are still open', async () => {
  const { origin, close } = await listen(createSimulator(), { port: 0, host: '127.0.0.1' });
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /_sim/events HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n');
  await once(socket, 'data');
  const ended = once(socket, 'close');
  await close();
  await ended;
  await expect(fetch(`${origin}/_sim/health`)).rejects.toThrow();
});
