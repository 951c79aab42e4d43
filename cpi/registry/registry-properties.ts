import { flag, isText, integer, optional, port, text, withDefault } from '../config/property.js';
import type { Kind } from '../config/property.js';
import { serverUsers, tlsKeyPair } from '../config/server-property.js';
import { isJsonObject, type JsonObject } from '../protocol/json-value.js';
import { problemOfPostgresUrl } from './postgres-url.js';

/** Where the settings are kept. */
export type StoreSettings =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'postgres'; readonly url: string; readonly tls?: boolean | { ca: string } }
  | { readonly type: 'memory' };

const store: Kind<StoreSettings> = {
  includes: (value): value is StoreSettings =>
    isJsonObject(value) && problemOfStore(value) === undefined,
  wrongPart: (value) => (isJsonObject(value) ? problemOfStore(value) : undefined),
  expected:
    '{"type": "file", "path": …} or {"type": "postgres", "url": "postgres://…" (without ssl ' +
    'parameters), "tls": true, false or {"ca": …}} or {"type": "memory"}',
  form: { is: 'object' },
};

function problemOfStore({ type, path, url, tls }: JsonObject): string | undefined {
  if (type === 'memory') return undefined;
  if (type === 'file') {
    return isText(path) && path !== '' ? undefined : 'its path is no text that names a file';
  }
  if (type !== 'postgres') return 'its type is none of file, postgres and memory';
  const problem = isText(url) ? problemOfPostgresUrl(url) : 'is missing, or no text';
  if (problem !== undefined) return `its url ${problem}`;
  return isTls(tls) ? undefined : 'its tls is neither true nor false nor {"ca": …}';
}

function isTls(value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return true;
  return isJsonObject(value) && isText(value.ca);
}

/**
 * The section `registry` of registry.json: the one place from which validation and the page of the
 * documentation follow.
 */
export const registryProperties = {
  host: withDefault(text, '0.0.0.0', {
    description: 'Address to listen on.',
    example: '10.0.0.6',
  }),
  port: withDefault(port, 25_777, {
    description: 'Port to listen on; `--port` on the command line overrides it.',
    example: 25_777,
  }),
  ...serverUsers({
    description:
      'User of the CPI; agents come with it, too, when it stands in the endpoint that the CPI ' +
      'gives them (`http://user:password@host:25777`).',
    example: 'registry',
  }),
  tls: optional(tlsKeyPair, {
    description:
      'Certificate and key to serve HTTPS with. Agents before 2.478 check the certificate against ' +
      "their system's; without `tls` the registry serves plain HTTP.",
    example: {
      certificate: '-----BEGIN CERTIFICATE-----…',
      private_key: '-----BEGIN PRIVATE KEY-----…',
    },
    secret: true,
  }),
  store: withDefault(
    store,
    { type: 'file', path: '/var/vcap/store/cloudstack_registry/registry.sqlite' },
    {
      description:
        'Where the settings are kept. `file`: an SQLite file and its journals, for one registry. ' +
        '`postgres`: a database that several registries may share; a database of an older BOSH ' +
        'registry is taken over. The user in `url` makes its tables and needs the right to (CREATE ' +
        'on the schema). `tls` is the one place that says whether the database is spoken ' +
        'to over TLS: `true` trusts the well-known certificates, `{"ca": …}` those in PEM form, and ' +
        'both check the name of the host and never fall back to clear text; without it, or with ' +
        '`false`, passwords and settings go there in clear text. User name and password in `url` ' +
        'are percent-encoded (`@` is `%40`, `/` is `%2F`). `memory`: until the ' +
        'registry ends.',
      example: { type: 'file', path: '/var/vcap/store/cloudstack_registry/registry.sqlite' },
      secret: true,
    },
  ),
  check_source_address: withDefault(flag, false, {
    description:
      'Whether a reader without credentials gets the settings of the VM whose address it has, as ' +
      'CloudStack tells it; needs the section `cloudstack`. Leave it off where a proxy or a router ' +
      'stands between VMs and registry: all requests then have its address. VMs in networks whose ' +
      'ranges overlap are refused.',
    example: true,
  }),
  settings_max_kib: withDefault(integer('KiB', { min: 1, max: 102_400 }), 1024, {
    description: 'Longest settings of a VM that are taken.',
    example: 1024,
  }),
} as const;
