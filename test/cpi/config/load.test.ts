// Proves that cpi.json and the context of a request become one valid configuration, and that every
// problem of an invalid one is named at once, without its secrets; by cases.
import { expect, test } from '@playwright/test';
import { mergeConfiguration, secretsOf, validateConfiguration } from '../../../cpi/config/load.js';
import type { JsonObject } from '../../../cpi/protocol/json-value.js';

const cloudstack = {
  endpoint: 'https://cloud.example.com/client/api',
  api_key: 'the-api-key',
  secret_access_key: 'the-secret-key',
  default_zone: 'zone1',
};
const smallest = { cloudstack, agent: { mbus: 'nats://nats:bus-password@10.0.0.6:4222' } };

function load(file: object, context: JsonObject = {}): ReturnType<typeof validateConfiguration> {
  return validateConfiguration(mergeConfiguration(JSON.stringify(file), context));
}

function problemsOf(file: object, context: JsonObject = {}): string {
  try {
    load(file, context);
  } catch (failure) {
    return String(failure);
  }
  throw new Error('the configuration is valid');
}

test('fills in defaults', () => {
  const { configuration, warnings } = load(smallest);
  expect(warnings).toEqual([]);
  expect(configuration.cloudstack).toMatchObject({
    ...cloudstack,
    state_timeout: 1200,
    state_timeout_volume: 1200,
    state_timeout_snapshot: 7200,
    enable_auto_anti_affinity: false,
    strict_properties: false,
    upload_verify_tls: true,
    user_data_max_length: 32_768,
    vm_expunge_delay: 0,
  });
  expect(configuration.agent.ntp).toEqual([]);
  expect(configuration.stemcell).toEqual({
    publish: 'upload',
    os_type: 'Other PV (64-bit)',
    requires_hvm: true,
  });
});

test('lays keys of the context over cloudstack, and objects named like a section over it', () => {
  const { configuration } = load(smallest, {
    endpoint: 'http://127.0.0.1:8080/client/api',
    state_timeout: 5,
    agent: { ntp: ['a'] },
    stemcell: { os_type: 'Other (64-bit)' },
  });
  expect(configuration.cloudstack.endpoint).toBe('http://127.0.0.1:8080/client/api');
  expect(configuration.cloudstack.state_timeout).toBe(5);
  expect(configuration.cloudstack.api_key).toBe('the-api-key');
  expect(configuration.agent).toMatchObject({ mbus: smallest.agent.mbus, ntp: ['a'] });
  expect(configuration.stemcell.os_type).toBe('Other (64-bit)');
});

test('takes the properties of a cpi-config under cloudstack as well as flat', () => {
  const own = { api_key: 'key-b', default_zone: 'zone-2' };
  const { configuration, warnings } = load(smallest, { cloudstack: own, state_timeout: 5 });
  expect(configuration.cloudstack).toMatchObject({ ...cloudstack, ...own, state_timeout: 5 });
  expect(warnings).toEqual([]);
  const raw = mergeConfiguration(JSON.stringify(smallest), { cloudstack: own });
  expect(secretsOf(raw)).toContain('key-b');
});

test('needs no credentials in the file when the context has them', () => {
  expect(load({ agent: smallest.agent }, cloudstack).configuration.cloudstack.api_key).toBe(
    'the-api-key',
  );
});

test('takes null and an empty string for absent', () => {
  const file = { ...smallest, cloudstack: { ...cloudstack, ca_cert: '', default_key_name: null } };
  expect(load(file).configuration.cloudstack.ca_cert).toBeUndefined();
});

for (const registry of [undefined, null, {}, { host: '', port: 6901 }, { endpoint: '' }]) {
  test(`takes the registry ${JSON.stringify(registry)} for none`, () => {
    expect(() => load({ ...smallest, registry })).not.toThrow();
  });
}

test('names every problem at once', () => {
  const problems = problemsOf({
    cloudstack: {
      endpoint: 'cloud.example.com',
      api_key: 'has space',
      state_timeout: '20',
      upload_verify_tls: 'no',
      poll: { cap_ms: 0 },
      ca_cert: 'none',
    },
    agent: { ntp: 'pool.ntp.org' },
    stemcell: { publish: 'pigeon' },
    registry: { host: '10.0.0.6' },
  });
  for (const name of [
    'cloudstack.endpoint must be an http:// or https:// URL',
    'cloudstack.api_key must be',
    'cloudstack.secret_access_key is missing',
    'cloudstack.default_zone is missing',
    'cloudstack.state_timeout must be a whole number of seconds',
    'cloudstack.upload_verify_tls must be true or false',
    'cloudstack.poll must be',
    'cloudstack.ca_cert must be',
    'agent.mbus is missing',
    'agent.ntp must be a list of strings',
    'stemcell.publish must be "upload"',
    'registry.username is missing',
    'registry.password is missing',
  ]) {
    expect(problems).toContain(name);
  }
});

