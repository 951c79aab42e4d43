// Proves that each operations file applies to the shape of bosh-deployment's bosh.yml, that all
// variables are used and known, and that what comes of it is what the jobs of the release take: cpi.json
// for the Director and for the CLI, and the configurations of both servers.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import {
  mergeConfiguration,
  validateConfiguration,
  type LoadedConfiguration,
} from '../../../cpi/config/load.js';
import { readRegistryConfiguration } from '../../../cpi/registry/registry-configuration.js';
import { readStemcellServerConfiguration } from '../../../cpi/stemcell-server/stemcell-server-configuration.js';
import {
  applyOperations,
  interpolate,
  variablesIn,
  type Operation,
} from '../support/operations.js';
import { certificate, withProperties } from '../support/property-sets.js';
import { render, type Renderer } from '../support/rendering.js';

// Ruby starts once.
test.describe.configure({ mode: 'default' });

const root = fileURLToPath(new URL('../../..', import.meta.url));
const yaml = (path: string): unknown =>
  parse(readFileSync(join(root, path), 'utf8'), { version: '1.1' });
const bosh = yaml('test/vectors/release/bosh-deployment.yml') as Manifest;
const operations = (name: string): Operation[] => yaml(`release/ops/${name}.yml`) as Operation[];

interface Manifest {
  readonly releases: { name: string; version: string }[];
  readonly instance_groups: { jobs: { name: string; release: string }[]; properties: object }[];
  readonly cloud_provider: { template?: object; properties: object };
  readonly variables: { name: string }[];
}

/** What an operator passes by `-v` for cpi.yml, and for bosh.yml itself. */
const forBosh = {
  director_name: 'my-bosh',
  internal_cidr: '10.0.0.0/24',
  internal_gw: '10.0.0.1',
  internal_ip: '10.0.0.6',
};
const forRelease = {
  cloudstack_cpi_release_url: 'file:///r.tgz',
  cloudstack_cpi_release_sha1: 'sha256:00',
};
const forCpi = {
  ...forBosh,
  ...forRelease,
  stemcell_url: 'file:///s.tgz',
  stemcell_sha1: '00',
  network_name: 'NET_CS',
  cloudstack_compute_offering: 'm1.large',
  cloudstack_ephemeral_disk_offering: 'ephemeral',
  cloudstack_disk_offering: 'shared.custom',
  cloudstack_endpoint: 'https://cloud.example.com/client/api',
  cloudstack_api_key: 'an-api-key',
  cloudstack_secret_access_key: 'a-secret-key',
  cloudstack_default_key_name: 'bosh',
  cloudstack_zone: 'zone1',
};

interface Addition {
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the Director's CPI is configured to, beside what cpi.yml sets. */
  readonly director: Record<string, object>;
  /** The same of the CPI that `bosh create-env` calls. */
  readonly createEnv: Record<string, object>;
}

const ofProxy = { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: 3128 } };
const ofCa = { cloudstack: { ca_cert: certificate } };

/** Operations that may follow cpi.yml, in any combination. */
const additions: Readonly<Record<string, Addition>> = {
  registry: {
    variables: {},
    director: {
      registry: {
        host: '10.0.0.6',
        port: 25_777,
        username: 'registry',
        password: 'secret-cloudstack_registry_password',
      },
    },
    createEnv: { registry: { host: undefined } },
  },
  'stemcell-server': {
    variables: {},
    director: {
      stemcell: { publish: 'webdav' },
      stemcell_server: {
        url: 'http://10.0.0.6:25778',
        username: 'stemcells',
        password: 'secret-cloudstack_stemcell_server_password',
      },
    },
    createEnv: { stemcell: { publish: 'upload' } },
  },
  'auto-anti-affinity': {
    variables: {},
    director: {
      cloudstack: {
        enable_auto_anti_affinity: true,
        auto_anti_affinity_type: 'non-strict host anti-affinity',
      },
    },
    createEnv: { cloudstack: { enable_auto_anti_affinity: false } },
  },
  'custom-ca': {
    variables: { cloudstack_ca_cert: certificate },
    director: ofCa,
    createEnv: ofCa,
  },
  proxy: {
    variables: { cloudstack_proxy_host: 'proxy.example.com', cloudstack_proxy_port: 3128 },
    director: ofProxy,
    createEnv: ofProxy,
  },
};

/** Every selection of some names, in their order. */
function selections(names: readonly string[]): string[][] {
  return names.reduce<string[][]>(
    (before, name) => [...before, ...before.map((chosen) => [...chosen, name])],
    [[]],
  );
}

