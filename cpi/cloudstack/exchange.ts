import type { Clock } from '../flow/clock.js';
import { Aborted } from '../flow/errors.js';
import { readAnswer } from './answer.js';
import { commandsWithOwner, specOf, type CommandName } from './commands.js';
import { CloudStackError, type CloudStackErrorKind } from './errors.js';
import { flattenParameters, type Parameters } from './parameters.js';
import { withRetry, type Retry, type Verdict } from './retry.js';
import { signedBody, validForMs, type ApiKeys } from './signing.js';
import { TransportError, type HttpResponse, type Transport } from './transport.js';

export type Log = (line: string) => void;

/** One HTTP request to CloudStack, after it ended. Holds no parameters, so no secrets. */
export interface RequestRecord {
  readonly command: CommandName;
  readonly ms: number;
  readonly outcome: 'ok' | 'aborted' | CloudStackErrorKind;
}

/** A project, or an account other than that of the keys, as commands are told of it. */
export type Owner =
  { readonly projectid: string } | { readonly account: string; readonly domainid: string };

export type ObserveRequest = (record: RequestRecord) => void;

export interface ExchangeContext {
  readonly endpoint: string;
  readonly keys: ApiKeys;
  readonly owner?: Owner;
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number from 0 up to, but not, 1: spreads what is tried again. */
  readonly random: () => number;
  readonly log: Log;
  readonly onRequest?: ObserveRequest;
  readonly signal?: AbortSignal | undefined;
  readonly retry: Retry;
  /** Takes the Date header of each answer. */
  readonly onDate?: (dateMs: number) => void;
}

/** Reads answer soon; a change that answers at once (deleteVolume) works while we wait. */
const readIdleTimeoutMs = 60_000;
const changeIdleTimeoutMs = 600_000;

/**
 * Sends a command and returns the content of CloudStack's answer. Tries again when that can do no
 * harm: the request certainly was not acted on, or the command may be repeated. CloudStack takes it
 * until `validUntilMs`, by its own clock; unless given, for some minutes.
 *
 * @throws CloudStackError; Aborted.
 */
export function exchange(
  context: ExchangeContext,
  command: CommandName,
  parameters: Parameters,
  validUntilMs?: number,
): Promise<Record<string, unknown>> {
  const owner = commandsWithOwner.has(command) ? context.owner : undefined;
  const flat = { command, ...owner, ...flattenParameters(parameters) };
  return withRetry(
    context.retry,
    context,
    () => observed(context, command, () => sendOnce(context, command, flat, validUntilMs)),
    judgeFailure,
  );
}

async function sendOnce(
  context: ExchangeContext,
  command: CommandName,
  parameters: Readonly<Record<string, string>>,
  validUntilMs = context.clock.nowMs() + validForMs,
): Promise<Record<string, unknown>> {
  const { effect } = specOf(command);
  let response: HttpResponse;
  try {
    response = await context.transport.send({
      method: 'POST',
      url: context.endpoint,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: signedBody(parameters, context.keys, validUntilMs),
      idleTimeoutMs: effect === 'none' ? readIdleTimeoutMs : changeIdleTimeoutMs,
      signal: context.signal,
    });
  } catch (failure) {
    throw noAnswer(command, effect !== 'once', failure);
  }
  const dateMs = Date.parse(response.headers['date'] ?? '');
  if (!Number.isNaN(dateMs)) context.onDate?.(dateMs);
  const endpoint = withoutCredentials(context.endpoint);
  return readAnswer({ command, effect, endpoint, nowMs: context.clock.nowMs() }, response);
}

/** Some put a proxy's user and password into the address. */
function withoutCredentials(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname}`;
}

function noAnswer(command: CommandName, mayRepeat: boolean, failure: unknown): unknown {
  if (!(failure instanceof TransportError)) return failure;
  if (failure.failure === 'aborted') return new Aborted(failure);
  const kind = failure.sent === 'no' || mayRepeat ? 'unreachable' : 'outcome-unknown';
  return new CloudStackError({ kind, command, text: failure.message, cause: failure });
}

/** Trying again helps when the way was blocked or the server refused; never on bad certificates. */
function judgeFailure(failure: unknown): Verdict {
  if (!(failure instanceof CloudStackError)) return { again: false };
  if (failure.kind === 'throttled' || failure.kind === 'unavailable') {
    const askedMs = /retry after \[?(\d+)\]? ms/.exec(failure.text)?.[1];
    return { again: true, ...(askedMs !== undefined && { afterMs: Number(askedMs) }) };
  }
  const cause = failure.cause;
  const again =
    failure.kind === 'unreachable' && cause instanceof TransportError && cause.failure !== 'tls';
  return { again };
}

async function observed<T>(
  context: ExchangeContext,
  command: CommandName,
  work: () => Promise<T>,
): Promise<T> {
  const startedAtMs = context.clock.nowMs();
  const record = (outcome: RequestRecord['outcome']): void => {
    const ms = context.clock.nowMs() - startedAtMs;
    const level = isQuietPoll(command, outcome) ? 'debug: ' : '';
    context.log(`${level}cloudstack ${command} ${outcome} ${ms} ms`);
    context.onRequest?.({ command, ms, outcome });
  };
  try {
    const result = await work();
    record('ok');
    return result;
  } catch (failure) {
    if (failure instanceof CloudStackError) record(failure.kind);
    else if (failure instanceof Aborted) record('aborted');
    throw failure;
  }
}

/** A job is asked after again and again; that it ends is told once, by those who wait for it. */
function isQuietPoll(command: CommandName, outcome: RequestRecord['outcome']): boolean {
  return command === 'queryAsyncJobResult' && outcome === 'ok';
}
