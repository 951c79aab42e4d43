import { createHmac } from 'node:crypto';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { sendHttp } from './http.js';

/** Where a CloudStack account is reached, and with which keys. */
export interface CloudAccount {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly secretKey: string;
  /** Of the endpoint's authority, in PEM form; needed for one that is private. */
  readonly caCertificate?: string | undefined;
  /** How long CloudStack may take for an answer. */
  readonly answersWithinMs?: number | undefined;
}

export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** A request that CloudStack refused, or an answer that is not CloudStack's. */
export class CloudRequestError extends Error {
  constructor(
    command: string,
    readonly status: number,
    text: string,
  ) {
    super(`${command} failed with status ${status}: ${text}`);
    this.name = 'CloudRequestError';
  }
}

/** No answer came to a request. */
export class CloudSilentError extends Error {
  /** Of the system, such as ECONNREFUSED; undefined without one. */
  readonly code: string | undefined;

  constructor(command: string, cause: Error & { readonly code?: string }) {
    super(`${command}: ${cause.message || (cause.code ?? 'no reason given')}`, { cause });
    this.name = 'CloudSilentError';
    this.code = cause.code;
  }
}

/** Longer than this no answer of a cloud takes that is well. */
const answersWithinMsUsually = 60_000;

/** No account has more of anything; a server that pages for ever is broken. */
const pagesMax = 1000;

/** A small CloudStack client, to look at a cloud from outside the CPI. */
export class CloudClient {
  readonly #account: CloudAccount;
  readonly #signal: AbortSignal | undefined;

  /** `signal` ends a request that is under way. */
  constructor(account: CloudAccount, signal?: AbortSignal) {
    this.#account = account;
    this.#signal = signal;
  }

  /** Sends one request; answers what stands under the response's one key. */
  async call(command: string, parameters: Parameters = {}): Promise<JsonObject> {
    const { endpoint, caCertificate, answersWithinMs = answersWithinMsUsually } = this.#account;
    const { status, body } = await sendHttp({
      url: endpoint,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: this.#signed({ ...parameters, command, response: 'json' }),
      caCertificate,
      withinMs: answersWithinMs,
      signal: this.#signal,
    }).catch((cause: unknown) => {
      throw new CloudSilentError(command, cause as Error);
    });
    const text = body.toString();
    const content = contentOf(text);
    if (status === 200 && content !== undefined) return content;
    const refusal = content?.['errortext'];
    throw new CloudRequestError(
      command,
      status,
      typeof refusal === 'string' ? refusal : text.slice(0, 200),
    );
  }

  /** All rows of a list command, page by page; `rows` is their key in the response. */
  async list(command: string, rows: string, parameters: Parameters = {}): Promise<JsonObject[]> {
    const first = pageIn(await this.call(command, parameters), rows);
    if (first.rows.length === 0 || first.rows.length >= first.total) return first.rows;
    // CloudStack refuses larger pages than it makes by itself (`default.page.size`).
    const pagesize = first.rows.length;
    const all = [...first.rows];
    for (let page = 2; page <= pagesMax; page += 1) {
      const next = pageIn(await this.call(command, { ...parameters, page, pagesize }), rows);
      all.push(...next.rows);
      if (next.rows.length === 0 || all.length >= next.total) return all;
    }
    throw new CloudRequestError(command, 200, `the list did not end after ${pagesMax} pages`);
  }

  /** The query with its signature (ApiServer.verifyRequest: sorted, lower case, HMAC-SHA1). */
  #signed(parameters: Parameters): string {
    const all: Record<string, string> = { apiKey: this.#account.apiKey };
    for (const [name, value] of Object.entries(parameters)) all[name] = String(value);
    const toSign = Object.keys(all)
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      .map((name) => `${name}=${encoded(all[name] ?? '')}`)
      .join('&')
      .toLowerCase();
    const signature = createHmac('sha1', this.#account.secretKey).update(toSign).digest('base64');
    return new URLSearchParams({ ...all, signature }).toString();
  }
}

/** As Java's URLEncoder with %20 for a space, which is what CloudStack signs. */
function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}

function pageIn(answer: JsonObject, key: string): { rows: JsonObject[]; total: number } {
  const { count, [key]: found } = answer;
  const rows = Array.isArray(found) ? found.filter(isObject) : [];
  return { rows, total: typeof count === 'number' ? count : rows.length };
}

function contentOf(text: string): JsonObject | undefined {
  try {
    const body = JSON.parse(text) as JsonValue;
    const content = isObject(body) ? Object.values(body)[0] : undefined;
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
