const replacement = '<redacted>';

/**
 * Below this length a secret is replaced only where it stands alone: it could be part of a word.
 */
const minBytesInsideWords = 8;

/** Anything shorter is no secret: replacing it would spoil every text. */
const minBytes = 4;

/** Keys whose values are secret wherever they stand in a request. */
const secretKey =
  /(^|_)(pass(word|wd|phrase)|secret|token|(private|api|access|account|json|encryption)_key)(_|$)/i;

/**
 * Takes secrets out of everything that leaves the program. A secret is found as it is and as it
 * looks inside JSON, a URL, a form body or base64 text (at any of the three byte offsets that
 * base64 knows, so also in the middle of encoded user data).
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  #forms: readonly Form[] | undefined;

  add(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      if (Buffer.byteLength(secret) >= minBytes) this.#secrets.add(secret);
    }
    this.#forms = undefined;
  }

  redact(text: string): string {
    this.#forms ??= formsOfAll(this.#secrets);
    return this.#forms.reduce<string>(withoutForm, text);
  }

  /** Redacts every string of a JSON value, the keys of objects included. */
  redactValue(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.redact(key), this.redactValue(item)]),
    );
  }
}

/**
 * The texts and numbers below keys that by their names hold secrets, and the passwords and queries
 * inside of URLs.
 */
export function secretsIn(value: unknown, underSecretKey = false): string[] {
  if (typeof value === 'number') return underSecretKey ? [String(value)] : [];
  if (typeof value === 'string') return underSecretKey ? [value] : secretsOfUrl(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    secretsIn(item, underSecretKey || secretKey.test(key)),
  );
}

/** A query may be a signature, by which anybody gets what the URL leads to. */
function secretsOfUrl(text: string): string[] {
  const query = /^https?:\/\/[^?#\s]+\?([^#\s]+)/i.exec(text)?.[1];
  return [...passwordsOfUrl(text), ...(query === undefined ? [] : [query])];
}

/**
 * `nats://user:secret@host` holds a secret although its key does not say so. It ends at the last @,
 * as for Go, in which agents are written.
 */
export function passwordsOfUrl(text: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/:@\s]*:([^/\s]+)@/i.exec(text)?.[1];
  if (password === undefined) return [];
  try {
    return [...new Set([password, decodeURIComponent(password)])];
  } catch {
    return [password];
  }
}

/** A secret as it may stand in a text; a short one as a pattern. */
type Form = string | RegExp;

/**
 * The longest first, of which others may be parts. One by one, because a pattern of all would be
 * too large for RegExp where a secret is long.
 */
function formsOfAll(secrets: Iterable<string>): Form[] {
  const forms = new Set([...secrets].flatMap(formsOf));
  return [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) =>
      form.length < minBytesInsideWords
        ? new RegExp(`(?<![A-Za-z0-9])${escapeForRegExp(form)}(?![A-Za-z0-9])`, 'g')
        : form,
    );
}

function withoutForm(text: string, form: Form): string {
  return typeof form === 'string'
    ? text.replaceAll(form, replacement)
    : text.replace(form, replacement);
}

function formsOf(secret: string): string[] {
  // A lone surrogate cannot be URL-encoded; as bytes it has become U+FFFD, here and on the wire.
  const urlEncoded = encodeURIComponent(Buffer.from(secret).toString());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    urlEncoded,
    urlEncoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    ...base64Forms(Buffer.from(secret)),
  ];
}

/** The part of the base64 text that the secret alone decides, at each of the three offsets. */
function base64Forms(bytes: Buffer): string[] {
  if (bytes.length < minBytesInsideWords) {
    return [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')];
  }
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const decided = encoded.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor(((offset + bytes.length) * 8) / 6),
    );
    return [decided, decided.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
