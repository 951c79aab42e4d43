import { olderNames, retiredNames, type OlderName } from '../../cpi/config/older-names.js';
import type { Form } from '../../cpi/config/property.js';
import type { ReleaseProperty } from './release-property.js';

/** Examples of what has another form here than it had in the earlier releases. */
const examples: Readonly<Record<string, unknown>> = {
  'cloudstack.stemcell_publish_timeout': 10,
  'cpi.calculate_vm_cloud_properties.disk.tags': 'ssd,fast',
  'cpi.calculate_vm_cloud_properties.compute.tags': 'bosh',
  'cpi.blobstore': {
    provider: 'dav',
    address: '10.0.0.6',
    port: 25_250,
    agent: { user: 'agent', password: 'your-password' },
  },
  'env.https_proxy': 'http://proxy.example.com:3128',
  'env.http_proxy': 'http://proxy.example.com:3128',
  'env.no_proxy': '10.0.0.6,.example.com',
};

/** A proxy is never on the port that its scheme would mean: one without port is a mistake. */
const proxyWithPort = '^([a-z]+://)?([^\\s/@]+@)?(\\[[0-9a-fA-F:]+\\]|[^\\s:/@]+):[0-9]+/?$';

/** What of them a template can tell to be wrong before anything is deployed. */
const patterns: Readonly<Record<string, string>> = {
  'env.https_proxy': proxyWithPort,
  'env.http_proxy': proxyWithPort,
};

/** Examples of what has no effect any more. */
const retiredExamples: Readonly<Record<string, unknown>> = {
  'cloudstack.clean_disk': true,
  'cloudstack.interval_clean_disk': 1,
  'agent.env_service': 'registry',
  'cpi.host': '127.0.0.1',
  'cpi.port': 8080,
  'cpi.core': { user: 'cpi', password: 'your-password' },
  'cpi.heap_size': '512M',
  'cpi.webdav_directory': '/var/vcap/store/cloudstack_cpi/webdav',
  'cpi.vm_create_delay': 10,
  'cpi.use_dhcp': true,
  'cpi.lightstemcell': { network_name: 'bosh', instance_type: 'm1.small' },
  'cpi.mock_create_stemcell': true,
  'cpi.existing_template_name': 'bosh-stemcell-3033',
  'cpi.zipkin': { enabled: true },
};

/**
 * The names that the releases of the Java and the Go CPI had for properties, with all that a job
 * needs to take them. A name inside of a declared property (`cloudstack.timeout.global`) is seen
 * with it. Every Director has a `director.name`: it is none of these.
 */
export function olderProperties(present: readonly ReleaseProperty[]): ReleaseProperty[] {
  const isInside = (name: string): boolean =>
    present.some((property) => name.startsWith(`${property.name}.`));
  const readable = [...new Set(olderNames.map(({ older }) => older))]
    .filter((name) => !isInside(name))
    .map((name) => readableProperty(name, present));
  const retired = Object.entries(retiredNames)
    .filter(([name]) => !isInside(name) && name !== 'director.name')
    .map(([name, why]) => retiredProperty(name, why));
  return [...readable, ...retired];
}

/** Which names of the earlier releases stand for a property. */
export function olderNamesOf(name: string): string[] {
  return olderNames.filter(({ present }) => present === name).map(({ older }) => older);
}

function readableProperty(name: string, present: readonly ReleaseProperty[]): ReleaseProperty {
  const meanings = olderNames.filter(({ older }) => older === name);
  const [meaning] = meanings;
  const now = present.find((property) => property.name === meaning?.present);
  const isSame = meaning?.convert === undefined;
  const example = isSame ? now?.example : examples[name];
  if (example === undefined) throw new Error(`${name}: say here what an example of it is`);
  const form = isSame ? now?.form : formOf(example, patterns[name]);
  return {
    name,
    description: `Name in earlier releases for ${presentNames(meanings)}${howText(meaning)}.`,
    example,
    absent: { is: 'default', value: undefined },
    expected: isSame && now !== undefined ? now.expected : `like ${JSON.stringify(example)}`,
    form,
    older: [],
  };
}

function retiredProperty(name: string, why: string): ReleaseProperty {
  const example = retiredExamples[name];
  if (example === undefined) throw new Error(`${name}: say here what an example of it is`);
  return {
    name,
    description: `Of an earlier release; has no effect: ${why}.`,
    example,
    absent: { is: 'default', value: undefined },
    expected: 'anything',
    form: undefined,
    older: [],
  };
}

function presentNames(meanings: readonly OlderName[]): string {
  return [...new Set(meanings.map(({ present }) => `\`${present}\``))].join(', ');
}

function howText(meaning: OlderName | undefined): string {
  return meaning?.how === undefined ? '' : `: ${meaning.how}`;
}

function formOf(example: unknown, pattern: string | undefined): Form {
  if (pattern !== undefined) return { is: 'text', pattern };
  if (typeof example === 'number') return { is: 'integer', min: 0, max: 1_000_000 };
  return typeof example === 'string' ? { is: 'text' } : { is: 'object' };
}
