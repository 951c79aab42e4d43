import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import { simulatorControl } from '../target/simulator-control.js';

/** What an agent that knows no settings in user data has found. */
export interface FoundByAgent {
  /** The registry that its user data name, without credentials. */
  readonly registry: string;
  /** The CIDs of the persistent disks that it knows of. */
  readonly disks: readonly string[];
}

/**
 * Looks for the settings of a VM as such an agent does: in the user data it finds where to ask, and
 * under which name. Throws if there are none.
 *
 * @param control the address of the simulator's control
 */
export async function askAsAgent(control: string, vmId: string): Promise<FoundByAgent> {
  const url = 'http://data-server/latest/user-data';
  const userData = parsed(await simulatorControl(control).guestHttp(vmId, url));
  const { username, password, origin } = new URL(textOf(inner(userData, 'registry')['endpoint']));
  const name = textOf(inner(userData, 'server')['name']);
  const credentials = [username, password].map(decodeURIComponent).join(':');
  const response = await fetch(`${origin}/instances/${name}/settings`, {
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  });
  if (!response.ok) throw new Error(`the registry answers the agent with ${response.status}`);
  const settings = parsed(textOf(parsed(await response.text())['settings']));
  const disks = Object.keys(inner(inner(settings, 'disks'), 'persistent'));
  return { registry: origin, disks };
}

function parsed(text = ''): JsonObject {
  const value = JSON.parse(text) as JsonValue;
  return isObject(value) ? value : {};
}

function inner(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}
