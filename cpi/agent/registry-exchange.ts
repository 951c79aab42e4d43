import { basicAuthorization } from '../cloudstack/basic-authorization.js';
import { withRetry, type Retry, type Verdict } from '../cloudstack/retry.js';
import { TransportError, type HttpResponse, type Transport } from '../cloudstack/transport.js';
import type { Clock } from '../flow/clock.js';
import { Aborted } from '../flow/errors.js';
import type { RegistryAccess } from './registry-access.js';
import { judged, topic, type Question } from './registry-answer.js';
import { RegistryError } from './registry-error.js';

export interface RegistryContext {
  readonly access: RegistryAccess;
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number from 0 up to, but not, 1: spreads what is tried again. */
  readonly random: () => number;
  /** Names what is made only to see how the registry answers. */
  readonly newId: () => string;
  /** One line per request; it holds neither credentials nor settings. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** What became of the last question, for all that ask this registry in one call. */
  readonly seen: { isAway: boolean };
}

interface Patience {
  /** A registry answers in milliseconds, and in a second or two where its disk is slow. */
  readonly idleTimeoutMs: number;
  readonly retry: Retry;
}

/**
 * One that is started anew refuses connections for a moment. One that takes them and is silent is
 * asked twice.
 */
const usual: Patience = {
  idleTimeoutMs: 8_000,
  retry: { attempts: 5, firstMs: 500, factor: 2, capMs: 4_000, withinMs: 12_000 },
};

/**
 * For one that has not answered the last question of the same call, however often it was asked, or
 * as long as there was time.
 */
const little: Patience = { idleTimeoutMs: 5_000, retry: { ...usual.retry, attempts: 1 } };

/**
 * Asks until there is an answer: one that is good, or that there is nothing, or something else than
 * was expected.
 *
 * @throws RegistryError, Aborted.
 */
export async function exchange(
  context: RegistryContext,
  question: Question,
): Promise<HttpResponse> {
  const { seen } = context;
  const patience = seen.isAway ? little : usual;
  const failures: RegistryError[] = [];
  const tryOnce = async (): Promise<HttpResponse> => {
    try {
      return await observed(context, question.method, () => sendOnce(context, question, patience));
    } catch (failure) {
      if (failure instanceof RegistryError) failures.push(failure);
      throw failure;
    }
  };
  try {
    const response = await withRetry(patience.retry, context, tryOnce, judge);
    seen.isAway = false;
    return response;
  } catch (failure) {
    seen.isAway = !(failure instanceof RegistryError) || failure.failure === 'away';
    if (!(failure instanceof RegistryError)) throw failure;
    const effect = failures.some((earlier) => earlier.effect === 'unknown') ? 'unknown' : 'none';
    throw new RegistryError(failure.failure, effect, failure.message, failure.cause);
  }
}

async function sendOnce(
  { access, transport, signal }: RegistryContext,
  question: Question,
  { idleTimeoutMs }: Patience,
): Promise<HttpResponse> {
  const { method, name, body, ifMatch } = question;
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

/** Bad certificates do not become good; everything else that is away may come back soon. */
function judge(failure: unknown): Verdict {
  if (!(failure instanceof RegistryError) || failure.failure !== 'away') return { again: false };
  const { cause } = failure;
  return { again: !(cause instanceof TransportError && cause.failure === 'tls') };
}

async function observed<T>(
  { clock, log }: RegistryContext,
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
