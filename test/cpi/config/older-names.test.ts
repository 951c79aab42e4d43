// Proves that the names which properties had in earlier CPIs are read, with the values that they had
// there, and that those which have no effect any more are told as such.
import { expect, test } from '@playwright/test';
import { mergeConfiguration, validateConfiguration } from '../../../cpi/config/load.js';
import { olderNames, retiredNames } from '../../../cpi/config/older-names.js';
import { sections } from '../../../cpi/config/properties.js';
import type { JsonObject } from '../../../cpi/protocol/json-value.js';
import { at } from '../../support/cpi-zone.js';

const smallest = {
  cloudstack: {
    endpoint: 'https://cloud.example.com/client/api',
    api_key: 'key',
    secret_access_key: 'secret-key',
    default_zone: 'zone1',
  },
  agent: { mbus: 'nats://10.0.0.6' },
};

/** An object with a value at a path. */
function withValue(path: string, value: unknown): object {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}

/** As the properties of a cpi-config come: those of no section, and of `cloudstack`, flat. */
function contextOf(name: string, value: unknown): Record<string, never> {
  return withValue(name.replace(/^cloudstack\./, ''), value) as Record<string, never>;
}

function valueOf(context: Record<string, never>, path: string, file: object = smallest): unknown {
  const raw = mergeConfiguration(JSON.stringify(file), context);
  const { configuration, warnings } = validateConfiguration(raw);
  expect(warnings).toEqual([]);
  return at(configuration, ...path.split('.'));
}

const credentials = { registry: { username: 'me', password: 'a-password' } };

for (const { older, present } of olderNames.filter(({ convert }) => convert === undefined)) {
  test(`${older} of an earlier CPI is read as ${present}`, () => {
    const [section = '', name = ''] = present.split('.');
    const { example } = Reflect.get(Reflect.get(sections, section) as object, name) as {
      example: never;
    };
    const beside = present === 'registry.endpoint' ? credentials : {};
    const here = { ...smallest, ...beside };
    expect(valueOf(contextOf(older, example), present, here)).toEqual(example);
    const both = { ...contextOf(older, example), ...contextOf(present, example) };
    expect(valueOf(both, present, here)).toEqual(example);
    // And as a file has it that was written by hand from the properties of a job.
    const group = older.split('.')[0] ?? '';
    if (['agent', 'stemcell', 'cloudstack', 'registry'].includes(group)) return;
    const file = { ...smallest, ...beside, ...withValue(older, example) };
    if (present !== 'agent.mbus') expect(valueOf({}, present, file)).toEqual(example);
  });
}

const converted: Readonly<
  Record<string, readonly (readonly [string, unknown, unknown, unknown])[]>
> = {
  'cloudstack.stemcell_publish_timeout': [['cloudstack.timeout', 5, { poll_template: 300 }, {}]],
  'cpi.calculate_vm_cloud_properties.disk.tags': [
    ['cloudstack.calculate', 'ssd, fast', { disk_tags: ['ssd', 'fast'] }, {}],
  ],
  'cpi.calculate_vm_cloud_properties.compute.tags': [
    ['cloudstack.calculate', 'bosh', { compute_tags: ['bosh'] }, {}],
  ],
  'cpi.blobstore': [
    [
      'agent.blobstore',
      {
        provider: 'dav',
        address: '10.0.0.6',
        port: 25250,
        agent: { user: 'agent', password: 'agent-password' },
      },
      {
        provider: 'dav',
        options: { endpoint: 'http://10.0.0.6:25250', user: 'agent', password: 'agent-password' },
      },
      undefined,
    ],
    [
      'agent.blobstore',
      { provider: 'local', path: '/var/vcap/cache' },
      { provider: 'local', options: { blobstore_path: '/var/vcap/cache' } },
      undefined,
    ],
    ['agent.blobstore', { path: '/var/vcap/cache' }, undefined, undefined],
  ],
  'env.https_proxy': [
    ['cloudstack.proxy_host', 'http://proxy.example.com:3128', 'proxy.example.com', undefined],
    ['cloudstack.proxy_port', 'http://proxy.example.com:3128', 3128, 8080],
    ['cloudstack.proxy_port', 'proxy.example.com', 80, 8080],
    ['cloudstack.proxy_user', 'http://me:a%20word@proxy', 'me', undefined],
    ['cloudstack.proxy_password', 'http://me:a%20word@proxy', 'a word', undefined],
  ],
  // The endpoint is encrypted.
  'env.http_proxy': [['cloudstack.proxy_host', 'http://proxy:3128', undefined, undefined]],
  'env.no_proxy': [['cloudstack.proxy_host', 'example.com', undefined, undefined]],
};

