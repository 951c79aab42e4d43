import { createCloudStackClient, type ClientOptions } from '../../../cpi/cloudstack/client.js';
import type { CloudStackClient } from '../../../cpi/cloudstack/client.js';
import type { RequestRecord } from '../../../cpi/cloudstack/exchange.js';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import type { ServerResponse } from 'node:http';
import { bodyOf, startServer } from './loopback-server.js';
import { virtualClock, type VirtualClock } from './virtual-clock.js';

/** What the cloud answers: JSON with status 200, or whatever the function writes. */
export type Answer = object | ((response: ServerResponse) => void);

/** Decides the answer to a request by its parameters and how many came before it. */
export type Script = (parameters: Readonly<Record<string, string>>, nth: number) => Answer;

export interface ScriptedCloud {
  readonly client: CloudStackClient;
  readonly clock: VirtualClock;
  /** Every request's parameters, without those of signing. */
  readonly requests: Record<string, string>[];
  /** Requests by command, as the observer saw them. */
  readonly observed: RequestRecord[];
  readonly logged: string[];
  readonly endpoint: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const signing = new Set(['apiKey', 'signature', 'signatureVersion', 'expires', 'response']);

export const testKeys = { apiKey: 'the-api-key', secretKey: 'the-very-secret-key' };

/** An HTTP server on loopback that answers as `script` says, and a client of it. */
export async function scriptedCloud(
  script: Script,
  options: Partial<ClientOptions> = {},
): Promise<ScriptedCloud> {
  const requests: Record<string, string>[] = [];
  const observed: RequestRecord[] = [];
  const logged: string[] = [];
  const server = await startServer((request, response) => {
    void bodyOf(request).then((body) => {
      const all = new URLSearchParams(body.toString());
      const parameters = Object.fromEntries([...all].filter(([name]) => !signing.has(name)));
      requests.push(parameters);
      const answer = script(parameters, requests.length);
      if (typeof answer === 'function') answer(response);
      else sendJson(response, 200, answer);
    });
  });
  const clock = virtualClock();
  const transport = createNodeTransport();
  const endpoint = `${server.url}/client/api`;
  const client = createCloudStackClient({
    endpoint,
    keys: testKeys,
    transport,
    clock,
    random: () => 0,
    log: (line) => logged.push(line),
    onRequest: (record) => observed.push(record),
    jobDeadlineMs: 60_000,
    ...options,
  });
  return {
    client,
    clock,
    requests,
    observed,
    logged,
    endpoint,
    [Symbol.asyncDispose]: async () => {
      transport.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}

/** CloudStack's form of an error. */
export function cloudError(status: number, errortext: string): Answer {
  return (response) =>
    sendJson(response, status, {
      errorresponse: { uuidList: [], errorcode: status, cserrorcode: 9999, errortext },
    });
}

/** Anything that is no CloudStack JSON. */
export function raw(status: number, contentType: string, body: string): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  };
}
