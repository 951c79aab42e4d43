// Proves that what looks for secrets in the output of programs under test knows each that is
// declared, and finds it however it is written.
import { expect, test } from '@playwright/test';
import { canaryOf, secretsOfSection, secretNames } from './canaries.js';
import { mustNotTell, SecretWatch, secretsOf, toldIn } from './secrets-kept.js';

const cpiSections = ['cloudstack', 'agent', 'registry', 'stemcell_server'] as const;

test('each secret of cpi.json is known', () => {
  const configuration = Object.fromEntries(
    cpiSections.map((section) => [section, secretsOfSection(section)]),
  );
  const known = secretsOf(JSON.stringify(configuration)).join('\n');
  for (const section of cpiSections) {
    for (const name of secretNames(section))
      expect(known).toContain(canaryOf(`${section}.${name}`));
  }
});

test('each secret of the servers is known', () => {
  for (const [section, declared] of [
    ['registry', 'registry.json'],
    ['stemcell_server', 'stemcell-server.json'],
  ] as const) {
    const known = secretsOf({ [section]: secretsOfSection(declared) }, 'server').join('\n');
    for (const name of secretNames(declared))
      expect(known).toContain(canaryOf(`${declared}.${name}`));
  }
});

test('properties of the context are as secret as those of the file', () => {
  expect(secretsOf({ api_key: 'key-of-the-context', default_zone: 'zone-of-it' })).toEqual([
    'key-of-the-context',
  ]);
});

test('what is no secret is none', () => {
  const agent = { mbus: 'nats://nats:password-of-it@10.0.0.6:4222', ntp: ['ntp.example.com'] };
  const blobstore = { provider: 'dav-provider', options: { endpoint: 'http://10.0.0.6:25250' } };
  expect(secretsOf({ agent: { ...agent, blobstore } })).toEqual(['password-of-it']);
});

const secret = 'p&ss "w/rd" of mine';

for (const [how, text] of [
  ['as it is', `x ${secret}`],
  ['in a URL', `?a=${encodeURIComponent(secret)}&b`],
  ['in JSON', JSON.stringify({ a: secret })],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 of a longer text', Buffer.from(`x${secret}y`).toString('base64')],
  ['in base64 of an even longer text', Buffer.from(`xx${secret}yy`).toString('base64')],
] as const) {
  test(`a secret ${how} is found`, () => {
    expect(toldIn(text, [secret])).toEqual([secret]);
    expect(() => mustNotTell(text, [secret], 'the test')).toThrow(/the test tells the secret/);
    mustNotTell(text.slice(4, -4), ['another secret'], 'the test');
  });
}

test('what is told after a secret was learnt is found, and nothing else', () => {
  const watch = new SecretWatch();
  watch.hear('first-secret');
  watch.learn({ cloudstack: { secret_access_key: 'first-secret' } });
  watch.hear('nothing');
  watch.assertKept();
  watch.hear('a line\nwith first-secret in it');
  watch.learnArguments({ env: { password: 'second-secret' } });
  expect(() => {
    watch.assertKept();
  }).toThrow('first-secret in: with first-secret in it');
});
