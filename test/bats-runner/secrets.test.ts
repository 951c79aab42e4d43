// A secret is found in whatever it is wrapped: JSON, URLs, Base64 inside of longer texts, lines of a
// key, texts with colours; and what only looks like one stays.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { redactor, secretsIn } from '../../bats-runner/secrets.js';

const secret = 'Pa55 w/o+rd&"~é';
const redact = redactor([secret]);

for (const [where, text] of [
  ['a text', `it is ${secret}.`],
  ['JSON', JSON.stringify({ password: secret })],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ password: secret }))],
  ['JSON that escapes for HTML', JSON.stringify(secret).replace('&', '\\u0026')],
  ['a URL', `http://x/?password=${encodeURIComponent(secret)}`],
  ['JSON in a URL', encodeURIComponent(JSON.stringify({ password: secret }))],
  ['JSON in Base64', Buffer.from(JSON.stringify([secret])).toString('base64')],
  ['a form', new URLSearchParams({ password: secret }).toString()],
  ['lower case, as CloudStack signs it', encodeURIComponent(secret).toLowerCase()],
  ['colours', `it is ${secret.slice(0, 4)}\u001b[7m${secret.slice(4)}\u001b[27m.`],
] as const) {
  test(`a secret in ${where} goes`, () => {
    const open = redact(text);
    expect(open).toContain('<secret>');
    expect(open).not.toMatch(/55.*w/i);
  });
}

test('a secret in Base64 goes wherever it stands, also where lines are broken', () => {
  const key = randomBytes(48).toString('base64url');
  for (const before of ['', 'a', 'ab', 'abc']) {
    for (const after of ['', 'x', 'xy', '"}']) {
      const packed = Buffer.from(`${before}${key}${after}`).toString('base64');
      const wrapped = packed.replace(/.{76}/g, '$&\n');
      const forms = [packed, wrapped, encodeURIComponent(packed), JSON.stringify(wrapped)];
      for (const form of [...forms, Buffer.from(packed, 'base64').toString('base64url')]) {
        const open = redactor([key])(form);
        expect(open).toContain('<secret>');
        const rest = open.split('<secret>').map((part) => Buffer.from(part, 'base64').toString());
        expect(rest.join().length).toBeLessThan(20);
      }
    }
  }
});

test('a private key goes line by line', () => {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const told = [privateKey, JSON.stringify(privateKey), privateKey.replaceAll('\n', ' | ')];
  for (const text of told) {
    for (const line of privateKey.split('\n').slice(1, 3)) {
      expect(redactor([privateKey])(text)).not.toContain(line);
    }
  }
});

test('what has no secret stays as it is, also with colours, and nothing is a secret that is short', () => {
  const coloured = 'all \u001b[32mis\u001b[39m well';
  expect(redact(coloured)).toBe(coloured);
  expect(redactor([])('a')).toBe('a');
  expect(redactor(['', 'abc'])('abc')).toBe('abc');
});

test('several secrets are told apart where that is wished', () => {
  const told = redactor(['first-secret', 'second-secret'], (index) => `#${index}`);
  const open = told('second-secret first-secret second-secret');
  expect(open).toMatch(/^(#\d) (#\d) \1$/);
  expect(new Set(open.split(' ')).size).toBe(2);
});

test('secrets of a configuration are known by their names, in URLs, and by what keys look like', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----';
  const configuration = {
    cloudstack: { endpoint: 'http://x/', api_key: 'K', secret_access_key: 'S', timeout: 7 },
    agent: { mbus: 'nats://nats:p%40ss@10.0.0.6', ntp: ['a'], cert: { key } },
    registry: { user: 'u', password: 'R', tokens: ['T1', 'T2'] },
  };
  const found = secretsIn(configuration);
  expect(found).toEqual(expect.arrayContaining(['K', 'S', 'p%40ss', 'p@ss', 'R', 'T1', 'T2']));
  expect(found.some((one) => one.startsWith('-----BEGIN RSA PRIVATE KEY'))).toBe(true);
  for (const open of ['http://x/', 'a', 'u', '7']) expect(found).not.toContain(open);
});
