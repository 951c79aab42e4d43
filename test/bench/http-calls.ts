// Sends signed requests one after the other over one kept connection, as a client that waits for
// each answer does.
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { signedQuery, type Keys, type Values } from '../support/signed-client.js';

export interface SignedCall {
  readonly origin: string;
  /** The form that a client sends. */
  readonly form: string;
}

export interface Reply {
  /** Those of the answer, without those of the connection. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function signedCall(
  origin: string,
  keys: Keys,
  command: string,
  values: Values,
): SignedCall {
  return { origin, form: signedQuery(keys, command, values) };
}

/** The last of `count` answers to a call. */
export async function sendAgainAndAgain(call: SignedCall, count: number): Promise<Reply> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let sent = 1; sent < count; sent += 1) await send(agent, call);
    return await send(agent, call);
  } finally {
    agent.destroy();
  }
}

const connectionHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding']);

async function send(agent: Agent, { origin, form }: SignedCall): Promise<Reply> {
  const outgoing = request(`${origin}/client/api`, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(form),
    },
  });
  outgoing.end(form);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${origin} answered ${body}`);
  const own = Object.entries(response.headers).filter(([name]) => !connectionHeaders.has(name));
  const headers = Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
  return { headers, body };
}
