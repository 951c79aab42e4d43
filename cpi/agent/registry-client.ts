// The CPI's side of the BOSH registry's HTTP API (bosh-registry, api_controller.rb).
import { basicAuthorization } from '../cloudstack/basic-authorization.js';
import { withRetry, type Retry, type Verdict } from '../cloudstack/retry.js';
import { TransportError, type HttpResponse, type Transport } from '../cloudstack/transport.js';
import type { Clock } from '../flow/clock.js';
import { Aborted } from '../flow/errors.js';
import { isJsonObject, type JsonObject } from '../protocol/json-value.js';
import type { RegistryAccess } from './registry-access.js';
import { RegistryError } from './registry-error.js';

export interface RegistryClientOptions {
  readonly access: RegistryAccess;
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number from 0 up to, but not, 1: spreads what is tried again. */
  readonly random: () => number;
  /** One line per request; it holds neither credentials nor settings. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Settings of agents in the registry, by the name of the entry. Every method throws RegistryError,
 * or Aborted when the signal interrupts it. All of them can be repeated, and are.
 */
export interface RegistryClient {
  readonly access: RegistryAccess;
  /** Undefined where there are none. */
  read(name: string): Promise<JsonObject | undefined>;
  write(name: string, settings: JsonObject): Promise<void>;
  /** Does nothing where there are none. */
  remove(name: string): Promise<void>;
  /** The same client under another signal; for undoing after an interruption. */
  withSignal(signal: AbortSignal): RegistryClient;
}

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  return {
    access: options.access,
    read: async (name) => {
      const response = await exchange(options, 'GET', name);
      return response.status === notFound ? undefined : settingsIn(options, name, response);
    },
    write: async (name, settings) => {
      await exchange(options, 'PUT', name, JSON.stringify(settings));
    },
    remove: async (name) => {
      await exchange(options, 'DELETE', name);
    },
    withSignal: (signal) => createRegistryClient({ ...options, signal }),
  };
}

type Method = 'GET' | 'PUT' | 'DELETE';

const notFound = 404;
const idleTimeoutMs = 20_000;
const retry: Retry = { attempts: 5, firstMs: 500, factor: 2, capMs: 4_000 };

/** An answer that is good, or 404. */
async function exchange(
  options: RegistryClientOptions,
  method: Method,
  name: string,
  body?: string,
): Promise<HttpResponse> {
  const failures: RegistryError[] = [];
  const tryOnce = async (): Promise<HttpResponse> => {
    try {
      return await observed(options, method, () => sendOnce(options, method, name, body));
    } catch (failure) {
      if (failure instanceof RegistryError) failures.push(failure);
      throw failure;
    }
  };
  try {
    return await withRetry(retry, options, tryOnce, judge);
  } catch (failure) {
    if (!(failure instanceof RegistryError)) throw failure;
    const effect = failures.some((earlier) => earlier.effect === 'unknown') ? 'unknown' : 'none';
    throw new RegistryError(failure.failure, effect, failure.message, failure.cause);
  }
}

async function sendOnce(
  options: RegistryClientOptions,
  method: Method,
  name: string,
  body: string | undefined,
): Promise<HttpResponse> {
  const { access, transport, signal } = options;
  const url = `${access.url}/instances/${encodeURIComponent(name)}/settings`;
  const headers = {
    accept: 'application/json',
    authorization: basicAuthorization(access.username, access.password),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const content = body === undefined ? {} : { body };
  try {
    const sent = { method, url, headers, ...content, idleTimeoutMs, signal };
    return judged(access, method, name, await transport.send(sent));
  } catch (failure) {
    if (!(failure instanceof TransportError)) throw failure;
    if (failure.failure === 'aborted') throw new Aborted(failure);
    const effect = failure.sent === 'no' ? 'none' : 'unknown';
    const text = `The registry cannot be reached for the settings of VM ${name}: ${failure.message}`;
    throw new RegistryError('away', effect, text, failure);
  }
}

function judged(
  { url, username }: RegistryAccess,
  method: Method,
  name: string,
  response: HttpResponse,
): HttpResponse {
  const { status } = response;
  if ((status >= 200 && status < 300) || (status === notFound && method !== 'PUT')) return response;
  if (status === 401 || status === 403) {
    const text = `The registry at ${url} does not let the user ${username} in (HTTP ${status})`;
    throw new RegistryError('denied', 'none', text);
  }
  if (status >= 500 || status === 429) {
    const text = `The registry at ${url} cannot do it now: HTTP ${status} to ${method} of the settings of VM ${name}`;
    throw new RegistryError('away', 'unknown', text);
  }
  throw wrongAnswer(url, method, name, status);
}

/** Bad certificates do not become good; everything else that is away may come back soon. */
function judge(failure: unknown): Verdict {
  if (!(failure instanceof RegistryError) || failure.failure !== 'away') return { again: false };
  const { cause } = failure;
  return { again: !(cause instanceof TransportError && cause.failure === 'tls') };
}

/** The registry gives settings as a text that holds JSON. */
function settingsIn(
  { access }: RegistryClientOptions,
  name: string,
  response: HttpResponse,
): JsonObject {
  const answer = parsed(response.body);
  const text = isJsonObject(answer) ? answer.settings : undefined;
  const settings = typeof text === 'string' ? parsed(text) : undefined;
  if (isJsonObject(settings)) return settings;
  throw wrongAnswer(access.url, 'GET', name, response.status);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongAnswer(url: string, method: Method, name: string, status: number): RegistryError {
  const reason =
    status === 413
      ? 'they are longer than it takes (registry.settings_max_kib of registry.json)'
      : 'no registry does that to a good request';
  const text = `${url} answered ${method} of the settings of VM ${name} with HTTP ${status}: ${reason}`;
  return new RegistryError('wrong', 'none', text);
}

async function observed<T>(
  { clock, log }: RegistryClientOptions,
  method: Method,
  work: () => Promise<T>,
): Promise<T> {
  const startedAtMs = clock.nowMs();
  const tell = (outcome: string): void => {
    log(`registry ${method} ${outcome} ${clock.nowMs() - startedAtMs} ms`);
  };
  try {
    const result = await work();
    tell('ok');
    return result;
  } catch (failure) {
    if (failure instanceof RegistryError) tell(failure.failure);
    else if (failure instanceof Aborted) tell('aborted');
    throw failure;
  }
}
