import { CloudStackError, classify } from './errors.js';
import type { Effect } from './commands.js';
import type { HttpResponse } from './transport.js';

/** What was asked, for messages. */
export interface Asked {
  readonly command: string;
  readonly endpoint: string;
  readonly effect: Effect;
  /** By the clock of this machine, in ms. */
  readonly nowMs: number;
}

/**
 * The content of CloudStack's wrapper (`{"listzonesresponse": {…}}`).
 *
 * @throws CloudStackError for CloudStack's errors, and for answers that no CloudStack gives. Where
 *   such an answer leaves open whether a change was made, its kind is `outcome-unknown`.
 */
export function readAnswer(asked: Asked, response: HttpResponse): Record<string, unknown> {
  const wrapped = parseWrapper(response.body);
  if (wrapped === undefined) throw strangeAnswer(asked, response);
  const { errorcode, errortext } = wrapped;
  if (response.status === 200 && errortext === undefined) return wrapped;
  const errorCode = typeof errorcode === 'number' ? errorcode : response.status;
  const text = typeof errortext === 'string' ? errortext : `HTTP status ${response.status}`;
  throw new CloudStackError({
    kind: classify(errorCode, text),
    command: asked.command,
    errorCode,
    text,
  });
}

/** The only value of a JSON object, when it is an object itself: every CloudStack answer is. */
function parseWrapper(body: string): Record<string, unknown> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  const values = Object.values(parsed);
  const only = values[0];
  return values.length === 1 && isRecord(only) ? only : undefined;
}

/** No CloudStack answer: a wrong address, a proxy in between, or an answer that was cut off. */
function strangeAnswer(asked: Asked, response: HttpResponse): CloudStackError {
  const text = `${asked.endpoint} answered HTTP ${response.status} with ${describeBody(response)} instead of CloudStack's JSON${patience(response, asked.nowMs)}`;
  const common = { command: asked.command, errorCode: response.status, text };
  if (response.status === 429) return new CloudStackError({ ...common, kind: 'throttled' });
  if (response.status === 407) {
    const hint = `${text}; check cloudstack.proxy_user and cloudstack.proxy_password`;
    return new CloudStackError({ ...common, text: hint, kind: 'not-cloudstack' });
  }
  if (response.status === 401) return new CloudStackError({ ...common, kind: 'auth' });
  const hasFailed = response.status >= 500;
  if ((hasFailed || isCutOff(response)) && asked.effect === 'once') {
    return new CloudStackError({ ...common, kind: 'outcome-unknown' });
  }
  return new CloudStackError({ ...common, kind: hasFailed ? 'unavailable' : 'not-cloudstack' });
}

/**
 * What a gateway asks for by a Retry-After header (RFC 9110), in CloudStack's words: seconds, or a
 * time, which is by its own clock where its answer tells that.
 */
function patience({ headers }: HttpResponse, nowMs: number): string {
  const wanted = headers['retry-after'] ?? '';
  const sentAtMs = Date.parse(headers['date'] ?? '');
  const waitMs = /^\d{1,4}$/.test(wanted)
    ? Number(wanted) * 1000
    : timeOf(wanted) - (Number.isNaN(sentAtMs) ? nowMs : sentAtMs);
  return waitMs >= 0 ? `, please retry after [${waitMs}] ms` : '';
}

/** Dates in headers are of one form; Date.parse takes many more for dates. */
function timeOf(text: string): number {
  return /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : NaN;
}

/** A good status with an empty or half a JSON body: CloudStack answered, and not all arrived. */
function isCutOff(response: HttpResponse): boolean {
  return response.status === 200 && /^\s*($|\{\s*("|$))/.test(response.body) && !isJson(response);
}

function isJson(response: HttpResponse): boolean {
  try {
    JSON.parse(response.body);
    return true;
  } catch {
    return false;
  }
}

function describeBody(response: HttpResponse): string {
  const { body } = response;
  if (body.trim() === '') return 'an empty body';
  if (/^\s*<(!doctype html|html)/i.test(body)) return `an HTML page${titleOf(body)}`;
  if (/^\s*</.test(body)) return 'XML';
  if (isCutOff(response)) return `JSON that breaks off after ${body.length} characters`;
  if (isJson(response)) return 'other JSON';
  return response.headers['content-type'] ?? 'something unknown';
}

function titleOf(html: string): string {
  const title = /<title>([^<]{1,80})/i.exec(html)?.[1]?.trim();
  return title ? ` ("${title}")` : '';
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
