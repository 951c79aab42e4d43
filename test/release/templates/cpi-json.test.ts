// Proves that cpi.json, rendered by Ruby as a Director and as `bosh create-env` render it, is what
// the CPI takes, for the ways in which operators configure it; and that what the CPI would refuse
// fails when it is rendered, with a sentence that names the property.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import {
  mergeConfiguration,
  validateConfiguration,
  type LoadedConfiguration,
} from '../../../cpi/config/load.js';
import { sections } from '../../../cpi/config/properties.js';
import type { Property } from '../../../cpi/config/property.js';
import { jobs } from '../../../release/declare/jobs.js';
import { certificate, minimal, withProperties, withProperty } from '../support/property-sets.js';
import { render, renderers, type Renderer } from '../support/rendering.js';

// Ruby starts once.
test.describe.configure({ mode: 'default' });

const file = (properties: object, renderer: Renderer = 'director'): Promise<string> =>
  render({ job: 'cloudstack_cpi', template: 'cpi.json.erb', properties, renderer });

const load = (text: string): LoadedConfiguration =>
  validateConfiguration(mergeConfiguration(text, {}));

const javaRelease = {
  cloudstack: {
    ...minimal.cloudstack,
    default_key_name: 'bosh',
    private_key: '',
    state_timeout: 600,
    stemcell_publish_timeout: 10,
    proxy_host: '',
    proxy_user: '',
    proxy_password: '',
  },
  cpi: {
    host: '127.0.0.1',
    default_disk_offering: 'shared.custom',
    force_expunge: true,
    registry: {
      endpoint: 'http://admin:a-password@10.0.0.6:8080',
      user: 'admin',
      password: 'a-password',
    },
    blobstore: { provider: 'local', path: '/var/vcap/micro_bosh/data/cache' },
    ntp: ['0.pool.ntp.org'],
    agent: { mbus: 'https://mbus:a-password@0.0.0.0:6868' },
  },
};

const goRelease = withProperties(minimal, {
  cloudstack: {
    expunge_vm: false,
    timeout: { global: 1800, attach_volume: 36_000 },
    clean_disk: true,
    default_offer: { disk: 'shared.custom', ephemeral_disk: 'ephemeral' },
    stemcell: { requires_hvm: false, os_type: 'Ubuntu 20.04 LTS' },
  },
  director: { name: 'my-director' },
  ntp: ['0.pool.ntp.org'],
  env: { https_proxy: 'http://me:a-password@proxy.example.com:3128', no_proxy: '10.0.0.6' },
  registry: { host: '', username: '', password: '' },
});

/** Sets of properties with what the CPI makes of them, and how many properties it tells about. */
const sets: Readonly<
  Record<string, { properties: object; loaded: Record<string, unknown>; warnings?: number }>
