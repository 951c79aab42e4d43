// Proves that the examples of cloud-configs, CPI configurations and manifests of earlier releases hold
// only what the CPI knows, and that the properties in them are taken.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { checkProperties } from '../../../cpi/config/check.js';
import { mergeConfiguration, validateConfiguration } from '../../../cpi/config/load.js';
import { readRegistryConfiguration } from '../../../cpi/registry/registry-configuration.js';
import {
  diskProperties,
  networkProperties,
  vipProperties,
  vmProperties,
} from '../../../cpi/methods/shared/cloud-properties.js';
import { interpolate, variablesIn } from '../support/operations.js';
import { minimal } from '../support/property-sets.js';
import { render, type Renderer } from '../support/rendering.js';

// Ruby starts once.
test.describe.configure({ mode: 'default' });

const examples = fileURLToPath(new URL('../../../release/examples', import.meta.url));

interface Item {
  readonly name: string;
  readonly type?: string;
  readonly cpi?: string;
  readonly cloud_properties?: object;
  readonly subnets?: { cloud_properties?: object }[];
}

interface Group {
  readonly vm_type: string;
  readonly azs: string[];
  readonly networks: Item[];
  readonly persistent_disk_type?: string;
  readonly stemcell: string;
  readonly jobs: object[];
  readonly properties: object;
}

/** All that the examples have in them, each some of it. */
interface Example {
  readonly azs: Item[];
  readonly vm_types: Item[];
  readonly vm_extensions?: Item[];
  readonly disk_types: Item[];
  readonly networks: Item[];
  readonly cpis: { name: string; properties: object }[];
  readonly instance_groups: [Group, ...Group[]];
  readonly stemcells: { alias: string }[];
  readonly resource_pools: Item[];
  readonly disk_pools: Item[];
  readonly cloud_provider: { properties: object };
}

/** An example with a text in place of each variable; texts that stand for URLs are such. */
function read(name: string): Example {
  // As BOSH reads it: numbers may have underscores.
  const example: unknown = parse(readFileSync(join(examples, name), 'utf8'), { version: '1.1' });
  const values = variablesIn(example).map((variable) => [
    variable,
    variable.endsWith('endpoint') ? 'https://cloud.example.com/client/api' : `value-${variable}`,
  ]);
  return interpolate(example, Object.fromEntries(values)) as Example;
}

/** What the CPI says of the cloud_properties of some items. */
function complaints(items: readonly Item[] | undefined, table: object): string[] {
  return (items ?? []).flatMap(({ name, cloud_properties: own = {} }) => {
    const { problems, unknown } = checkProperties(table, own as never);
    return [...problems, ...unknown.map((key) => `${key} is unknown`)].map(
      (text) => `${name}: ${text}`,
    );
  });
}

const cloudConfigs = [
  'cloud-config.yml',
  'cloud-config-of-two-clouds.yml',
  'earlier-releases/java-cloud-config.yml',
];

for (const name of cloudConfigs) {
  test(`${name} holds what the CPI knows`, () => {
    const config = read(name);
    const networks = config.networks;
    const subnets = networks
      .filter(({ type }) => type !== 'vip')
      .flatMap((network) => network.subnets!.map((subnet) => ({ ...subnet, name: network.name })));
    expect([
      ...complaints(config.azs, vmProperties),
      ...complaints(config.vm_types, vmProperties),
      ...complaints(config.vm_extensions, vmProperties),
      ...complaints(config.disk_types, diskProperties),
      ...complaints(subnets, networkProperties),
      ...complaints(
        networks.filter(({ type }) => type === 'vip'),
        vipProperties,
      ),
    ]).toEqual([]);
    expect(subnets.length).toBeGreaterThan(1);
  });
}

test('cloud-config.yml puts its AZs into two zones, and has local storage and a public address', () => {
  const { azs, vm_types, networks } = read('cloud-config.yml');
  expect(new Set(azs.map((az) => JSON.stringify(az.cloud_properties))).size).toBe(2);
  expect(vm_types.map((one) => one.name)).toContain('local');
  expect(networks.map((one) => one.type)).toEqual(['manual', 'vip']);
});