for (const [older, cases] of Object.entries(converted)) {
  for (const [path, value, present, otherwise] of cases) {
    test(`${older} of an earlier CPI, ${JSON.stringify(value)}, becomes ${path}`, () => {
      expect(valueOf(contextOf(older, value), path)).toEqual(present);
      expect(valueOf({}, path)).toEqual(otherwise);
    });
  }
}

test('the blobstore without a provider that the Go release names is none', () => {
  const agent = { ...smallest.agent, blobstore: { provider: '', options: {} } };
  expect(valueOf({}, 'agent.blobstore', { ...smallest, agent })).toBeUndefined();
});

test('retired names that are left empty are not told of', () => {
  const cloudstack = { ...smallest.cloudstack, clean_disk: '', cpi: { zipkin: null } };
  const agent = { ...smallest.agent, env_service: '' };
  expect(valueOf({}, 'cloudstack.state_timeout', { ...smallest, cloudstack, agent })).toBe(1_200);
});

test('an older name in the context counts for more than the present one in the file', () => {
  const cloudstack = { ...smallest.cloudstack, state_timeout: 60, expunge_vm: true };
  const file = { ...smallest, cloudstack };
  const context = { timeout: { global: 90 }, cpi: { force_expunge: false } } as never;
  expect(valueOf(context, 'cloudstack.state_timeout', file)).toBe(90);
  expect(valueOf(context, 'cloudstack.expunge_vm', file)).toBe(false);
});

test('each name whose value becomes another one has a test of it', () => {
  const names = olderNames.filter(({ convert }) => convert !== undefined);
  expect([...new Set(names.map(({ older }) => older))].sort()).toEqual(
    Object.keys(converted).sort(),
  );
});

for (const [noProxy, isUsed] of [
  ['', true],
  ['other.example.com', true],
  ['*', false],
  ['cloud.example.com', false],
  ['example.com:443', false],
  ['.example.com', false],
  ['ample.com', true],
  ['10.0.0.0/8, cloud.example.com', false],
  ['10.0.0.0/8', true],
] as const) {
  test(`no_proxy of "${noProxy}" ${isUsed ? 'leaves' : 'takes'} the proxy`, () => {
    const env = { https_proxy: 'http://proxy:3128', no_proxy: noProxy };
    const host = valueOf({ env } as never, 'cloudstack.proxy_host');
    expect(host).toBe(isUsed ? 'proxy' : undefined);
  });
}

test('a range in no_proxy covers the addresses in it', () => {
  const env = { http_proxy: 'http://proxy:3128', no_proxy: '10.0.0.0/8' };
  for (const [address, host] of [
    ['10.1.2.3', undefined],
    ['192.0.2.1', 'proxy'],
  ] as const) {
    const cloudstack = { ...smallest.cloudstack, endpoint: `http://${address}/client/api` };
    const file = { ...smallest, cloudstack };
    expect(valueOf({ env } as never, 'cloudstack.proxy_host', file)).toBe(host);
  }
});

for (const [name, why] of Object.entries(retiredNames)) {
  test(`${name} of an earlier CPI is said to have no effect, and why`, () => {
    const raw = mergeConfiguration(JSON.stringify(smallest), contextOf(name, 'x'));
    expect(validateConfiguration(raw).warnings).toEqual([`${name} has no effect: ${why}`]);
    // It does not stand beside what keeps the CPI from working.
    const { default_zone: zone, ...others } = raw.cloudstack as JsonObject;
    expect(zone).toBeDefined();
    expect(messageOf(() => validateConfiguration({ ...raw, cloudstack: others }))).toMatch(
      /\(1\) cloudstack\.default_zone is missing: [^.]*$/,
    );
  });
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (failure) {
    return String(failure);
  }
  throw new Error('it did not fail');
}
