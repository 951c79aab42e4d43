import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isObject, type JsonObject, type JsonValue } from '../json.js';

/** A registry of agents' settings that a CPI is told of, and a look at what it holds. */
export interface OpenRegistry {
  /** The section `registry` of cpi.json. */
  readonly section: JsonObject;
  /** Where agents find it, credentials included. */
  readonly agentEndpoint: string;
  /** What an agent gets that asks under this name; undefined if there is nothing. */
  readonly settings: (name: string) => JsonObject | undefined;
  readonly close: () => Promise<void>;
}

const username = 'registry';
const password = 'registry-password';
const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * Opens a registry on a free port of the loopback address. It answers as the BOSH registry does
 * (api_controller.rb), of which a CPI may expect no more.
 */
export async function openRegistry(): Promise<OpenRegistry> {
  const held = new Map<string, string>();
  const server = createServer((request, response) => void serve(held, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    section: { host: '127.0.0.1', port, username, password },
    agentEndpoint: `http://${username}:${password}@127.0.0.1:${port}`,
    settings: (name) => {
      const settings = held.get(name);
      const value = settings === undefined ? undefined : (JSON.parse(settings) as JsonValue);
      return isObject(value) ? value : undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function serve(
  held: Map<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request);
  const answer = (status: number, content: object): void => {
    response.writeHead(status).end(JSON.stringify(content));
  };
  const name = /^\/instances\/([^/]+)\/settings$/.exec(request.url ?? '')?.[1];
  if (name === undefined) {
    answer(404, { status: 'not_found' });
    return;
  }
  if (request.headers.authorization !== authorization) {
    answer(401, { status: 'access_denied' });
    return;
  }
  const settings = held.get(name);
  if (request.method === 'GET' && settings === undefined) {
    answer(500, { status: 'error' });
    return;
  }
  if (request.method === 'GET') {
    answer(200, { status: 'ok', settings });
    return;
  }
  if (request.method === 'PUT') held.set(name, body);
  else held.delete(name);
  answer(200, { status: 'ok' });
}
