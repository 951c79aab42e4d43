// Proves what the section `registry` of cpi.json says: none where templates leave the host empty, the
// forms of earlier CPIs, every problem at once, and what agents get of it.
import { expect, test } from '@playwright/test';
import { registryAccess, takesNameServers } from '../../../cpi/agent/registry-access.js';
import { mergeConfiguration, secretsOf, validateConfiguration } from '../../../cpi/config/load.js';

const smallest = {
  cloudstack: {
    endpoint: 'https://cloud.example.com/client/api',
    api_key: 'the-api-key',
    secret_access_key: 'the-secret-key',
    default_zone: 'zone1',
  },
  agent: { mbus: 'nats://10.0.0.6:4222' },
};

function accessOf(registry: unknown): ReturnType<typeof registryAccess> {
  const text = JSON.stringify({ ...smallest, registry });
  return registryAccess(validateConfiguration(mergeConfiguration(text, {})).configuration.registry);
}

const who = { username: 'registry', password: 'p%40ss/:' };

for (const registry of [
  undefined,
  null,
  {},
  { host: '', port: 6901, username: '', password: '' },
  { host: '', ...who },
  { endpoint: '', ...who },
  { port: 6901 },
]) {
  test(`${JSON.stringify(registry)} is none`, () => {
    expect(accessOf(registry)).toBeUndefined();
  });
}

for (const [form, registry, url] of [
  ['host alone', { host: 'registry', ...who }, 'http://registry:25777'],
  ['host and port', { host: '10.0.0.6', port: 6901, ...who }, 'http://10.0.0.6:6901'],
  ['an IPv6 host', { host: 'fd00::6', ...who }, 'http://[fd00::6]:25777'],
  ['an endpoint', { endpoint: 'https://registry:25777/', ...who }, 'https://registry:25777'],
  [
    'an endpoint that holds the credentials, and an empty host',
    { host: '', endpoint: 'http://registry:p%2540ss%2F%3A@10.0.0.6:8080' },
    'http://10.0.0.6:8080',
  ],
  [
    'the user of an earlier CPI, beside an endpoint with the same',
    { endpoint: 'http://registry:x@10.0.0.6:8080', user: 'registry', password: who.password },
    'http://10.0.0.6:8080',
  ],
] as const) {
  test(`${form} is one, and agents get the credentials in their endpoint`, () => {
    const agentEndpoint = url.replace('//', '//registry:p%2540ss%2F%3A@');
    expect(accessOf(registry)).toEqual({ ...who, url, agentEndpoint });
    expect(accessOf({ ...registry, credentials_in_endpoint: false })?.agentEndpoint).toBe(url);
  });
}

for (const [what, registry, problems] of [
  ['no credentials', { host: 'h' }, ['registry.username is missing', 'registry.password is miss']],
  ['no password', { endpoint: 'http://u@h:1' }, ['registry.password is missing']],
  ['no host', who, ['registry.host is missing']],
  ['both ways', { host: 'h', endpoint: 'http://h', ...who }, ['exclude each other']],
  ['a path', { endpoint: 'http://h/instances', ...who }, ['registry.endpoint must be']],
  ['another scheme', { endpoint: 'nats://h', ...who }, ['registry.endpoint must be']],
  ['a broken escape', { endpoint: 'http://u:%zz@h' }, ['registry.endpoint must be']],
  ['a port in quotes', { host: 'h', port: '6901', ...who }, ['registry.port must be']],
  ['a user with a colon', { host: 'h', ...who, username: 'a:b' }, ['registry.username must be']],
  ['no object', 'http://h', ['registry must be an object']],
] as const) {
  test(`${what} is told, without secrets`, () => {
    let message = '';
    try {
      accessOf(registry);
    } catch (failure) {
      ({ message } = failure as Error);
    }
    for (const problem of problems) expect(message).toContain(problem);
    expect(message).not.toContain(who.password);
  });
}

test('passwords are secret wherever they stand', () => {
  for (const registry of [
    { host: 'h', username: 'u', password: 'in-the-section' },
    { endpoint: 'http://u:in-the-section@h' },
  ]) {
    const raw = mergeConfiguration(JSON.stringify(smallest), { registry });
    expect(secretsOf(raw)).toContain('in-the-section');
  }
});

test('agents ask name servers only for hosts that they can find by those', () => {
  expect(takesNameServers('http://u:p@registry:25777')).toBe(true);
  expect(takesNameServers('https://registry:25777'), 'a certificate names no address').toBe(false);
  expect(takesNameServers('http://[fd00::6]:25777'), 'the agent cuts it').toBe(false);
});
