// Signatures against values that other implementations computed: the example of CloudStack's own
// documentation, and vectors made with Python's urllib and hmac.
import { expect, test } from '@playwright/test';
import { sameSignature, signatureOf, textToSign } from '../../../simulator/api/signature.js';

test("the example of CloudStack's documentation", () => {
  const parameters = new Map([
    ['response', 'json'],
    ['command', 'listUsers'],
    [
      'apiKey',
      'plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg',
    ],
  ]);
  const secret =
    'VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ';
  expect(signatureOf(textToSign(parameters), secret)).toBe('TTpdDq/7j/J58XCRHomKoQXEQds=');
});

interface Vector {
  readonly what: string;
  readonly parameters: Record<string, string>;
  readonly text: string;
  readonly signature: string;
}

const vectors: readonly Vector[] = [
  {
    what: 'a plain call',
    parameters: { response: 'json', command: 'listZones', apiKey: 'k' },
    text: 'apikey=k&command=listzones&response=json',
    signature: '8xUysZAApe7xeO3QOnLqWfuMsSI=',
  },
  {
    what: 'characters that encoders disagree on, and names that are not encoded',
    parameters: {
      command: 'deployVirtualMachine',
      apiKey: 'k',
      name: 'a b+c',
      userdata: 'YQ==/x+y',
      'details[0].cpuNumber': '2',
      'tags[0].key': "ä~*!'()",
    },
    text:
      'apikey=k&command=deployvirtualmachine&details[0].cpunumber=2&name=a%20b%2bc' +
      '&tags[0].key=%c3%a4%7e*%21%27%28%29&userdata=yq%3d%3d%2fx%2by',
    signature: 'yn7yyVlwDZpfZRvrSqoNv8dIgqY=',
  },
  {
    what: 'names sorted as they were sent, capitals first',
    parameters: { alpha: '2', apikey: 'k', Zebra: '1', _: 'under', Command: 'x', '[': ']', B: '' },
    text: 'b=&command=x&zebra=1&[=%5d&_=under&alpha=2&apikey=k',
    signature: 'wvOTfaMLd0VbmQFzFX9wmOIdrIo=',
  },
  {
    what: 'characters beyond the basic plane, line breaks, percent signs',
    parameters: { a: '€𝄞\n', A: '%41' },
    text: 'a=%2541&a=%e2%82%ac%f0%9d%84%9e%0a',
    signature: 'i2D8P+GhB8Km4ww7j9nFrgH+RgQ=',
  },
];

for (const { what, parameters, text, signature } of vectors) {
  test(what, () => {
    const signable = textToSign(new Map(Object.entries(parameters)));
    expect(signable).toBe(text);
    expect(signatureOf(signable, 'sécret')).toBe(signature);
  });
}

test('the signature itself is not signed, however its name is written', () => {
  const signed = textToSign(
    new Map([
      ['Signature', 'a'],
      ['signature', 'b'],
      ['signatureVersion', '3'],
    ]),
  );
  expect(signed).toBe('signatureversion=3');
});

test('signatures are equal or not, also when their lengths differ', () => {
  expect(sameSignature('abc=', 'abc=')).toBe(true);
  expect(sameSignature('abc=', 'abd=')).toBe(false);
  expect(sameSignature('abc=', 'abc')).toBe(false);
  expect(sameSignature('abc=', '')).toBe(false);
});
