// Texts in the place of every secret that a declaration names, to be looked for in whatever leaves
// a program. A secret that is declared later and has no canary here fails the test of this list.
import { sections } from '../../cpi/config/properties.js';
import { registryProperties } from '../../cpi/registry/registry-properties.js';
import { stemcellServerProperties } from '../../cpi/stemcell-server/stemcell-server-properties.js';

/** All configurations, by their sections; those of the servers have a name of their own here. */
export const declarations = {
  ...sections,
  'registry.json': registryProperties,
  'stemcell-server.json': stemcellServerProperties,
} as const;

interface Declared {
  readonly secret: boolean;
  readonly example: unknown;
}

/** Where a secret is declared: `cloudstack.api_key`. */
export function declaredSecrets(): readonly string[] {
  return sectionNames.flatMap((section) =>
    secretNames(section).map((name) => `${section}.${name}`),
  );
}

type SectionName = keyof typeof declarations;

const sectionNames = Object.keys(declarations) as SectionName[];

/** The properties of a section that are declared as secrets. */
export function secretNames(section: SectionName): readonly string[] {
  const properties: Readonly<Record<string, Declared>> = declarations[section];
  return Object.keys(properties).filter((name) => properties[name]?.secret === true);
}

/** A text that stands nowhere else, of the signs that a secret at this place may have. */
export function canaryOf(place: string): string {
  return `canary-${place.replace(/[^a-z]+/g, '-')}-5eC7et`;
}

const inLines = (label: string, text: string): string =>
  `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;

/** Of the secrets that are more than one text, how the canary stands in them. */
const forms: Readonly<Record<string, (canary: string) => unknown>> = {
  'cloudstack.private_key': (canary) => inLines('RSA PRIVATE KEY', canary),
  'agent.mbus': (canary) => `nats://nats:${canary}@10.0.0.6:4222`,
  'agent.blobstore': (canary) => ({
    provider: 'dav',
    options: { endpoint: 'http://10.0.0.6:25250', user: 'agent', password: canary },
  }),
  'registry.endpoint': (canary) => `http://registry:${canary}@127.0.0.1:25777`,
  'registry.json.tls': (canary) => keyPair(canary),
  'registry.json.store': (canary) => ({
    type: 'postgres',
    url: `postgres://registry:${canary}@127.0.0.1:5432/registry`,
  }),
  'registry.json.additional_users': (canary) => [{ username: 'old', password: canary }],
  'stemcell-server.json.tls': (canary) => keyPair(canary),
  'stemcell-server.json.additional_users': (canary) => [{ username: 'old', password: canary }],
};

function keyPair(canary: string): object {
  return {
    certificate: inLines('CERTIFICATE', 'x'),
    private_key: inLines('PRIVATE KEY', canary),
  };
}

/** Secrets that are one text with nothing around it. */
const plain: ReadonlySet<string> = new Set([
  ...['cloudstack.api_key', 'cloudstack.secret_access_key', 'cloudstack.proxy_password'],
  ...['registry.password', 'stemcell_server.password'],
  ...['registry.json.password', 'stemcell-server.json.password'],
]);

/** The value of a secret property, with its canary in it. @throws Error where none is known. */
export function withCanary(place: string): unknown {
  const canary = canaryOf(place);
  const form = forms[place];
  if (form !== undefined) return form(canary);
  if (plain.has(place)) return canary;
  throw new Error(`${place} is declared as a secret: say how its canary stands in it`);
}

/** The secrets of a section with their canaries, but those that exclude others. */
export function secretsOfSection(
  section: SectionName,
  without: readonly string[] = [],
): Record<string, unknown> {
  const names = secretNames(section).filter((name) => !without.includes(name));
  return Object.fromEntries(names.map((name) => [name, withCanary(`${section}.${name}`)]));
}

/** What a text must not have in it, in whatever coding secrets leave in. */
export function canariesIn(text: string): readonly string[] {
  const found = text.match(/canary-[a-z-]+-5eC7et/g) ?? [];
  return [...found, ...encodedEnds.filter((part) => text.includes(part))];
}

/** At each of the three offsets of base64 this part of the mark is another one. */
const encodedEnds = [0, 1, 2].map((offset) => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from('-5eC7et')]);
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), -4);
});

/** What stands for `canary-` in base64, by how many bytes come before it: what it alone decides. */
const encodedMarks = [0, 1, 2].map((offset) => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from('canary-')]);
  const text = bytes.toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
});

const mark = new RegExp(['canary-[\\w-]+', ...encodedMarks].join('|'), 'g');

/** Whatever in a text stands for a secret of any test, also of one that has no declaration. */
export function marksIn(text: string): readonly string[] {
  return text.match(mark) ?? [];
}
