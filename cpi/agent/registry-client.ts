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
  /** Does nothing where there are none. With little patience it is tried once, for 5 s. */
  remove(name: string, patience?: Patience): Promise<void>;
  /** The same client under another signal; for undoing after an interruption. */
  withSignal(signal: AbortSignal): RegistryClient;
}

/** No VM has an entry of this name: to ask for it or to remove it changes nothing. */
export const nobodysEntry = 'cloudstack-cpi-check';

/** How long to wait for a registry that may be away: little for one that has just not answered. */
export type Patience = 'usual' | 'little';

export type Change = (settings: JsonObject) => JsonObject | undefined;

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  return {
    access: options.access,
    read: async (name) => {
      const response = await exchange(options, { method: 'GET', name });
      return response.status === notFound ? undefined : settingsIn(options, name, response);
    },
    assertThere: async () => {
      await exchange(options, { method: 'GET', name: nobodysEntry });
    },
    update: (name, change) => update(options, name, change),
    names: async () => {
      const response = await exchange(options, { method: 'GET' });
      return response.status === notFound ? undefined : namesIn(options, response);
    },
    write: async (name, settings) => {
      await exchange(options, { method: 'PUT', name, body: JSON.stringify(settings) });
    },
    remove: async (name, patience = 'usual') => {
      await exchange(options, { method: 'DELETE', name, patience });
    },
    withSignal: (signal) => createRegistryClient({ ...options, signal }),
  };
}

interface Question {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Without one it is about all of them. */
  readonly name?: string;
  readonly body?: string;
  /** The settings that are to be there: else it is answered with 412. */
  readonly ifMatch?: string | undefined;
  readonly patience?: Patience;
}

const notFound = 404;
const preconditionFailed = 412;
const retry: Retry = { attempts: 5, firstMs: 500, factor: 2, capMs: 4_000 };
const patiences = {
  usual: { idleTimeoutMs: 20_000, retry },
  little: { idleTimeoutMs: 5_000, retry: { ...retry, attempts: 1 } },
} as const satisfies Readonly<Record<Patience, unknown>>;

/** As often as there may be calls at once that work on one VM, and more. */
const updatesMax = 20;

async function update(
  options: RegistryClientOptions,
  name: string,
  change: Change,
): Promise<'absent' | 'there'> {
  for (let round = 1; round <= updatesMax; round += 1) {
    const found = await exchange(options, { method: 'GET', name });
    if (found.status === notFound) return 'absent';
    const settings = change(settingsIn(options, name, found));
    if (settings === undefined) return 'there';
    const { etag } = found.headers;
    // A weak one comes from a proxy, and matches nothing.
    const ifMatch = etag?.startsWith('"') === true ? etag : undefined;
    const body = JSON.stringify(settings);
    const put = await exchange(options, { method: 'PUT', name, body, ifMatch });
    // Only who looks at If-Match tells the new one: of others it is to be seen what is there now.
    const isSure = ifMatch !== undefined && put.headers.etag !== undefined;
    if (isSure && put.status !== preconditionFailed) return 'there';
  }
  const text = `The settings of VM ${name} in the registry are changed again and again by others`;
  throw new RegistryError('away', 'unknown', text);
}

/** An answer that is good, or 404, or that it is not what was expected that is there. */
async function exchange(options: RegistryClientOptions, question: Question): Promise<HttpResponse> {
  const failures: RegistryError[] = [];
  const tryOnce = async (): Promise<HttpResponse> => {
    try {
      return await observed(options, question.method, () => sendOnce(options, question));
    } catch (failure) {
      if (failure instanceof RegistryError) failures.push(failure);
      throw failure;
    }
  };
  try {
    const { retry } = patiences[question.patience ?? 'usual'];
    return await withRetry(retry, options, tryOnce, judge);
  } catch (failure) {
    if (!(failure instanceof RegistryError)) throw failure;
    const effect = failures.some((earlier) => earlier.effect === 'unknown') ? 'unknown' : 'none';
    throw new RegistryError(failure.failure, effect, failure.message, failure.cause);
  }
}