for (const { name, properties } of read('cpi-config.yml').cpis) {
  test(`cpi-config.yml: ${name} overrides the job's properties, and is taken`, () => {
    const merged = mergeConfiguration(JSON.stringify(minimal), properties as never);
    const { configuration, warnings } = validateConfiguration(merged);
    expect(warnings).toEqual([]);
    expect(configuration.cloudstack.api_key).toBe(`value-${name}_api_key`);
    expect(configuration.agent.mbus).toBe(minimal.agent.mbus);
  });
}

test('the AZs of cloud-config-of-two-clouds.yml name the CPIs of cpi-config.yml', () => {
  const named = read('cloud-config-of-two-clouds.yml').azs.map(({ cpi }) => cpi);
  expect(named).toEqual(read('cpi-config.yml').cpis.map(({ name }) => name));
});

test('java-director.yml: its CPI, that of create-env and its registry take the old names', async () => {
  const {
    instance_groups: [{ jobs, properties }],
    cloud_provider: provider,
    resource_pools: pools,
    disk_pools: disks,
  } = read('earlier-releases/java-director.yml');
  const load = async (own: object, renderer: Renderer) => {
    const text = await render({
      job: 'cloudstack_cpi',
      template: 'cpi.json.erb',
      properties: own,
      renderer,
    });
    const { configuration, warnings } = validateConfiguration(mergeConfiguration(text, {}));
    expect(warnings).toEqual([]);
    return configuration;
  };
  expect(await load(properties, 'director')).toMatchObject({
    cloudstack: {
      default_disk_offering: 'shared.custom',
      default_ephemeral_disk_offering: 'ephemeral',
      vm_expunge_delay: 30,
      timeout: { poll_template: 600 },
      proxy_host: undefined,
    },
    agent: {
      mbus: 'nats://nats:value-nats_password@10.203.6.105:4222',
      ntp: ['0.pool.ntp.org', '1.pool.ntp.org'],
      blobstore: {
        provider: 'dav',
        options: { endpoint: 'http://10.203.6.105:25250', user: 'agent' },
      },
    },
    registry: { host: '10.203.6.105', port: 8080, username: 'admin' },
  });
  expect(await load(provider.properties, 'create-env')).toMatchObject({
    agent: {
      mbus: 'https://mbus:value-mbus_password@0.0.0.0:6868',
      blobstore: {
        provider: 'local',
        options: { blobstore_path: '/var/vcap/micro_bosh/data/cache' },
      },
    },
    registry: { host: undefined },
  });
  const text = await render({
    job: 'cloudstack_registry',
    template: 'registry.json.erb',
    properties,
    renderer: 'director',
  });
  expect(readRegistryConfiguration(text)).toMatchObject({
    warnings: [],
    registry: { host: '10.203.6.105', port: 8080 },
  });
  expect(jobs).toContainEqual({ name: 'cloudstack_registry', release: 'bosh-cloudstack-cpi' });
  expect([...complaints(pools, vmProperties), ...complaints(disks, diskProperties)]).toEqual([]);
});

test('java-deployment.yml fits its cloud-config', () => {
  const config = read('earlier-releases/java-cloud-config.yml');
  const { instance_groups: groups, stemcells } = read('earlier-releases/java-deployment.yml');
  const names = (items: Item[]): string[] => items.map(({ name }) => name);
  for (const group of groups) {
    expect(names(config.vm_types)).toContain(group.vm_type);
    expect(names(config.azs)).toEqual(expect.arrayContaining(group.azs));
    expect(names(config.networks)).toEqual(expect.arrayContaining(names(group.networks)));
    if (group.persistent_disk_type !== undefined) {
      expect(names(config.disk_types)).toContain(group.persistent_disk_type);
    }
    expect(stemcells.map((one) => one.alias)).toContain(group.stemcell);
  }
});

test('every example is tried here', () => {
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yml'),
  );
  expect(files.sort()).toEqual([
    'cloud-config-of-two-clouds.yml',
    'cloud-config.yml',
    'cpi-config.yml',
    'earlier-releases/java-cloud-config.yml',
    'earlier-releases/java-deployment.yml',
    'earlier-releases/java-director.yml',
  ]);
});
