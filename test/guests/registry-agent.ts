// How an agent of the time of registries finds its settings: in its user data if it knows of that and
// they have an agent id, otherwise with the registry that they name (bosh-agent before 2.478:
// infrastructure/complex_settings_source.go, http_metadata_service.go, http_registry.go; written
// from its rules, not from the CPI's).
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Guest } from '../../simulator/guest/guest.js';
import type { Settings } from './agent.js';

export interface UserData extends Partial<Settings> {
  readonly registry?: { readonly endpoint?: string };
  readonly server?: { readonly name?: string };
  readonly dns?: { readonly nameserver?: readonly string[] | null };
}

/** What an agent is like. */
export interface AgentOf {
  /** Whether it takes user data for settings: since 2018. */
  readonly knowsUserData: boolean;
  /** `UseServerName` of its agent.json; otherwise it asks under the id of the instance. */
  readonly usesServerName: boolean;
  /** The address that it comes from, where that matters. */
  readonly address?: string;
}

export function userDataOf(guest: Guest): UserData {
  return JSON.parse(metadata(guest, 'user-data')) as UserData;
}

/** @throws Error with the agent's reason. */
export async function settingsOfOldAgent(guest: Guest, agent: AgentOf): Promise<Settings> {
  const userData = userDataOf(guest);
  if (agent.knowsUserData && (userData.agent_id ?? '') !== '') return userData as Settings;
  const name = agent.usesServerName
    ? (userData.server?.name ?? '')
    : metadata(guest, 'meta-data/instance-id');
  if (name === '') throw new Error('Empty server name');
  const { endpoint = '' } = userData.registry ?? {};
  if (!endpoint.startsWith('http')) throw new Error('the endpoint would be the path of a file');
  assertResolvable(endpoint, userData.dns?.nameserver ?? []);
  const { status, body } = await get(`${endpoint}/instances/${name}/settings`, agent.address);
  if (status < 200 || status > 299) throw new Error(`invalid status: ${status}`);
  const { settings = '' } = JSON.parse(body) as { settings?: string };
  return JSON.parse(settings) as Settings;
}

/** With name servers it asks them (`dig`) for whatever stands before the first colon of the host. */
function assertResolvable(endpoint: string, nameServers: readonly string[]): void {
  if (nameServers.length === 0) return;
  const [host = ''] = new URL(endpoint).host.split(':');
  if (isIP(host) === 0) throw new Error(`it would ask ${nameServers.join(', ')} for ${host}`);
}

function metadata(guest: Guest, path: string): string {
  const served = guest.get(`http://data-server/latest/${path}`);
  if (served?.status !== 200) throw new Error(`the agent finds no ${path}`);
  return Buffer.from(served.body).toString();
}

/** Go's client takes user and password from the URL. */
async function get(url: string, from?: string): Promise<{ status: number; body: string }> {
  const { username, password } = new URL(url);
  const outgoing = request(url, {
    ...(from !== undefined && { localAddress: from }),
    ...(username !== '' && {
      auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
    }),
    agent: false,
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}
