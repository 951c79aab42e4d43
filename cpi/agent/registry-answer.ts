// What the answers of a registry mean: that of BOSH (bosh-registry, api_controller.rb), or another.
import type { HttpResponse } from '../cloudstack/transport.js';
import { isJsonObject, type JsonObject } from '../protocol/json-value.js';
import type { RegistryAccess } from './registry-access.js';
import { RegistryError } from './registry-error.js';

export interface Question {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Without one it is about all of them. */
  readonly name?: string;
  readonly body?: string;
  /** The settings that are to be there: else it is answered with 412. */
  readonly ifMatch?: string | undefined;
}

/** No VM has an entry of this name: to ask for it or to remove it changes nothing. */
export const nobodysEntry = 'cloudstack-cpi-check';

/** Nor of such a name; a new id keeps what one call makes of it from all others. */
export function entryOfProbe(id: string): string {
  return `${nobodysEntry}-${id}`;
}

export const notFound = 404;
export const preconditionFailed = 412;
export const serverFailed = 500;

/**
 * An answer that is good, or that there is nothing, or something else than was expected.
 *
 * @throws RegistryError
 */
export function judged(
  access: RegistryAccess,
  question: Question,
  response: HttpResponse,
): HttpResponse {
  const { url, username } = access;
  const { method, ifMatch } = question;
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  if (status === notFound && method !== 'PUT' && isOfRegistry(question, response)) return response;
  if (status === serverFailed && maySayNone(question, response)) return response;
  if (status === preconditionFailed && ifMatch !== undefined) return response;
  if (status === 401 || status === 403) {
    const text = `The registry at ${url} does not let the user ${username} in (HTTP ${status})`;
    throw new RegistryError('denied', 'none', text);
  }
  if (status >= 500 || status === 429) throw cannotNow(access, question, status);
  throw wrongAnswer(url, question, status);
}

/** It is there, and fails. */
export function cannotNow(
  { url }: RegistryAccess,
  question: Question,
  status: number,
): RegistryError {
  const what = `HTTP ${status} to ${question.method} of ${topic(question)}`;
  const text = `The registry at ${url} cannot do it now: ${what}`;
  return new RegistryError('away', 'unknown', text);
}

/** What a question is about, in words that follow a preposition. */
export function topic({ name }: Question): string {
  if (name?.startsWith(nobodysEntry) === true)
    return 'settings that nobody has, to see whether it is one';
  return name === undefined ? 'the names of its entries' : `the settings of VM ${name}`;
}

/**
 * Whatever serves HTTP answers 404; every registry adds this status (api_controller.rb, not_found).
 * What becomes of the names of all entries is beyond what the BOSH registry promises.
 */
function isOfRegistry({ name }: Question, { body }: HttpResponse): boolean {
  const answer = parsed(body);
  return name === undefined || (isJsonObject(answer) && answer['status'] === 'not_found');
}

/** How the last BOSH registry says so, and that it is broken. */
function maySayNone({ method, name }: Question, { body }: HttpResponse): boolean {
  const answer = parsed(body);
  const isError = isJsonObject(answer) && answer['status'] === 'error';
  return isError && method === 'GET' && name !== undefined;
}

/** The registry gives settings as a text that holds JSON. */
export function settingsIn(
  { url }: RegistryAccess,
  name: string,
  response: HttpResponse,
): JsonObject {
  const answer = parsed(response.body);
  const text = isJsonObject(answer) ? answer.settings : undefined;
  const settings = typeof text === 'string' ? parsed(text) : undefined;
  if (isJsonObject(settings)) return settings;
  throw wrongAnswer(url, { method: 'GET', name }, response.status);
}

export function namesIn({ url }: RegistryAccess, response: HttpResponse): string[] {
  const answer = parsed(response.body);
  const names = isJsonObject(answer) ? answer.instances : undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw wrongAnswer(url, { method: 'GET' }, response.status);
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