/** Applies files to bosh.yml; every variable is used, and is declared or passed. */
function manifestOf(
  files: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): Manifest {
  const manifest = applyOperations(bosh, files.flatMap(operations)) as Manifest;
  const declared = manifest.variables.map(({ name }) => name);
  const used = variablesIn(manifest);
  expect(used.filter((name) => !declared.includes(name))).toEqual(Object.keys(variables).sort());
  const added = declared.slice(bosh.variables.length);
  expect(added.filter((name) => !used.includes(name))).toEqual([]);
  const secrets = Object.fromEntries(declared.map((name) => [name, `secret-${name}`]));
  return interpolate(manifest, { ...secrets, ...variables }) as Manifest;
}

async function configurationOf(
  manifest: Manifest,
  renderer: Renderer,
): Promise<LoadedConfiguration> {
  const properties =
    renderer === 'director'
      ? manifest.instance_groups[0]!.properties
      : manifest.cloud_provider.properties;
  const text = await render({
    job: 'cloudstack_cpi',
    template: 'cpi.json.erb',
    properties,
    renderer,
  });
  return validateConfiguration(mergeConfiguration(text, {}));
}

for (const files of selections(Object.keys(additions))) {
  test(`bosh.yml with ${['cpi', ...files].join(', ')}`, async () => {
    const chosen = files.map((name) => additions[name]!);
    const variables = Object.assign({ ...forCpi }, ...chosen.map((one) => one.variables)) as object;
    const manifest = manifestOf(['cpi', ...files], variables as Record<string, unknown>);
    const byDirector = await configurationOf(manifest, 'director');
    const byCli = await configurationOf(manifest, 'create-env');
    expect([byDirector.warnings, byCli.warnings]).toEqual([[], []]);
    for (const { director, createEnv } of chosen) {
      expect(byDirector.configuration).toMatchObject(director);
      expect(byCli.configuration).toMatchObject(createEnv);
    }
    for (const { cloudstack } of [byDirector.configuration, byCli.configuration]) {
      expect(cloudstack).toMatchObject({
        endpoint: 'https://cloud.example.com/client/api',
        api_key: 'an-api-key',
        secret_access_key: 'a-secret-key',
        default_key_name: 'bosh',
        default_zone: 'zone1',
      });
    }
    expect(byDirector.configuration.agent.mbus).toBe('nats://10.0.0.6:4222');
    expect(byCli.configuration.agent.mbus).toBe(
      'https://mbus:secret-mbus_bootstrap_password@0.0.0.0:6868',
    );
  });
}

test('the order of operations after cpi.yml does not matter', async () => {
  const names = Object.keys(additions);
  const variables = Object.assign(
    { ...forCpi },
    ...Object.values(additions).map((one) => one.variables),
  ) as Record<string, unknown>;
  const [forwards, backwards] = [names, names.toReversed()].map((files) =>
    configurationOf(manifestOf(['cpi', ...files], variables), 'director'),
  );
  expect(await backwards).toEqual(await forwards);
});

test('the servers get what their programs take', async () => {
  const manifest = manifestOf(['cpi', 'registry', 'stemcell-server'], forCpi);
  const [{ properties, jobs }] = manifest.instance_groups as [Manifest['instance_groups'][0]];
  const at = (job: string, template: string): Promise<string> =>
    render({ job, template, properties, renderer: 'director' });
  const registry = readRegistryConfiguration(await at('cloudstack_registry', 'registry.json.erb'));
  expect(registry).toMatchObject({
    warnings: [],
    registry: {
      host: '10.0.0.6',
      password: 'secret-cloudstack_registry_password',
      store: {
        type: 'postgres',
        url: 'postgres://postgres:secret-postgres_password@127.0.0.1:5432/cloudstack_registry',
      },
    },
  });
  expect(properties).toMatchObject({
    postgres: { user: 'postgres', additional_databases: ['cloudstack_registry'] },
  });
  const server = readStemcellServerConfiguration(
    await at('cloudstack_stemcell_server', 'stemcell-server.json.erb'),
  );
  expect(server).toMatchObject({
    warnings: [],
    server: { host: '0.0.0.0', port: 25_778, username: 'stemcells' },
  });
  const own = jobs
    .filter(({ release }) => release === 'bosh-cloudstack-cpi')
    .map(({ name }) => name);
  expect(own).toEqual(['cloudstack_cpi', 'cloudstack_registry', 'cloudstack_stemcell_server']);
});

test('a Director elsewhere gets the CPI besides its own', async () => {
  const manifest = manifestOf(['cpi-secondary'], { ...forBosh, ...forRelease });
  expect(manifest.cloud_provider).not.toHaveProperty('template');
  const { configuration, warnings } = await configurationOf(manifest, 'director');
  expect(warnings).toEqual([]);
  expect(configuration.cloudstack.api_key).toBe('set-by-cpi-config');
});

