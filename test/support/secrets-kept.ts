// Whatever a program writes in any test holds none of the secrets that it was configured with: what
// starts the CPI or a server in tests looks at all of its output by these. What is secret follows
// from the declarations of the configurations.
import { canariesIn, secretNames } from './canaries.js';

type Section = Parameters<typeof secretNames>[0];

const sectionsOfServers: Readonly<Record<string, Section>> = {
  registry: 'registry.json',
  stemcell_server: 'stemcell-server.json',
};

/** Below it a text may stand in others by chance; tests have such passwords, too. */
const shortest = 8;

/**
 * The secrets of a configuration, valid or not, as an object or a text: of the CPI, or of a server.
 * Properties of `cloudstack` may also stand beside the sections, as they do in the context of a
 * request.
 */
export function secretsOf(configuration: unknown, of: 'cpi' | 'server' = 'cpi'): readonly string[] {
  const given = asObject(configuration);
  const found = Object.entries(given).flatMap(([name, section]) => {
    const declared = of === 'server' ? (sectionsOfServers[name] ?? name) : name;
    return secretsOfSection(declared, section);
  });
  const flat = of === 'cpi' ? secretsOfSection('cloudstack', given) : [];
  return [...new Set([...found, ...flat])].filter(({ length }) => length >= shortest);
}

function secretsOfSection(name: string, section: unknown): string[] {
  const properties = asObject(section);
  let names: readonly string[];
  try {
    names = secretNames(name as Section);
  } catch {
    return [];
  }
  return names.flatMap((property) => textsOf(properties[property]));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  if (typeof value !== 'string') return {};
  try {
    return asObject(JSON.parse(value) as object);
  } catch {
    return {};
  }
}

/**
 * All secret texts in the value of a secret property: of a URL its password, of an object those of
 * its secret keys.
 */
function textsOf(value: unknown, key = 'secret'): string[] {
  if (typeof value === 'number') return isSecretKey(key) ? [String(value)] : [];
  if (typeof value === 'string')
    return isSecretKey(key) || value.includes('://') ? ofText(value) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([inner, item]) =>
    textsOf(item, isIndex(inner) ? key : inner),
  );
}

function isIndex(key: string): boolean {
  return /^\d+$/.test(key);
}

function isSecretKey(key: string): boolean {
  return /secret|pass|private_key|token/.test(key);
}

/** Of a URL its password, of a key each of its lines. */
function ofText(value: string): string[] {
  const lines = value.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  if (lines.length > 1 || value.startsWith('-----')) return lines;
  const password = /^[a-z+]+:\/\/[^/:@\s]*:([^/@\s]+)@/i.exec(value)?.[1];
  if (password !== undefined) return [password];
  return value.includes('://') ? [] : [value];
}

/** A secret as it is, in a URL, in JSON, and the part of its base64 text that it alone decides. */
function formsOf(secret: string): readonly string[] {
  const encoded = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64');
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...encoded];
}

const knownForms = new Map<string, readonly string[]>();

/** Those of the secrets that a text tells, and all canaries in it. */
export function toldIn(text: string, secrets: Iterable<string>): readonly string[] {
  const told = [...secrets].filter((secret) => {
    const forms = knownForms.get(secret) ?? formsOf(secret);
    knownForms.set(secret, forms);
    return forms.some((form) => text.includes(form));
  });
  return [...told, ...canariesIn(text)];
}

/** @throws Error if a text tells a secret. */
export function mustNotTell(text: string, secrets: Iterable<string>, what: string): void {
  const told = toldIn(text, secrets);
  if (told.length > 0) throw new Error(`${what} tells the secret ${told.join(' and ')}:\n${text}`);
}

/**
 * Hears all that is told while a test goes on, and fails it at its end if a secret was among that.
 */
export class SecretWatch {
  readonly #secrets = new Set<string>();
  readonly #told: string[] = [];
  /** What was told since a secret was learnt, to be looked through at once. */
  #heard: string[] = [];
  readonly #configurations = new Set<string>();

  /** From now on the secrets of this configuration are secret. */
  learn(configuration: unknown): void {
    if (configuration === undefined) return;
    const text = typeof configuration === 'string' ? configuration : JSON.stringify(configuration);
    if (this.#configurations.has(text)) return;
    this.#configurations.add(text);
    for (const secret of secretsOf(configuration)) this.#add(secret);
  }

  /** From now on what stands under names of secrets in the arguments of a call is secret, too. */
  learnArguments(given: unknown): void {
    for (const secret of textsOf(given, '')) if (secret.length >= shortest) this.#add(secret);
  }

  hear(text: string): void {
    this.#heard.push(text);
  }

  /** @throws Error if a secret was told. */
  assertKept(): void {
    this.#lookThrough();
    if (this.#told.length > 0) throw new Error(`secrets were told:\n${this.#told.join('\n')}`);
  }

  /** What was told before is none of its business. */
  #add(secret: string): void {
    if (this.#secrets.has(secret)) return;
    this.#lookThrough();
    this.#secrets.add(secret);
  }

  #lookThrough(): void {
    const text = this.#heard.join('\n');
    this.#heard = [];
    for (const secret of toldIn(text, this.#secrets)) {
      const line = text.split('\n').find((one) => toldIn(one, [secret]).length > 0) ?? text;
      this.#told.push(`${secret} in: ${line.slice(0, 2_000)}`);
    }
  }
}
