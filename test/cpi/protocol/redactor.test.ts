// Proves that secrets do not get through in any form in which they could leave, and that other text
// does; the forms by cases, their combination with arbitrary text by properties.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { Redactor, passwordsOfUrl, secretsIn } from '../../../cpi/protocol/redactor.js';
import { assertProperty } from '../../support/property.js';

const secret = 'p+ss/w"rd é\n~*\\end';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  redactor.add(secrets);
  return redactor;
}

for (const [form, text] of Object.entries({
  plain: secret,
  'JSON-escaped': JSON.stringify({ key: secret }),
  'URL-encoded': encodeURIComponent(secret),
  'form-encoded': new URLSearchParams({ key: secret }).toString(),
  'lower-case URL-encoded': encodeURIComponent(secret).replace(/%../g, (c) => c.toLowerCase()),
  base64: Buffer.from(secret).toString('base64'),
  'URL-safe base64': Buffer.from(secret).toString('base64url'),
})) {
  test(`takes a secret out that is ${form}`, () => {
    const redacted = redactorOf(secret).redact(`before ${text} after`);
    expect(redacted).toContain('<redacted>');
    expect(redacted).toMatch(/^before /);
    expect(redacted).toMatch(/ after$/);
    expect(redacted).not.toContain('end');
  });
}

test('finds a secret at any place inside base64 text', async () => {
  const text = fc.string({ maxLength: 20 });
  const long = fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme-ascii' });
  await assertProperty(
    fc.property(text, long, text, (before, hidden, after) => {
      const encoded = Buffer.from(before + hidden + after).toString('base64');
      assert.ok(redactorOf(hidden).redact(encoded).includes('<redacted>'));
    }),
    200,
  );
});

test('leaves no secret in any string of a value, and the value as it was otherwise', () => {
  const value = { list: [1, true, null, `x ${secret}`], [secret]: { deep: secret }, kept: 'kept' };
  const redacted = redactorOf(secret).redactValue(value);
  expect(redacted).toEqual({
    list: [1, true, null, 'x <redacted>'],
    '<redacted>': { deep: '<redacted>' },
    kept: 'kept',
  });
});

test('does not spoil words that contain a short secret', () => {
  const redactor = redactorOf('admin');
  expect(redactor.redact('administrator admin')).toBe('administrator <redacted>');
});

test('changes nothing without secrets, or with ones too short to be any', () => {
  expect(redactorOf().redact('text *')).toBe('text *');
  expect(redactorOf('*', '', 'abc').redact('text * abc')).toBe('text * abc');
});

test('replaces the longer of two secrets first', () => {
  expect(redactorOf('long-secret', 'long-secret-and-more').redact('long-secret-and-more')).toBe(
    '<redacted>',
  );
});

test('takes secrets out however long and many they are', () => {
  const redactor = new Redactor();
  const long = 'long secret '.repeat(100_000);
  const many = Array.from({ length: 500 }, (_, number) => `key ${number} ${'k'.repeat(1_000)}`);
  redactor.add([long, ...many]);
  expect(redactor.redact(`a ${long} b ${many[7]} c`)).toBe('a <redacted> b <redacted> c');
});

test('is not confused by half a surrogate pair', () => {
  expect(redactorOf('\ud800-half-a-pair').redact('x')).toBe('x');
});

test('knows secrets by their keys and by the form of URLs', () => {
  const secrets = secretsIn({
    env: { bosh: { password: 'one', mbus: { cert: { private_key: 'two', ca: 'no' } } } },
    blobstores: [{ options: { password: 'three', user: 'no' } }],
    mbus: 'nats://user:fo%20ur@host',
    default_key_name: 'no',
    nested_secret: { anything: ['five'] },
    blobstore: { options: { json_key: 'six', account_key: 'seven', endpoint: 'no' } },
  });
  const hidden = ['five', 'fo ur', 'fo%20ur', 'one', 'seven', 'six', 'three', 'two'];
  expect(secrets.sort()).toEqual(hidden);
  expect(passwordsOfUrl('https://host/path')).toEqual([]);
  expect(passwordsOfUrl('https://user:%zz@host')).toEqual(['%zz']);
  expect(passwordsOfUrl('nats://user:a@b:c@host:4222')).toEqual(['a@b:c']);
  expect(passwordsOfUrl('https://user:one@host/@two')).toEqual(['one']);
});