> = {
  minimal: { properties: minimal, loaded: minimal },
  proxy: {
    properties: withProperty(minimal, 'cloudstack', {
      proxy_host: 'proxy.example.com',
      proxy_port: 3128,
    }),
    loaded: { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: 3128 } },
  },
  'proxy of bosh-deployment': {
    properties: withProperty(minimal, 'env', {
      http_proxy: 'http://other.example.com:8080',
      https_proxy: 'http://proxy.example.com:3128',
      no_proxy: '10.0.0.6',
    }),
    loaded: { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: 3128 } },
  },
  'custom CA': {
    properties: withProperty(minimal, 'cloudstack.ca_cert', `${certificate}\n${certificate}\n`),
    loaded: { cloudstack: { ca_cert: `${certificate}\n${certificate}\n` } },
  },
  registry: {
    properties: withProperty(minimal, 'registry', {
      host: '10.0.0.6',
      username: 'r',
      password: 'p',
    }),
    loaded: { registry: { host: '10.0.0.6', port: 25_777, username: 'r', password: 'p' } },
  },
  'a stemcell server': {
    properties: withProperties(minimal, {
      stemcell: { publish: 'webdav' },
      stemcell_server: { url: 'http://10.0.0.6:25778', username: 's', password: 'p' },
    }),
    loaded: { stemcell: { publish: 'webdav' }, stemcell_server: { url: 'http://10.0.0.6:25778' } },
  },
  'placeholders, where cpi-configs have the values': {
    properties: withProperty(minimal, 'cloudstack', {
      endpoint: 'https://set-by.cpi-config.invalid/client/api',
      api_key: 'unused',
      secret_access_key: 'unused',
      default_zone: 'unused',
    }),
    loaded: { cloudstack: { default_zone: 'unused' } },
  },
  'no registry, with the rest of it filled in': {
    properties: withProperty(minimal, 'registry', {
      host: '',
      port: 6901,
      username: 'r',
      password: 'p',
    }),
    loaded: { registry: { host: undefined, username: undefined } },
  },
  'the Java release': {
    properties: javaRelease,
    loaded: {
      cloudstack: {
        default_key_name: 'bosh',
        state_timeout: 600,
        timeout: { poll_template: 600 },
        default_disk_offering: 'shared.custom',
        expunge_vm: true,
        proxy_host: undefined,
      },
      registry: { endpoint: 'http://admin:a-password@10.0.0.6:8080', username: 'admin' },
      agent: {
        mbus: 'https://mbus:a-password@0.0.0.0:6868',
        ntp: ['0.pool.ntp.org'],
        blobstore: {
          provider: 'local',
          options: { blobstore_path: '/var/vcap/micro_bosh/data/cache' },
        },
      },
    },
    warnings: 1,
  },
  'the Go release': {
    properties: goRelease,
    loaded: {
      cloudstack: {
        expunge_vm: false,
        state_timeout: 1800,
        timeout: { attach_volume: 36_000 },
        default_disk_offering: 'shared.custom',
        default_ephemeral_disk_offering: 'ephemeral',
        proxy_host: 'proxy.example.com',
        proxy_user: 'me',
        proxy_password: 'a-password',
      },
      stemcell: { requires_hvm: false, os_type: 'Ubuntu 20.04 LTS' },
      agent: { ntp: ['0.pool.ntp.org'] },
    },
    warnings: 1,
  },
};

for (const [name, { properties, loaded, warnings = 0 }] of Object.entries(sets)) {
  test(`taken: ${name}`, async () => {
    for (const renderer of renderers) {
      const { configuration, warnings: said } = load(await file(properties, renderer));
      expect(configuration, renderer).toMatchObject(loaded);
      expect(said).toHaveLength(warnings);
    }
  });
}

test('taken: every property at once, with the value of its example', async () => {
  const { properties } = jobs.find(({ name }) => name === 'cloudstack_cpi')!;
  // Those of earlier releases, and what excludes each other, are in sets of their own.
  const present = properties.filter(
    ({ name, description }) =>
      !/earlier release/.test(description) &&
      !['cloudstack.project_id', 'registry.host'].includes(name),
  );
  expect(present.length).toBeGreaterThan(45);
  const full = present.reduce(
    (tree, { name, example, expected }) =>
      withProperty(tree, name, /certificates in PEM/.test(expected) ? certificate : example),
    {},
  );
  for (const renderer of renderers) {
    const text = await file(full, renderer);
    const { configuration, warnings } = load(text);
    expect(warnings).toEqual([]);
    expect(configuration).toMatchObject({ ...full });
  }
});

/** What stands beside a name of an earlier release where it would change nothing by itself. */
const beside: Readonly<Record<string, object>> = {
  'cpi.agent.mbus': { agent: null },
  'env.http_proxy': { cloudstack: { endpoint: 'http://cloud.example.com/client/api' } },
  'env.no_proxy': { env: { https_proxy: 'http://proxy.example.com:3128' } },
  'registry.user': { registry: { host: '10.0.0.6', password: 'a-password' } },
  'cpi.registry.user': { registry: { host: '10.0.0.6', password: 'a-password' } },
  'cpi.registry.password': { registry: { host: '10.0.0.6', username: 'me' } },
  'cpi.registry.endpoint': { registry: { host: '', username: 'me', password: 'a-password' } },
};

/** Where the example is the default. */
const otherValues: Readonly<Record<string, unknown>> = {
  'cloudstack.stemcell.os_type': 'Ubuntu 22.04 LTS',
  'cloudstack.stemcell_os_type': 'Ubuntu 22.04 LTS',
  'cpi.webdav_port': 8080,
};

