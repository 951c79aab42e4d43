// Proves that `check` says whether the stemcell server that the CPI publishes on is there, takes its
// user and has the collection, or whether the CPI can open one itself; that it leaves what there is, and
// says nothing where stemcells are published in another way.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import type { Finding } from '../../../cpi/check/finding.js';
import { startZone } from '../../support/cpi-zone.js';
import { freePort } from '../../support/free-port.js';
import { secretName, startServer, user } from '../stemcell-server/running-server.js';

const [username = '', ...passwordParts] = user.split(':');
const password = passwordParts.join(':');

async function findingsWith(server: object, publish = 'webdav'): Promise<Finding[]> {
  const sections = { stemcell: { publish }, stemcell_server: server };
  await using zone = await startZone({}, 'direct', sections);
  return (await zone.check()).filter(({ about }) => about === 'stemcell server');
}

test('one that takes the user is told, and keeps what it has', async () => {
  await using server = await startServer();
  await server.asUser('PUT', secretName, { body: 'an image' });
  const { url } = server;
  expect(await findingsWith({ url, username, password })).toEqual([
    { about: 'stemcell server', verdict: 'ok', text: `${url} takes the user stemcells` },
  ]);
  expect(String((await server.asUser('GET', secretName)).body)).toBe('an image');
  expect(server.access.map(({ method }) => method)).toEqual(['PUT', 'OPTIONS', 'PROPFIND', 'GET']);
});

test('one that does not let the user in, and one that is not there, are told with what to do', async () => {
  await using server = await startServer();
  const { url } = server;
  for (const [section, text] of [
    [{ url, username, password: 'of-somebody-else' }, /does not let the CPI in \(401\).*password/],
    [
      { url: 'http://127.0.0.1:9', username, password },
      /cannot be reached: .*stemcell_server\.url/,
    ],
  ] as const) {
    const [finding] = await findingsWith(section);
    expect(finding?.verdict).toBe('failed');
    expect(finding?.text).toMatch(text);
    expect(finding?.text).not.toContain(section.password);
    expect(finding?.advice).toContain('stemcell.publish upload needs no server');
  }
});

test('one over HTTPS is trusted by cloudstack.ca_cert, as is told where it is not', async () => {
  const { cert: certificate, key } = loopbackTls;
  await using server = await startServer({ tls: { certificate, private_key: key } });
  const [finding] = await findingsWith({ url: server.url, username, password });
  expect(finding?.verdict).toBe('failed');
  expect(finding?.text).toMatch(/no trusted TLS connection.*has to be among cloudstack\.ca_cert/);
});

test('a URL that leads to no collection is told', async () => {
  await using server = await startServer();
  await server.asUser('PUT', secretName, { body: 'an image' });
  const { url } = server;
  for (const [path, text] of [
    ['/nowhere', /\/nowhere leads to nothing; it must lead to a collection/],
    [secretName, /leads to no collection/],
  ] as const) {
    const [finding] = await findingsWith({ url: `${url}${path}`, username, password });
    expect(finding?.verdict).toBe('failed');
    expect(finding?.text).toMatch(text);
  }
});

test('one that is no WebDAV server is told', async () => {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const [finding] = await findingsWith({ url, username, password });
  server.closeAllConnections();
  server.close();
  expect(finding?.verdict).toBe('failed');
  expect(finding?.text).toContain(`${url} leads to no collection (200)`);
});

test('one that the CPI opens itself is tried, and closed again', async () => {
  const port = await freePort();
  const text = `the CPI can serve at http://127.0.0.1:${port}`;
  const expected = [{ about: 'stemcell server', verdict: 'ok', text }];
  for (const time of ['first', 'second']) {
    expect(await findingsWith({ host: '127.0.0.1', port }, 'create-env'), time).toEqual(expected);
  }
});

test('a port that is taken, and an address of another machine, are told with what to do', async () => {
  await using server = await startServer();
  const port = Number(new URL(server.url).port);
  for (const [section, text] of [
    [{ host: '127.0.0.1', port }, /another process has this port.*check stemcell_server\.host/],
    [{ host: '192.0.2.1' }, /192\.0\.2\.1.*this machine has no such address/],
  ] as const) {
    const [finding] = await findingsWith(section, 'create-env');
    expect(finding?.verdict).toBe('failed');
    expect(finding?.text).toMatch(text);
    expect(finding?.advice).toContain('stemcell.publish upload needs no server');
  }
});

test('where stemcells are uploaded there is nothing to say', async () => {
  await using server = await startServer();
  const section = { url: server.url, username, password, host: '127.0.0.1' };
  expect(await findingsWith(section, 'upload')).toEqual([]);
  expect(server.access).toEqual([]);
});
