import { isAnswerEffect } from '../faults/effects.js';
import { befallCloud } from '../faults/outages.js';
import { noteAnswer, strike, type Occasion, type Strike } from '../faults/strike.js';
import type { FaultEffect, FaultPhase } from '../world/entities.js';
import type { World } from '../world/world.js';
import { answerText, type ApiOutcome, type ApiResponse } from './http.js';

/** A request on its way through the phases in which a fault plan can strike it. */
export interface FaultyRequest {
  readonly command: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Applies it and renders the reply; what `refuse` holds makes it refuse instead. */
  readonly apply: (refuse?: FaultEffect) => ApiResponse;
  /** Applies it once more, as a request of its own. */
  readonly applyAgain: () => ApiResponse;
}

/** Answers a request as the fault plan in force has it; without a plan, as the API does. */
export function answerUnderFaults(world: World, request: FaultyRequest): ApiOutcome {
  const before = strikeIn(world, request, 'before-apply');
  const outcome = underStrike(world, before, undefined) ?? applied(world, request, before?.effect);
  if (before !== undefined) noteAnswer(world, before, answerText(outcome));
  return outcome;
}

function applied(world: World, request: FaultyRequest, effect?: FaultEffect): ApiOutcome {
  const response = applyUnder(request, effect);
  const after = strikeIn(world, request, 'after-apply-before-reply');
  const outcome: ApiOutcome = underStrike(world, after, response) ?? { kind: 'reply', response };
  if (after !== undefined) noteAnswer(world, after, answerText(outcome));
  const late = strikeIn(world, request, 'after-reply');
  if (late !== undefined) {
    befallCloud(world, late.rule);
    noteAnswer(world, late, answerText(outcome));
  }
  return outcome;
}

function applyUnder(request: FaultyRequest, effect: FaultEffect | undefined): ApiResponse {
  if (effect?.effect === 'applied-twice') {
    request.apply();
    return request.applyAgain();
  }
  const response = request.apply(effect);
  if (effect?.effect !== 'throttled' || !effect.retryAfterHeader || response.status !== 429) {
    return response;
  }
  return withRetryAfter(response, Math.ceil(effect.retryAfterMs / 1_000));
}

/** What the client gets instead of the API's reply; undefined if it gets that one. */
function underStrike(
  world: World,
  struck: Strike | undefined,
  response: ApiResponse | undefined,
): ApiOutcome | undefined {
  if (struck === undefined) return undefined;
  const { rule, effect } = struck;
  befallCloud(world, rule);
  if (effect.effect === 'management-server-restart') return { kind: 'connection-reset' };
  return damaged(world, effect, response);
}

/** What is left of a reply when somebody damages it; undefined for effects that do not. */
export function damaged(
  world: World,
  effect: FaultEffect,
  response: ApiResponse | undefined,
): ApiOutcome | undefined {
  if (!isAnswerEffect(effect)) return undefined;
  switch (effect.effect) {
    case 'connection-reset':
    case 'no-answer':
      return { kind: effect.effect };
    case 'proxy-error':
      return { kind: 'reply', response: proxyPage(world, effect) };
    case 'truncated-body':
      if (response === undefined) return undefined;
      return { kind: 'truncated-body', response, bytes: halfOf(response.body) };
    case 'applied-twice':
      return undefined;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

function proxyPage(
  world: World,
  { status, retryAfterSeconds }: { status: number; retryAfterSeconds: number | null },
): ApiResponse {
  const title = `${status} ${REASONS[status] ?? ''}`;
  const page: ApiResponse = {
    status,
    headers: { 'content-type': 'text/html', date: new Date(world.kernel.nowMs).toUTCString() },
    body:
      `<html>\r\n<head><title>${title}</title></head>\r\n` +
      `<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  };
  return retryAfterSeconds === null ? page : withRetryAfter(page, retryAfterSeconds);
}

function withRetryAfter(response: ApiResponse, seconds: number): ApiResponse {
  return { ...response, headers: { ...response.headers, 'retry-after': String(seconds) } };
}

function halfOf(body: string): number {
  return Math.floor(Buffer.byteLength(body) / 2);
}

function strikeIn(
  world: World,
  { command, parameters }: FaultyRequest,
  phase: FaultPhase,
): Strike | undefined {
  const occasion: Occasion = {
    phase,
    command,
    step: null,
    isAbout: (resource) => mentions(parameters, resource),
  };
  return strike(world, occasion);
}

/** Whether some parameter has this value, alone or in a list. */
export function mentions(parameters: ReadonlyMap<string, string>, value: string): boolean {
  return [...parameters.values()].some((text) => text === value || text.split(',').includes(value));
}
