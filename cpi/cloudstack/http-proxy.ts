import type { RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { basicAuthorization } from './basic-authorization.js';
import { TransportError } from './transport.js';
import { connectionFailure } from './transport-failures.js';

/** A proxy for HTTP, by which other machines are reached. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** What makes a request for an http:// address one to the proxy, which fetches it. */
export function viaProxy(proxy: HttpProxy, url: URL): RequestOptions {
  return { host: proxy.host, hostname: proxy.host, port: proxy.port, path: url.href };
}

/** Headers by which a proxy knows who asks; none where nobody is named. */
export function proxyHeaders({ user, password = '' }: HttpProxy): Record<string, string> {
  if (user === undefined) return {};
  return { 'proxy-authorization': basicAuthorization(user, password) };
}

/**
 * A connection to another machine through the proxy (CONNECT), on which TLS can begin.
 *
 * @throws TransportError that names the proxy; nothing can have reached the other machine.
 */
export async function tunnelThrough(
  proxy: HttpProxy,
  target: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<Socket> {
  const http = await import('node:http');
  const name = `proxy ${proxy.host}:${proxy.port}`;
  const path = `${inAddress(target.host)}:${target.port}`;
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: proxy.host,
      port: proxy.port,
      method: 'CONNECT',
      path,
      headers: { host: path, ...proxyHeaders(proxy) },
      agent: false,
      timeout: timeoutMs,
    });
    request.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new TransportError('unreachable', 'no', refusal(name, path, statusCode)));
    });
    request.on('response', ({ statusCode }) => {
      request.destroy();
      reject(new TransportError('unreachable', 'no', refusal(name, path, statusCode)));
    });
    request.on('timeout', () => {
      const code = { code: 'ETIMEDOUT' };
      request.destroy(Object.assign(new Error(`no answer for ${timeoutMs} ms`), code));
    });
    request.on('error', (error) => {
      reject(connectionFailure(name, 'connecting', error));
    });
    request.end();
  });
}

/** An IPv6 address stands in brackets where a port follows. */
function inAddress(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function refusal(name: string, target: string, status = 0): string {
  const hint = status === 407 ? '; check cloudstack.proxy_user and cloudstack.proxy_password' : '';
  return `${name} does not connect to ${target}: HTTP status ${status}${hint}`;
}
