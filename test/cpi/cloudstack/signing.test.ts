// Proves that signatures are those that CloudStack computes: against vectors worked out with
// another language, and against a second, deliberately naive construction for random parameters.
import { expect, test } from '@playwright/test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { encodeValue, signatureOf, signedBody } from '../../../cpi/cloudstack/signing.js';

const secretKey =
  'VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ';

const vectors = [
  {
    title: 'a plain call',
    parameters: {
      command: 'listZones',
      response: 'json',
      apiKey: 'plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9',
    },
    signature: 'vZTTtTWePl7VXLEvmhe6yDhMydM=',
  },
  {
    title: 'names in upper case come before names in lower case',
    parameters: {
      apikey2: 'k',
      command: 'deployVirtualMachine',
      userdata: 'QUJD+/==',
      apiKey: 'K',
      Zoneid: '1',
    },
    signature: '1KQgsp5Mxfr3qeW6+aaeRIDDkI4=',
  },
  {
    title: 'brackets in names stay, in values not; * stays, ~ not; spaces are %20',
    parameters: {
      command: 'createTags',
      'tags[0].key': 'a b*c~d',
      'tags[0].value': "[x]!'()+%&=/:,@",
    },
    signature: 'liOTvhwMT8WmxHH3/wHcyPeyfPo=',
  },
  {
    title: 'unicode',
    parameters: { command: 'createVolume', name: 'Platte größe 磁盘 💾' },
    signature: 'LiKY08Mn6Ddb6KkyaoAw0c5ufuQ=',
  },
];

for (const { title, parameters, signature } of vectors) {
  test(`signs ${title}`, () => {
    expect(signatureOf(parameters, secretKey)).toBe(signature);
  });
}

test('another secret gives another signature', () => {
  const vector = vectors[0]!;
  expect(signatureOf(vector.parameters, 'another')).not.toBe(vector.signature);
});

/** As the Java source reads, byte by byte. */
function naiveEncode(value: string): string {
  let encoded = '';
  for (const byte of Buffer.from(value, 'utf8')) {
    const character = String.fromCharCode(byte);
    const isLiteral = byte < 128 && /[A-Za-z0-9.\-*_]/.test(character);
    encoded += isLiteral ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function naiveSignature(parameters: Record<string, string>, secret: string): string {
  const names = Object.keys(parameters);
  names.sort((a, b) => (a < b ? -1 : 1));
  let text = '';
  for (const name of names) text += `&${name}=${naiveEncode(parameters[name]!)}`;
  return createHmac('sha1', secret).update(text.slice(1).toLowerCase()).digest('base64');
}

const anyName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}(\[[0-9]\]\.[A-Za-z]{1,5})?$/);

test('any parameters are signed as a naive construction signs them', () => {
  fc.assert(
    fc.property(
      fc.dictionary(anyName, fc.string({ unit: 'binary' })),
      fc.string({ minLength: 1 }),
      (parameters, secret) => {
        assert.equal(signatureOf(parameters, secret), naiveSignature(parameters, secret));
      },
    ),
  );
});

test('any text survives encoding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      assert.equal(decodeURIComponent(encodeValue(value)), value);
    }),
  );
});

test('half a surrogate pair is replaced instead of failing', () => {
  expect(encodeValue('a\uD83Db')).toBe('a%EF%BF%BDb');
});

test('a body is form-encoded, signed as sent, and valid until its time', () => {
  const expiresMs = Date.parse('2026-03-04T05:16:07.890Z');
  const keys = { apiKey: 'K', secretKey };
  const body = signedBody({ command: 'listTags', 'tags[0].key': 'a b' }, keys, expiresMs);
  const { signature, ...sent } = Object.fromEntries(new URLSearchParams(body));
  expect(sent).toEqual({
    command: 'listTags',
    'tags[0].key': 'a b',
    response: 'json',
    apiKey: 'K',
    signatureVersion: '3',
    expires: '2026-03-04T05:16:07+0000',
  });
  expect(signature).toBe(naiveSignature(sent, secretKey));
  expect(body).not.toContain(secretKey);
});