async function sendOnce(options: RegistryClientOptions, question: Question): Promise<HttpResponse> {
  const { access, transport, signal } = options;
  const { method, name, body, ifMatch, patience = 'usual' } = question;
  const { idleTimeoutMs } = patiences[patience];
  const path = name === undefined ? '' : `/${encodeURIComponent(name)}/settings`;
  const headers = {
    accept: 'application/json',
    authorization: basicAuthorization(access.username, access.password),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  };
  const content = body === undefined ? {} : { body };
  try {
    const url = `${access.url}/instances${path}`;
    const sent = { method, url, headers, ...content, idleTimeoutMs, signal };
    return judged(access, question, await transport.send(sent));
  } catch (failure) {
    if (!(failure instanceof TransportError)) throw failure;
    if (failure.failure === 'aborted') throw new Aborted(failure);
    const effect = failure.sent === 'no' ? 'none' : 'unknown';
    const text = `The registry cannot be reached for ${topic(question)}: ${failure.message}`;
    throw new RegistryError('away', effect, text, failure);
  }
}

function topic({ name }: Question): string {
  if (name === nobodysEntry) return 'settings that nobody has, to see whether it is one';
  return name === undefined ? 'the names of its entries' : `the settings of VM ${name}`;
}

function judged(
  { url, username }: RegistryAccess,
  question: Question,
  response: HttpResponse,
): HttpResponse {
  const { method, ifMatch } = question;
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  if (status === notFound && method !== 'PUT' && isOfRegistry(question, response)) return response;
  if (status === 500 && saysNoneAsError(question, response)) return response;
  if (status === preconditionFailed && ifMatch !== undefined) return response;
  if (status === 401 || status === 403) {
    const text = `The registry at ${url} does not let the user ${username} in (HTTP ${status})`;
    throw new RegistryError('denied', 'none', text);
  }
  if (status >= 500 || status === 429) {
    const text =
      `The registry at ${url} cannot do it now: HTTP ${status} to ${method} of ` + topic(question);
    throw new RegistryError('away', 'unknown', text);
  }
  throw wrongAnswer(url, question, status);
}

/**
 * Whatever serves HTTP answers 404; every registry adds this status (api_controller.rb, not_found).
 * What becomes of the names of all entries is beyond what the BOSH registry promises.
 */
function isOfRegistry({ name }: Question, { body }: HttpResponse): boolean {
  const answer = parsed(body);
  return name === undefined || (isJsonObject(answer) && answer['status'] === 'not_found');
}

/**
 * The last BOSH registry answers so where it has no settings: Sinatra 2 does not look at the code
 * 404 of InstanceNotFound (api_controller.rb, error). The same words tell of a broken database, so
 * they count only about settings that nobody has.
 */
function saysNoneAsError({ method, name }: Question, { body }: HttpResponse): boolean {
  const answer = parsed(body);
  const isError = isJsonObject(answer) && answer['status'] === 'error';
  return isError && method === 'GET' && name === nobodysEntry;
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
  throw wrongAnswer(access.url, { method: 'GET', name }, response.status);
}

function namesIn({ access }: RegistryClientOptions, response: HttpResponse): string[] {
  const answer = parsed(response.body);
  const names = isJsonObject(answer) ? answer.instances : undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw wrongAnswer(access.url, { method: 'GET' }, response.status);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongAnswer(url: string, question: Question, status: number): RegistryError {
  const reason =
    status === 413
      ? 'they are longer than it takes (registry.settings_max_kib of registry.json)'
      : status === notFound
        ? 'the answer is not that of a registry that has none'
        : 'no registry does that to a good request';
  const text = `${url} answered ${question.method} of ${topic(question)} with HTTP ${status}: ${reason}`;
  return new RegistryError('wrong', 'none', text);
}

async function observed<T>(
  { clock, log }: RegistryClientOptions,
  method: Question['method'],
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