test('every name of the earlier releases arrives as if it stood in the file', async () => {
  const { properties } = jobs.find(({ name }) => name === 'cloudstack_cpi')!;
  const older = properties.filter(({ description }) => /earlier release/.test(description));
  expect(older.length).toBeGreaterThan(40);
  for (const { name, example } of older) {
    const base = withProperties(minimal, beside[name] ?? {});
    const given = withProperty(base, name, otherValues[name] ?? example);
    const byTemplate = load(await file(given));
    assert.deepEqual(byTemplate, load(JSON.stringify(given)), name);
    const without = JSON.stringify(base);
    const isTold = await refusal(() => assert.deepEqual(byTemplate, load(without)));
    assert.notEqual(isTold, '', `${name} changes nothing`);
  }
});

test('texts arrive as they are, whatever is in them', async () => {
  const strange = 'p%w"o\'r<%=1%>d\\n#{x}é☃';
  const { configuration } = load(
    await file(withProperty(minimal, 'cloudstack.secret_access_key', strange)),
  );
  expect(configuration.cloudstack.secret_access_key).toBe(strange);
});

/** One thing wrong each: the property, its value, and what the sentence is to say. */
const faults: readonly (readonly [string, object, RegExp])[] = [
  ['no endpoint', { cloudstack: { endpoint: null } }, /cloudstack\.endpoint is missing/],
  ['an empty key', { cloudstack: { api_key: '' } }, /cloudstack\.api_key is missing/],
  [
    'no secret',
    { cloudstack: { secret_access_key: null } },
    /cloudstack\.secret_access_key is missing/,
  ],
  ['no zone', { cloudstack: { default_zone: null } }, /cloudstack\.default_zone is missing/],
  ['no message bus', { agent: null }, /agent\.mbus is missing/],
  [
    'an endpoint without scheme',
    { cloudstack: { endpoint: 'cloud.example.com' } },
    /cloudstack\.endpoint must be an http/,
  ],
  [
    'a flag in quotes',
    { cloudstack: { expunge_vm: 'true' } },
    /cloudstack\.expunge_vm must be true or false/,
  ],
  [
    'a time of no seconds',
    { cloudstack: { state_timeout: 0 } },
    /cloudstack\.state_timeout must be a whole number of seconds/,
  ],
  ['a text for a list', { agent: { ntp: 'pool.ntp.org' } }, /agent\.ntp must be a list of strings/],
  [
    'digits for a password',
    { registry: { host: 'h', username: 'r', password: 12345 } },
    /registry\.password must be a string/,
  ],
  [
    'an unknown word',
    { stemcell: { publish: 'ftp' } },
    /stemcell\.publish must be "upload" or "webdav" or "create-env"/,
  ],
  [
    'an account without domain',
    { cloudstack: { account: 'a' } },
    /cloudstack\.account and cloudstack\.domain_id go together/,
  ],
  [
    'account and project',
    { cloudstack: { account: 'a', domain_id: 'd', project_id: 'p' } },
    /cloudstack\.account and cloudstack\.project_id exclude each other/,
  ],
  [
    'a registry by host and endpoint',
    { registry: { host: 'h', endpoint: 'http://h:1', username: 'r', password: 'p' } },
    /registry\.host and registry\.endpoint exclude each other/,
  ],
  [
    'users of no registry',
    { registry: { username: 'r', password: 'p' } },
    /registry\.host is missing: set it to the host name or address of the registry/,
  ],
  [
    'a registry without user',
    { registry: { host: 'h', password: 'p' } },
    /registry\.username is missing/,
  ],
  [
    'a registry without password',
    { registry: { endpoint: 'http://h:1', username: 'r' } },
    /registry\.password is missing/,
  ],
  [
    'a stemcell server without address',
    { stemcell: { publish: 'webdav' }, stemcell_server: { username: 's', password: 'p' } },
    /stemcell_server\.url is missing: stemcell\.publish webdav needs it/,
  ],
  [
    'nowhere to listen',
    { stemcell: { publish: 'create-env' } },
    /stemcell_server\.host is missing: stemcell\.publish create-env needs it/,
  ],
  [
    'everywhere to listen',
    { stemcell: { publish: 'create-env' }, stemcell_server: { host: '0.0.0.0' } },
    /stemcell_server\.public_url is missing/,
  ],
  [
    'a CA that is none',
    { cloudstack: { ca_cert: 'my CA' } },
    /cloudstack\.ca_cert must be one or more certificates in PEM form/,
  ],
];

