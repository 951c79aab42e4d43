import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json-value.js';
import { blobstoreOfJavaCpi, proxyOfEnvironment, seconds, words } from './older-values.js';

/** A place in the configuration: a section, then keys. */
type Path = readonly [string, ...string[]];

/** What the releases of the earlier CPIs called a property, and what it is called here. */
export interface OlderName {
  readonly older: string;
  readonly present: string;
  /** What becomes of the value, for people, where it is not the same. */
  readonly how?: string;
  /** Its value here, undefined where it says nothing, from what stands beside it, too. */
  readonly convert?: (value: JsonValue, beside: Beside) => JsonValue | undefined;
}

interface Beside {
  readonly env: JsonValue | undefined;
  readonly endpoint: JsonValue | undefined;
}

const sameName = (older: string, present: string): OlderName => ({ older, present });

const proxyParts = ['proxy_host', 'proxy_port', 'proxy_user', 'proxy_password'] as const;

/** In the order in which they are looked at: of several, the first that is set counts. */
export const olderNames: readonly OlderName[] = [
  sameName('cloudstack.default_offer.disk', 'cloudstack.default_disk_offering'),
  sameName('cpi.default_disk_offering', 'cloudstack.default_disk_offering'),
  sameName('cloudstack.default_offer.ephemeral_disk', 'cloudstack.default_ephemeral_disk_offering'),
  sameName('cpi.default_ephemeral_disk_offering', 'cloudstack.default_ephemeral_disk_offering'),
  sameName('cloudstack.default_offer.custom_disk', 'cloudstack.default_disk_offering'),
  sameName('cloudstack.default_offer.custom_disk', 'cloudstack.default_ephemeral_disk_offering'),
  sameName('cloudstack.stemcell.os_type', 'stemcell.os_type'),
  sameName('cloudstack.stemcell_os_type', 'stemcell.os_type'),
  sameName('cloudstack.stemcell.requires_hvm', 'stemcell.requires_hvm'),
  sameName('cloudstack.stemcell_requires_hvm', 'stemcell.requires_hvm'),
  sameName('cloudstack.stemcell.public_visibility', 'cloudstack.stemcell_public_visibility'),
  sameName('stemcell.public_visibility', 'cloudstack.stemcell_public_visibility'),
  sameName('cloudstack.timeout.global', 'cloudstack.state_timeout'),
  {
    older: 'cloudstack.stemcell_publish_timeout',
    present: 'cloudstack.timeout.poll_template',
    how: 'minutes become seconds',
    convert: seconds,
  },
  sameName('cpi.force_expunge', 'cloudstack.expunge_vm'),
  sameName('cpi.vm_expunge_delay', 'cloudstack.vm_expunge_delay'),
  {
    older: 'cpi.calculate_vm_cloud_properties.disk.tags',
    present: 'cloudstack.calculate.disk_tags',
    how: 'commas divide it into a list',
    convert: words,
  },
  {
    older: 'cpi.calculate_vm_cloud_properties.compute.tags',
    present: 'cloudstack.calculate.compute_tags',
    how: 'commas divide it into a list',
    convert: words,
  },
  sameName('ntp', 'agent.ntp'),
  sameName('cpi.ntp', 'agent.ntp'),
  sameName('cpi.agent.mbus', 'agent.mbus'),
  sameName('registry.user', 'registry.username'),
  sameName('cpi.webdav_host', 'stemcell_server.host'),
  sameName('cpi.webdav_port', 'stemcell_server.port'),
  sameName('cpi.lightstemcell.instance_type', 'stemcell.copy_compute_offering'),
  sameName('cpi.lightstemcell.network_name', 'stemcell.copy_network'),
  sameName('cpi.registry.endpoint', 'registry.endpoint'),
  sameName('cpi.registry.user', 'registry.username'),
  sameName('cpi.registry.password', 'registry.password'),
  {
    older: 'cpi.blobstore',
    present: 'agent.blobstore',
    how: '`provider` with the options that the agent knows: `path` as `blobstore_path`, or `address`, `port` and `agent` as `endpoint`, `user` and `password`',
    convert: blobstoreOfJavaCpi,
  },
  ...['env.https_proxy', 'env.http_proxy'].flatMap((older) =>
    proxyParts.map((part): OlderName => ({
      older,
      present: `cloudstack.${part}`,
      how: 'if it is the one for the scheme of `endpoint`, and `env.no_proxy` does not name its host',
      convert: (_, { env, endpoint }) => proxyOfEnvironment(env, endpoint)?.[part],
    })),
  ),
  {
    older: 'env.no_proxy',
    present: 'cloudstack.proxy_host',
    how: 'with the two above',
    convert: (_, { env, endpoint }) => proxyOfEnvironment(env, endpoint)?.proxy_host,
  },
];

