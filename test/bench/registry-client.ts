// Asks a registry for settings, one request after the other over one kept connection, as the
// benchmark's clients do.
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';

export interface RegistryConnection {
  /** The status of the answer, once all of it has come. */
  readonly send: (method: 'GET' | 'PUT', instanceId: string, body?: string) => Promise<number>;
  readonly close: () => void;
}

export function connectTo(
  origin: string,
  { username, password }: { readonly username: string; readonly password: string },
): RegistryConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return {
    send: async (method, instanceId, body = '') => {
      const outgoing = request(`${origin}/instances/${instanceId}/settings`, {
        method,
        agent,
        headers: { authorization, 'content-length': Buffer.byteLength(body) },
      });
      outgoing.end(body);
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      return response.statusCode ?? 0;
    },
    close: () => {
      agent.destroy();
    },
  };
}