for (const [fault, over, sentence] of faults) {
  test(`refused: ${fault}`, async () => {
    const properties = withProperties(minimal, over);
    for (const renderer of renderers)
      await expect(file(properties, renderer)).rejects.toThrow(sentence);
    // The CPI would refuse it, too, but only when it is called.
    expect(() => load(JSON.stringify(properties))).toThrow(/Invalid CPI configuration/);
  });
}

/** What the CPI cannot know, or finds out late only. */
const faultsOfDeployment: typeof faults = [
  [
    'a CA that is cut off',
    { cloudstack: { ca_cert: certificate.replace(/\n[^\n]*\n---/, '\n---') } },
    /cloudstack\.ca_cert cannot be read/,
  ],
  [
    'one CA of two that is damaged',
    { registry: { ca_cert: `${certificate}\n${certificate.replace('MII', 'AII')}` } },
    /registry\.ca_cert cannot be read/,
  ],
  [
    'a proxy whose port is empty',
    { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: '' } },
    /cloudstack\.proxy_port is missing/,
  ],
  [
    'a proxy with its port in its name',
    { cloudstack: { proxy_host: 'proxy.example.com:3128' } },
    /cloudstack\.proxy_host is more than a host name/,
  ],
  [
    'a URL for a proxy',
    { cloudstack: { proxy_host: 'http://proxy.example.com' } },
    /cloudstack\.proxy_host is more than a host name/,
  ],
  ['a user of no proxy', { cloudstack: { proxy_user: 'me' } }, /cloudstack\.proxy_host is missing/],
  [
    'a proxy of bosh-deployment without port',
    { env: { https_proxy: 'http://proxy.example.com' } },
    /env\.https_proxy has no port/,
  ],
];

for (const [fault, over, sentence] of faultsOfDeployment) {
  test(`refused before it is deployed: ${fault}`, async () => {
    const properties = withProperties(minimal, over);
    for (const renderer of renderers)
      await expect(file(properties, renderer)).rejects.toThrow(sentence);
  });
}

test('all that is wrong is told at once, and no secret', async () => {
  const wrong = {
    cloudstack: { endpoint: 'x', secret_access_key: 'my secret', default_zone: 7 },
    agent: {},
  };
  const failure = await refusal(() => file(wrong));
  for (const name of [
    'cloudstack.endpoint',
    'cloudstack.api_key',
    'cloudstack.secret_access_key',
    'cloudstack.default_zone',
    'agent.mbus',
  ]) {
    expect(failure).toContain(`) ${name} `);
  }
  expect(failure).not.toContain('my secret');
});

/** Objects whose insides only the CPI looks into. */
const onlyByTheCpi = [
  'cloudstack.poll',
  'cloudstack.timeout',
  'cloudstack.calculate',
  'agent.blobstore',
];

test('of single values, the template refuses what the CPI refuses, and takes what it takes', async () => {
  const values = [
    true,
    7,
    100_000_000,
    'two words',
    'http://h',
    'https://u:p@h:1',
    ['x'],
    { a: 1 },
  ];
  // One property of each form: the rest differs in its name only.
  const names = new Map(
    Object.entries(sections)
      .flatMap(([section, table]) =>
        Object.entries(table as Record<string, Property<unknown>>).map(
          ([key, { form, expected }]) => ({
            name: `${section}.${key}`,
            form: `${JSON.stringify(form)} ${expected}`,
          }),
        ),
      )
      .filter(({ name }) => !onlyByTheCpi.includes(name))
      .map(({ name, form }) => [form, name]),
  );
  expect(names.size).toBeGreaterThan(12);
  const differences: string[] = [];
  for (const name of names.values()) {
    for (const value of values) {
      const properties = withProperty(minimal, name, value);
      const byTemplate = await refusal(() => file(properties));
      const byCpi = await refusal(() => load(JSON.stringify(properties)));
      const isRefused = (said: string): boolean => said.includes(`${name} must be `);
      if (isRefused(byTemplate) === isRefused(byCpi)) continue;
      differences.push(`${name} ${JSON.stringify(value)}: ${byTemplate} | ${byCpi}`);
    }
  }
  assert.deepEqual(differences, []);
});

/** What is said against it, or nothing. */
async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return '';
  } catch (failure) {
    return (failure as Error).message;
  }
}
