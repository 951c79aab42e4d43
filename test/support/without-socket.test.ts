// Proves that a server answers requests that come without a socket as it answers those over one.
import { expect, test } from '@playwright/test';
import { createNodeTransport } from '../../cpi/cloudstack/transport-node.js';
import type { HttpRequest } from '../../cpi/cloudstack/transport.js';
import { registryCredentials, startSettingsRegistry } from './settings-registry.js';

const { username, password } = registryCredentials;
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const known = { Authorization: authorization };

type Asked = Pick<HttpRequest, 'method' | 'headers' | 'body'> & { readonly path: string };

const requests: readonly Asked[] = [
  { method: 'GET', path: '/health' },
  { method: 'GET', path: '/instances/vm/settings', headers: known },
  { method: 'PUT', path: '/instances/vm/settings', headers: known, body: '{"agent_id":"é"}' },
  { method: 'GET', path: '/instances/vm/settings', headers: known },
  { method: 'PUT', path: '/instances/vm/settings', headers: { ...known, 'If-Match': '"other"' } },
  { method: 'PUT', path: '/instances/vm/settings', headers: known, body: 'x'.repeat(2_000_000) },
  { method: 'PUT', path: '/instances/vm/settings', body: '{}' },
  { method: 'POST', path: '/instances/vm/settings', headers: known, body: '{}' },
  { method: 'GET', path: '/instances?x=1', headers: known },
  { method: 'GET', path: '/nothing', headers: known },
  { method: 'DELETE', path: '/instances/vm/settings', headers: known },
];

test('a registry answers without a socket as over one', async () => {
  await using near = await startSettingsRegistry();
  await using far = await startSettingsRegistry();
  const transport = createNodeTransport({});
  for (const { path, ...request } of requests) {
    const one = await near.send({ ...request, url: `${near.endpoint}${path}` });
    const other = await transport.send({ ...request, url: `${far.endpoint}${path}` });
    const asked = `${request.method} ${path}`;
    expect([one.status, one.body], asked).toEqual([other.status, other.body]);
    for (const name of ['etag', 'content-type', 'allow', 'www-authenticate', 'connection']) {
      if (name === 'connection' && one.headers[name] === undefined) continue;
      expect(one.headers[name], `${asked}: ${name}`).toEqual(other.headers[name]);
    }
  }
  transport.close();
  expect(near.requests).toEqual(far.requests);
  expect(await near.entries()).toEqual(await far.entries());
});

test('what is stopped before it is sent is not carried out', async () => {
  await using registry = await startSettingsRegistry();
  const url = `${registry.endpoint}/instances/vm/settings`;
  const request = { method: 'PUT', url, headers: known, body: '{"agent_id":"a"}' } as const;
  const sent = (async () => registry.send({ ...request, signal: AbortSignal.abort() }))();
  await expect(sent).rejects.toMatchObject({ failure: 'aborted', sent: 'no' });
  expect(await registry.entries()).toEqual({});
});