test("the variables of bosh-deployment's own cpi.yml are all that cpi.yml needs besides its own", () => {
  // cloudstack/cpi.yml of bosh-deployment, which is for the Go CPI.
  const theirs = [
    ...['stemcell_url', 'stemcell_sha1', 'network_name', 'cloudstack_compute_offering'],
    ...['cloudstack_endpoint', 'cloudstack_api_key', 'cloudstack_secret_access_key'],
    ...['cloudstack_default_key_name', 'cloudstack_zone'],
  ];
  const ours = variablesIn(operations('cpi')).filter((name) => !Object.hasOwn(forRelease, name));
  const offerings = ['cloudstack_disk_offering', 'cloudstack_ephemeral_disk_offering'];
  expect(ours).toEqual([...theirs, ...offerings].sort());
});

/** What cloudstack/cpi.yml of bosh-deployment has set, now or earlier, and cpi.yml does not. */
const ofBoshDeployment = {
  cloudstack: {
    private_key: 'not_used',
    stemcell: { public_visibility: true, requires_hvm: false, os_type: 'Other PV (64-bit)' },
    timeout: {
      ...{ global: 1800, reboot_vm: 1800, create_vm: 1800, delete_vm: 1800, stop_vm: 1800 },
      ...{ create_volume: 1800, delete_volume: 1800, resize_volume: 1800, poll_template: 1800 },
      ...{ snapshot_volume: 1800, delete_snapshot_volume: 1800 },
      ...{ attach_volume: 36_000, detach_volume: 1800 },
    },
    ...{ proxy_host: '', proxy_user: '', proxy_password: '', proxy_port: '' },
    ...{ clean_disk: true, interval_clean_disk: 1, expunge_vm: true },
    calculate: { disk_tags: [], not_disk_tags: [], compute_tags: [], not_compute_tags: [] },
    default_offer: { disk: '', ephemeral_disk: '', custom_disk: 'shared.custom' },
  },
  registry: {
    address: '10.0.0.6',
    host: '10.0.0.6',
    db: { host: '127.0.0.1', user: 'postgres', password: 'p', database: 'bosh' },
    http: { user: 'registry', password: 'p', port: 25_777 },
    ...{ username: 'registry', password: 'p', port: 25_777 },
  },
  agent: {
    blobstore: {
      provider: 'dav',
      options: { endpoint: 'http://10.0.0.6:25250', user: 'agent', password: 'p', tls: {} },
    },
  },
};

test("all that bosh-deployment's own cpi.yml has ever set is taken", async () => {
  const manifest = manifestOf(['cpi'], forCpi);
  const [group] = manifest.instance_groups as [Manifest['instance_groups'][0]];
  const properties = withProperties(group.properties, ofBoshDeployment);
  const { configuration, warnings } = await configurationOf(
    { ...manifest, instance_groups: [{ ...group, properties }] },
    'director',
  );
  expect(warnings.map((warning) => warning.replace(/:.*/, ''))).toEqual([
    'cloudstack.clean_disk has no effect',
    'cloudstack.interval_clean_disk has no effect',
    'cloudstack.timeout.delete_volume has no effect',
  ]);
  expect(configuration).toMatchObject({
    cloudstack: {
      ...{ state_timeout: 1800, timeout: { attach_volume: 36_000 }, expunge_vm: true },
      ...{ stemcell_public_visibility: true, proxy_host: undefined },
      ...{ default_disk_offering: 'shared.custom' },
    },
    stemcell: { requires_hvm: false, os_type: 'Other PV (64-bit)' },
    agent: ofBoshDeployment.agent,
    registry: { host: '10.0.0.6', port: 25_777, username: 'registry', password: 'p' },
  });
});

test('every file is tried, and names the release of this package', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = readdirSync(join(root, 'release/ops')).map((name) => name.replace(/\.yml$/, ''));
  expect(files.sort()).toEqual([...Object.keys(additions), 'cpi', 'cpi-secondary'].sort());
  for (const name of ['cpi', 'cpi-secondary']) {
    const { releases } = applyOperations(bosh, operations(name)) as Manifest;
    expect(releases.at(-1), name).toMatchObject({ name: 'bosh-cloudstack-cpi', version });
  }
});

for (const name of Object.keys(additions)) {
  test(`${name}.yml leads nowhere in a manifest that has no instance group bosh`, () => {
    const without = { ...bosh, instance_groups: [] };
    expect(() => applyOperations(without, operations(name))).toThrow(/there are 0 of name=bosh/);
  });
}
