// How CloudStack is reached, and with which keys.
import { expect } from '@playwright/test';
import { openApiDoor } from '../../../../bats-runner/contract/api-door.js';
import { loopbackTls } from '../../../../bats-runner/contract/loopback-tls.js';
import type { NodeTransportOptions } from '../../../../cpi/cloudstack/transport-node.js';
import type { Transport } from '../../../../cpi/cloudstack/transport.js';
import { realClock } from '../../../../cpi/flow/clock.js';
import { openCall } from '../../../../cpi/methods/call/open-call.js';
import { Redactor } from '../../../../cpi/protocol/redactor.js';
import { startZone } from '../../../support/cpi-zone.js';
import { bodyOf, startServer } from '../../support/loopback-server.js';
import { diskWith, type Effects } from './effect.js';

/** What a call with these properties makes of them, where it can be seen at no cloud. */
function opened(cloudstack: object): { transports: NodeTransportOptions[]; poll: unknown } {
  const transports: NodeTransportOptions[] = [];
  const file = {
    cloudstack: {
      endpoint: 'https://cloud.example.com/client/api',
      api_key: 'key',
      secret_access_key: 'secret-key',
      default_zone: 'zone1',
      ...cloudstack,
    },
    agent: { mbus: 'nats://10.0.0.6' },
  };
  const call = openCall(
    {
      readConfiguration: () => JSON.stringify(file),
      createTransport: (options) => {
        transports.push(options);
        return { send: () => Promise.reject(new Error('nobody is asked')), close: () => undefined };
      },
      openImageServer: () => Promise.reject(new Error('nothing is served')),
      clock: realClock,
      random: () => 0,
      newId: () => 'id',
      networkInterfaces: () => [],
      signal: new AbortController().signal,
    },
    { method: '', arguments: [], apiVersion: 2, context: { directorUuid: 'd', properties: {} } },
    new Redactor(),
    () => undefined,
  );
  call.uploadTransport();
  return { transports, poll: call.client.poll };
}

/** A zone behind a certificate that no authority has signed. */
async function behindTls(properties: object): Promise<string> {
  await using zone = await startZone({}, 'socket');
  const urls: string[] = [];
  await zone.result('ping', [], { through: noting(urls) });
  const door = await openApiDoor({ endpoint: urls[0]!, tls: loopbackTls });
  try {
    return await zone.call('ping', [], { properties: { endpoint: door.endpoint, ...properties } });
  } finally {
    await door.close();
  }
}

function noting(urls: string[]): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      urls.push(request.url);
      return transport.send(request);
    },
  });
}

/** Pings a zone by a proxy; answers who the proxy was asked by. */
async function pingByProxy(credentials: object): Promise<unknown[]> {
  const asked: unknown[] = [];
  await using zone = await startZone({}, 'socket');
  await using proxy = await startServer((request, response) => {
    asked.push(request.headers['proxy-authorization']);
    void bodyOf(request)
      .then((body) =>
        fetch(String(request.url), {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: body.toString(),
        }),
      )
      .then(async (answer) => response.end(await answer.text()));
  });
  const { hostname, port } = new URL(proxy.url);
  const properties = { proxy_host: hostname, proxy_port: Number(port), ...credentials };
  expect(await zone.result('ping', [], { properties })).toBe('pong');
  return asked;
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

export const connectionEffects: Effects = {
  'cloudstack.endpoint': async () => {
    await using zone = await startZone({}, 'direct');
    const urls: string[] = [];
    const endpoint = 'https://other.example.com/client/api';
    await zone.result('ping', [], { properties: { endpoint }, through: noting(urls) });
    expect(new Set(urls)).toEqual(new Set([endpoint]));
  },
  'cloudstack.api_key': async () => {
    await using zone = await startZone({}, 'direct');
    const { apiKey, secretKey } = zone.simulator.userWithRole('Admin');
    const own = await diskWith(zone, {});
    const both = { api_key: apiKey, secret_access_key: secretKey };
    const other = await diskWith(zone, { properties: both });
    expect(other).not.toMatchObject({ accountId: (own as { accountId: string }).accountId });
    const { message } = await zone.error('ping', [], { properties: { api_key: apiKey } });
    expect(message).toContain('check cloudstack.api_key');
  },
  'cloudstack.secret_access_key': async () => {
    await using zone = await startZone({}, 'direct');
    const properties = { secret_access_key: 'another' };
    expect((await zone.error('ping', [], { properties })).message).toContain('code 401');
    const { secretKey } = zone.simulator.userWithRole('User');
    const same = { properties: { secret_access_key: secretKey } };
    expect(await zone.result('ping', [], same)).toBe('pong');
  },
  'cloudstack.ca_cert': async () => {
    expect(await behindTls({ ca_cert: loopbackTls.cert })).toContain('"pong"');
    expect(await behindTls({})).toContain('no trusted TLS connection');
    const { transports } = opened({ ca_cert: loopbackTls.cert });
    expect(transports.map(({ caCert }) => caCert)).toEqual([loopbackTls.cert, loopbackTls.cert]);
  },
  'cloudstack.skip_verify_ssl': async () => {
    expect(await behindTls({ skip_verify_ssl: true })).toContain('"pong"');
    expect(await behindTls({ skip_verify_ssl: false })).toContain('no trusted TLS connection');
    const { transports } = opened({ skip_verify_ssl: true });
    expect(transports.map(({ verifyTls }) => verifyTls)).toEqual([false, true]);
  },
  'cloudstack.upload_verify_tls': () => {
    const { transports } = opened({ upload_verify_tls: false });
    expect(transports.map(({ verifyTls }) => verifyTls)).toEqual([true, false]);
  },
  'cloudstack.proxy_host': async () => {
    expect(await pingByProxy({})).toEqual([undefined]);
    const { transports } = opened({ proxy_host: 'proxy' });
    const proxy = { host: 'proxy', port: 8080, user: undefined, password: undefined };
    expect(transports.map((options) => options.proxy)).toEqual([proxy, proxy]);
    expect(opened({}).transports.map((options) => options.proxy)).toEqual([undefined, undefined]);
  },
  'cloudstack.proxy_port': async () => {
    await using zone = await startZone({}, 'socket');
    const properties = { proxy_host: '127.0.0.1', proxy_port: 1 };
    const { message } = await zone.error('ping', [], { properties });
    expect(message).toContain('proxy 127.0.0.1:1');
  },
  'cloudstack.proxy_user': async () => {
    expect(await pingByProxy({ proxy_user: 'me' })).toEqual([basic('me:')]);
  },
  'cloudstack.proxy_password': async () => {
    const credentials = { proxy_user: 'me', proxy_password: 'pass:word' };
    expect(await pingByProxy(credentials)).toEqual([basic('me:pass:word')]);
  },
  'cloudstack.poll': () => {
    const poll = { first_ms: 7, factor: 3, cap_ms: 70 };
    const expected = { firstMs: 7, factor: 3, capMs: 70 };
    expect(opened({ poll }).poll).toEqual({
      job: expected,
      late: expected,
      template: expected,
    });
  },
};
