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

/** A small CloudStack client, to look at a cloud from outside the CPI. */
export class CloudClient {
  readonly #account: CloudAccount;
  readonly #withinMs: number;

  /** `withinMs`: how long CloudStack may take for an answer. */
  constructor(account: CloudAccount, withinMs = 300_000) {
    this.#account = account;
    this.#withinMs = withinMs;
  }

  /** Sends one request; answers what stands under the response's one key. */
  async call(command: string, parameters: Parameters = {}): Promise<JsonObject> {
    const { endpoint, caCertificate } = this.#account;
    const { status, body } = await sendHttp({
      url: endpoint,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: this.#signed({ ...parameters, command, response: 'json' }),
      caCertificate,
      withinMs: this.#withinMs,
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

  /** All rows of a list command; `rows` is their key in the response. */
  async list(command: string, rows: string, parameters: Parameters = {}): Promise<JsonObject[]> {
    const found = (await this.call(command, parameters))[rows];
    return Array.isArray(found) ? found.filter(isObject) : [];
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

function contentOf(text: string): JsonObject | undefined {
  try {
    const body = JSON.parse(text) as JsonValue;
    const content = isObject(body) ? Object.values(body)[0] : undefined;
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
