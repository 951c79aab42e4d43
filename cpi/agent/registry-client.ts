// The CPI's side of the BOSH registry's HTTP API (bosh-registry, api_controller.rb).
import type { HttpResponse } from '../cloudstack/transport.js';
import type { JsonObject } from '../protocol/json-value.js';
import type { RegistryAccess } from './registry-access.js';
import {
  cannotNow,
  entryOfProbe,
  namesIn,
  nobodysEntry,
  notFound,
  preconditionFailed,
  serverFailed,
  settingsIn,
} from './registry-answer.js';
import { RegistryError } from './registry-error.js';
import { exchange, type RegistryContext } from './registry-exchange.js';

export type RegistryClientOptions = Omit<RegistryContext, 'seen'>;

/**
 * Settings of agents in the registry, by the name of the entry. Every method throws RegistryError,
 * or Aborted when the signal interrupts it. All of them can be repeated, and are.
 */
export interface RegistryClient {
  readonly access: RegistryAccess;
  /** Undefined where there are none. */
  read(name: string): Promise<JsonObject | undefined>;
  /** Fails where no registry answers. */
  assertThere(): Promise<void>;
  /**
   * Puts what `change` makes of the settings in their place; it answers undefined where they are as
   * they should be. It is asked again when others have changed them meanwhile, so that no change is
   * lost: registries that are told what was read (`If-Match`) refuse to overwrite anything else. Of
   * one that cannot be told it is read again what is there; what somebody puts there afterwards
   * without having read it is beyond that.
   */
  update(name: string, change: Change): Promise<'absent' | 'there'>;
  /** The names of all entries; undefined where the registry tells nobody. */
  names(): Promise<string[] | undefined>;
  write(name: string, settings: JsonObject): Promise<void>;
  /** Does nothing where there are none. */
  remove(name: string): Promise<void>;
  /** The same client under another signal; for undoing after an interruption. */
  withSignal(signal: AbortSignal): RegistryClient;
}

export type Change = (settings: JsonObject) => JsonObject | undefined;

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  return clientOf({ ...options, seen: { isAway: false } });
}

function clientOf(context: RegistryContext): RegistryClient {
  return {
    access: context.access,
    read: async (name) => {
      const response = await find(context, name);
      return response && settingsIn(context.access, name, response);
    },
    assertThere: async () => {
      await exchange(context, { method: 'GET', name: nobodysEntry });
    },
    update: (name, change) => update(context, name, change),
    names: async () => {
      const response = await exchange(context, { method: 'GET' });
      return response.status === notFound ? undefined : namesIn(context.access, response);
    },
    write: (name, settings) => write(context, name, settings),
    remove: (name) => remove(context, name),
    withSignal: (signal) => clientOf({ ...context, signal }),
  };
}

/** As often as there may be calls at once that work on one VM, and more. */
const updatesMax = 20;

async function update(
  context: RegistryContext,
  name: string,
  change: Change,
): Promise<'absent' | 'there'> {
  for (let round = 1; round <= updatesMax; round += 1) {
    const found = await find(context, name);
    if (found === undefined) return 'absent';
    const settings = change(settingsIn(context.access, name, found));
    if (settings === undefined) return 'there';
    const { etag } = found.headers;
    // A weak one comes from a proxy, and matches nothing.
    const ifMatch = etag?.startsWith('"') === true ? etag : undefined;
    const body = JSON.stringify(settings);
    const put = await exchange(context, { method: 'PUT', name, body, ifMatch });
    // Only who looks at If-Match tells the new one: of others it is to be seen what is there now.
    const isSure = ifMatch !== undefined && put.headers.etag !== undefined;
    if (isSure && put.status !== preconditionFailed) return 'there';
  }
  const text = `The settings of VM ${name} in the registry are changed again and again by others`;
  throw new RegistryError('away', 'unknown', text);
}

async function write(context: RegistryContext, name: string, settings: JsonObject): Promise<void> {
  await exchange(context, { method: 'PUT', name, body: JSON.stringify(settings) });
}

async function remove(context: RegistryContext, name: string): Promise<void> {
  await exchange(context, { method: 'DELETE', name });
}

/**
 * The answer that has the settings; undefined where there are none. The last BOSH registry says of
 * settings that it does not have what it says when it is broken (api_controller.rb, error: Sinatra
 * 2 does not look at the code 404 of InstanceNotFound). What it says of an entry that it has just
 * made and removed again tells what it means.
 */
async function find(context: RegistryContext, name: string): Promise<HttpResponse | undefined> {
  const found = await exchange(context, { method: 'GET', name });
  if (found.status === notFound) return undefined;
  if (found.status !== serverFailed) return found;
  const probe = entryOfProbe(context.newId());
  await write(context, probe, {});
  await remove(context, probe);
  const ofNobody = await exchange(context, { method: 'GET', name: probe });
  const again = await exchange(context, { method: 'GET', name });
  if (again.status === notFound) return undefined;
  if (again.status !== serverFailed) return again;
  if (ofNobody.status === serverFailed) return undefined;
  throw cannotNow(context.access, { method: 'GET', name }, serverFailed);
}
