// The configuration of a cloud is refused with all of its mistakes at once, by name and without
// repeating a secret, and the page about it is what its schema says.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readCloudConfig } from '../../../bats-runner/target/cloud-config.js';
import { cloudConfigPage } from '../../../bats-runner/target/cloud-config-page.js';
import { readCloudConfigFile } from '../../../bats-runner/target/cloud-target.js';
import { readCpiTemplate } from '../../../bats-runner/target/cpi-template.js';
import { UsageError } from '../../../bats-runner/usage-error.js';

const network = (prefix: string, name = 'n'): object => ({
  name,
  addresses: [`${prefix}.20-${prefix}.39`],
});

const good = {
  cloudstack: {
    endpoint: 'https://cloud.example.com/client/api',
    api_key: 'the-key',
    secret_access_key: 'the-secret',
  },
  zone: 'zone1',
  template: 'small-linux',
  compute_offering: 'small',
  other_compute_offering: 'medium',
  disk_offering: 'any',
  network: network('10.0.0'),
};

function problemsOf(config: unknown): string {
  try {
    readCloudConfig('cloud.json', JSON.stringify(config));
  } catch (failure) {
    expect(failure).toBeInstanceOf(UsageError);
    return (failure as Error).message;
  }
  throw new Error('it should be refused');
}

test('a file with what is required is enough; what it leaves out has a default', () => {
  const config = readCloudConfig('cloud.json', JSON.stringify(good));
  expect(config).toMatchObject({ snapshots: true, uploads: true, minutes_per_case: 30 });
  expect(config.network.addresses).toHaveLength(20);
  expect(config.network.addresses[0]).toBe('10.0.0.20');
});

test('single addresses and ranges add up, each address once', () => {
  const addresses = ['10.0.0.254-10.0.1.10', '10.0.1.1', '10.0.2.7'];
  const config = readCloudConfig(
    'cloud.json',
    JSON.stringify({ ...good, network: { name: 'n', addresses } }),
  );
  expect(config.network.addresses).toHaveLength(14);
  expect(config.network.addresses).toContain('10.0.1.0');
});

test('all mistakes are named at once, without the values of keys', () => {
  const text = problemsOf({
    ...good,
    cloudstack: { endpoint: 'cloud.example.com', api_key: 'the-key', secret_access_key: 7 },
    zone: '',
    template: undefined,
    compute_ofering: 'small',
    network: { name: 'n', addresses: ['10.0.0.39-10.0.0.20', 'x'] },
    second_network: { name: 'm', addresses: ['10.1.0.1'] },
    vips: ['203.0.113.7'],
    minutes_per_case: 0,
  });
  expect(text).toMatch(/^cloud\.json has 10 mistakes:\n/);
  for (const problem of [
    'cloudstack.endpoint must be a URL that starts with http:// or https://',
    'cloudstack.secret_access_key must be a text',
    'zone must not be empty',
    'template is missing',
    'compute_ofering is unknown',
    'network.addresses.0 must be an IPv4 address, or the first and the last of at most 1024',
    'network.addresses.1 must be an IPv4 address',
    'second_network.addresses must be at least 4 addresses',
    'vips must be at least two addresses',
    'minutes_per_case must be at least 1',
  ]) {
    expect(text).toContain(`  ${problem}`);
  }
  expect(text).not.toMatch(/the-key|the-secret/);
});

for (const [what, change, problem] of [
  [
    'one compute offering twice',
    { other_compute_offering: 'small' },
    /other_compute_offering must/,
  ],
  [
    'one network twice',
    { second_network: network('10.0.0') },
    /second_network\.name must be another/,
  ],
  [
    'one zone twice',
    { second_zone: { zone: 'zone1', network: network('10.2.0') } },
    /second_zone\.zo/,
  ],
] as const) {
  test(`${what} is a mistake`, () => {
    expect(problemsOf({ ...good, ...change })).toMatch(problem);
  });
}

test('what is no JSON, and a file that is not there, are mistakes', () => {
  expect(() => readCloudConfig('cloud.json', '{"zone": ')).toThrow(/it is no JSON/);
  expect(() => readCloudConfigFile('/nowhere/cloud.json')).toThrow(/cannot be read: ENOENT/);
});

test('the page is what the schema says', () => {
  const page = readFileSync(new URL('../../../docs/bats-runner/cloud.md', import.meta.url), 'utf8');
  expect(page).toBe(cloudConfigPage());
  expect(page).not.toContain('undefined');
});

test('a template of another CPI is filled in as JSON, whatever the keys contain', () => {
  const text = JSON.stringify({ cloud: { url: '{endpoint}', auth: '{api_key}:{secret}' } });
  const configure = readCpiTemplate('template.json', text);
  expect(configure({ endpoint: 'http://x/', apiKey: '"$&', secretKey: '{endpoint}\\' })).toEqual({
    cloud: { url: 'http://x/', auth: '"$&:{endpoint}\\' },
  });
  const missing = '{"cloud": {"url": "{endpoint}"}}';
  expect(() => readCpiTemplate('template.json', missing)).toThrow(/\{api_key\}, \{secret\}/);
  expect(() => readCpiTemplate('template.json', '[]')).toThrow(/must be JSON, sections by name/);
});