for (const [problem, value] of Object.entries({
  'no scheme': 'cloud.example.com/client/api',
  'another scheme': 'ftp://cloud.example.com/client/api',
  'credentials inside': 'https://user:password@cloud.example.com/client/api',
  'a query': 'https://cloud.example.com/client/api?x=1',
  'a number': 5,
})) {
  test(`refuses an endpoint with ${problem}`, () => {
    const file = { ...smallest, cloudstack: { ...cloudstack, endpoint: value } };
    expect(problemsOf(file)).toContain('cloudstack.endpoint must be');
  });
}

test('refuses sections that are no objects, and files that are none', () => {
  expect(problemsOf({ ...smallest, agent: [] })).toContain('agent must be an object, got an array');
  expect(() => mergeConfiguration('[]', {})).toThrow(/JSON object, not an array/);
  expect(() => mergeConfiguration('{"cloudstack": {', {})).toThrow(/not valid JSON/);
  for (const empty of ['', ' \n']) {
    expect(() => mergeConfiguration(empty, {})).toThrow(/it is empty\. Write an object with the/);
  }
});

test('a typo in the name of what is missing is told together with that', () => {
  const { default_zone: zone, ...others } = cloudstack;
  const problems = problemsOf({ ...smallest, cloudstack: { ...others, defualt_zone: zone } });
  expect(problems).toMatch(
    /cloudstack\.default_zone is missing: [^;]*; defualt_zone, which is unknown, may be meant for it/,
  );
  expect(problems).toContain('cloudstack.defualt_zone is unknown');
  expect(problems).toContain('(did you mean default_zone?)');
});

test('a number in quotes is shown, and cannot be mistaken for the example', () => {
  expect(problemsOf({ ...smallest, cloudstack: { ...cloudstack, state_timeout: '20' } })).toContain(
    'cloudstack.state_timeout must be a whole number of seconds from 1 to 86400 ' +
      '(for example 1200), got the string "20"',
  );
});

test('another text in the wrong place is not shown: it may be a secret', () => {
  const file = { ...smallest, cloudstack: { ...cloudstack, state_timeout: 'hunter2' } };
  expect(problemsOf(file)).toMatch(/state_timeout must be .*, got a string$/);
});

test('warns of keys without effect inside of a value, and of the name that another ends with', () => {
  const blobstore = { provider: 'dav', option: {} };
  const file = {
    cloudstack: { ...cloudstack, zone: 'zoneB' },
    agent: { ...smallest.agent, blobstore },
  };
  expect(load(file).warnings).toEqual([
    'cloudstack.zone is unknown and was ignored (did you mean default_zone?)',
    'agent.blobstore.option is unknown and was ignored (did you mean options?)',
  ]);
});

test('warns of keys that have no effect, with the nearest known name', () => {
  const file = {
    ...smallest,
    agnet: {},
    cloudstack: { ...cloudstack, defautl_zone: 'x', hypervisr_of_choice: 'y' },
  };
  const { warnings } = load(file, { stat_timeout: 5 });
  expect(warnings.join('\n')).toContain('agnet is unknown and was ignored (did you mean agent?)');
  expect(warnings.join('\n')).toContain('cloudstack.defautl_zone is unknown');
  expect(warnings.join('\n')).toContain('did you mean default_zone?');
  expect(warnings.join('\n')).toContain('did you mean state_timeout?');
  expect(warnings.join('\n')).toMatch(/hypervisr_of_choice is unknown and was ignored$/m);
  expect(warnings).toHaveLength(4);
});

test('lists the secrets of a configuration, valid or not, and shows none in its problems', () => {
  const file = {
    cloudstack: { api_key: 'spaced api key', secret_access_key: 'spaced secret key' },
    agent: {
      mbus: 'ftp://user:bus-password@host',
      blobstore: { provider: 'dav', options: { password: 'blob-password' } },
    },
  };
  const raw = mergeConfiguration(JSON.stringify(file), { private_token: 'token-of-context' });
  const secrets = [
    'spaced api key',
    'spaced secret key',
    'bus-password',
    'blob-password',
    'token-of-context',
  ];
  expect(secretsOf(raw)).toEqual(expect.arrayContaining(secrets));
  const problems = problemsOf(file, { private_token: 'token-of-context' });
  for (const secret of secrets) expect(problems).not.toContain(secret);
});
