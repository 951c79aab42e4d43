import { isObject, type JsonValue } from './json.js';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * Fields of requests and answers whose values nobody else may see: user data has passwords of the
 * agent, getUploadParams answers with what lets anybody upload (`metadata`, `signature`), keys and
 * passwords of VMs.
 */
const secretFields =
  'userdata|(?:vm)?password|(?:private|public|secret|api|session)key|token|signature|metadata|posturl';
const secretField = new RegExp(`^(?:${secretFields})$`, 'i');
const valueOfSecretField = new RegExp(
  `("(?:${secretFields})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`,
  'gi',
);

export function isSecretField(name: string): boolean {
  return secretField.test(name);
}

/** A text of JSON without the values of such fields. */
export function withoutSecretFields(json: string): string {
  return json.replace(valueOfSecretField, '$1"<secret>"');
}

/** Properties of a configuration whose values are secret. */
const secretProperties = /secret|passw|token|private_?key|api_?key/i;

/** What is secret in a configuration: by the name, passwords in URLs, private keys. */
export function secretsIn(value: JsonValue | undefined, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, name));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => secretsIn(item, key));
  }
  if (typeof value !== 'string') return [];
  if (secretProperties.test(name)) return [value];
  const passwords = [...value.matchAll(/:\/\/[^\s:/@]*:([^\s/@]+)@/g)].map(
    ([, found = '']) => found,
  );
  const keys = value.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END/g) ?? [];
  return [...passwords, ...passwords.map(decoded), ...keys];
}

/** What stands in a URL, as it is outside of one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Takes these secrets out of texts wherever they stand: as they are, in JSON, in URLs, in Base64, in
 * any case. `told`: what stands in the place of the one with that number.
 */
export function redactor(
  secrets: readonly string[],
  told: (index: number) => string = () => '<secret>',
): Redact {
  const parts = [...new Set(secrets.flatMap(partsOf))].sort((a, b) => b.length - a.length);
  if (parts.length === 0) return (text) => text;
  const pattern = new RegExp(
    parts.map((part) => `(${spellingsOf(part).join('|')})`).join('|'),
    'gi',
  );
  return (text) => {
    const plain = withoutColours(text);
    const open = plain.replace(pattern, (_found, ...groups) =>
      told(groups.findIndex((group) => group !== undefined)),
    );
    // Colours may stand in the middle of a secret.
    return open === plain ? text : open;
  };
}

/** The text as a terminal shows it, in one colour. */
export function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is to go
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

/** What is shorter than this is no secret, and would be found everywhere. */
const secretCharacters = 4;
const lineCharacters = 16;

/** A text of several lines, such as a private key, may be told line by line. */
function partsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n|\\n/).filter((line) => !line.startsWith('-----'));
  if (lines.length <= 1) return secret.length < secretCharacters ? [] : [secret, escaped(secret)];
  return lines.filter((line) => line.length >= lineCharacters);
}

/** As it stands in JSON, which may be packed as a whole. */
function escaped(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}

function spellingsOf(secret: string): string[] {
  const asIs = Array.from(secret, spelt).join('');
  return [asIs, ...(secret.length < 2 * secretCharacters ? [] : base64Of(secret))];
}

/** A character as it may stand in a text, in JSON, and in a URL. */
function spelt(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character;
  const literal = character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
  const bytes = [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`);
  const code = `\\\\u${hex(character.charCodeAt(0), 4)}`;
  const json = escaped(character).replaceAll('\\', '\\\\');
  const all = [`\\\\*${literal}`, bytes.join(''), code, ...(json === character ? [] : [json])];
  return `(?:${[...all, ...(character === ' ' ? ['\\+'] : [])].join('|')})`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/**
 * The secret in Base64: by itself, and inside of a longer text at each of the three places in a group
 * of bytes, without the characters that depend on what stands beside it. Lines may be broken anywhere.
 */
function base64Of(secret: string): string[] {
  const inside = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    return bytes
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
  return [Buffer.from(secret).toString('base64'), ...inside].map((text) =>
    Array.from(text, (one) => base64Spelt[one] ?? one).join('(?:\\s|\\\\n)*'),
  );
}

const base64Spelt: Readonly<Record<string, string>> = {
  '+': '(?:\\+|-|%2b)',
  '/': '(?:\\\\?\\/|_|%2f)',
};