/** Properties of the earlier CPIs that have nothing to do here, and why. */
export const retiredNames: Readonly<Record<string, string>> = {
  'cloudstack.clean_disk': '`cloudstack-cpi gc` finds and removes what is left over',
  'cloudstack.interval_clean_disk': '`cloudstack-cpi gc` finds and removes what is left over',
  'cloudstack.timeout.delete_volume':
    'CloudStack deletes a volume within the request, without a job that could be waited for',
  'director.name': 'what the CPI makes carries the uuid of its Director',
  'agent.env_service': 'agents find their settings as their agent.json says',
  ...ofAll(['cpi.host', 'cpi.port', 'cpi.core', 'cpi.heap_size'], processEnds()),
  'cpi.webdav_directory':
    'a server that the CPI opens (`stemcell.publish` `create-env`) writes nothing; the stemcell ' +
    'server has a configuration of its own',
  'cpi.vm_create_delay':
    'disks are attached before a VM starts, so that there is nothing to wait for',
  'cpi.use_dhcp':
    'the settings tell the agent the address of each NIC by its MAC address; of several NICs that ' +
    'ask DHCP, agents mistake the addresses',
  ...ofAll(
    ['cpi.mock_create_stemcell', 'cpi.existing_template_name'],
    'the template that `light_template` in the cloud_properties of a stemcell names is used as it ' +
      'is, or copied with `light_mode`',
  ),
  'cpi.zipkin': 'the log tells the time of each request and of each job',
};

function processEnds(): string {
  return 'the CPI serves nobody: it is a program that ends with each call';
}

function ofAll(names: readonly string[], why: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, why]));
}

/**
 * The values at their present names; where both are set, the present name wins. `endpoint` is the
 * one that counts, wherever it is set.
 */
export function withPresentNames(raw: JsonObject, endpoint: JsonValue | undefined): JsonObject {
  const beside = { env: valueAt(raw, ['cloudstack', 'env']), endpoint };
  let renamed = raw;
  for (const { older, present, convert } of olderNames) {
    const value = valueAt(raw, pathOf(older));
    if (value === undefined || isUnset(value)) continue;
    const converted = convert === undefined ? value : convert(value, beside);
    if (isUnset(converted) || !isUnset(valueAt(renamed, pathOf(present)))) continue;
    renamed = put(renamed, pathOf(present), converted ?? null);
  }
  return olderNames.reduce((rest, { older }) => without(rest, pathOf(older)), renamed);
}

/**
 * The rest of the values, and a sentence about each that has no effect any more. Templates of job
 * configurations leave values empty rather than out.
 */
export function withoutRetiredNames(raw: JsonObject): { kept: JsonObject; notices: string[] } {
  const names = Object.keys(retiredNames);
  const set = names.filter((name) => !isUnset(valueAt(raw, pathOf(name))));
  return {
    kept: names.reduce((rest, name) => without(rest, pathOf(name)), raw),
    notices: set.map((name) => `${name} has no effect: ${retiredNames[name] ?? ''}`),
  };
}

/** Where properties of the releases arrive that are in no section: as those of a cpi-config do. */
const sectionsOfReleases = ['cloudstack', 'agent', 'stemcell', 'registry', 'stemcell_server'];

function pathOf(name: string): Path {
  const [first = '', ...keys] = name.split('.');
  return sectionsOfReleases.includes(first) ? [first, ...keys] : ['cloudstack', first, ...keys];
}

/** Groups of properties of the earlier releases besides their sections. */
export const olderGroups: readonly string[] = ['cpi', 'director', 'env', 'ntp'];

function isUnset(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isJsonObject(value) ? valueAt(value[key], rest) : undefined;
}

function put(object: JsonObject, [key, next, ...rest]: Path, value: JsonValue): JsonObject {
  if (next === undefined) return { ...object, [key]: value };
  const inner = object[key];
  return { ...object, [key]: put(isJsonObject(inner) ? inner : {}, [next, ...rest], value) };
}

/** Objects that have nothing in them any more go, too. */
function without(object: JsonObject, [key, next, ...rest]: Path): JsonObject {
  const { [key]: value, ...others } = object;
  if (next === undefined) return others;
  if (!isJsonObject(value)) return object;
  const inner = without(value, [next, ...rest]);
  return Object.keys(inner).length === 0 ? others : { ...object, [key]: inner };
}
