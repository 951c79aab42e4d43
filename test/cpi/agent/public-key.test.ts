// Proves that the public half of a private key is what ssh-keygen says it is, in each form that keys
// come in, and that what is no key is told without a letter of it; by keys that ssh-keygen made for
// this test, and by those that the simulated CloudStack makes.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { publicHalfOf } from '../../../cpi/agent/public-key.js';
import { testSimulator } from '../../support/simulator-client.js';

/** `ssh-keygen -t ed25519` with a passphrase, which the public half does not need. */
const ed25519 = {
  private: `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBV/vF0oQ
W8CsxTSOoa/VRVAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAICVsRsSWig9aXaSb
jLh3ul5NHtVHCfb3MOX/wDd5miYoAAAAkJ11IqYzYuJOALI5sz9sGtHSNreu9A7auhNWJ2
LCjXa1orbApdv3Co4bjHbFikvJnuRZONEfZdGauTHp4fwvVxkQ3ZZMPe6tBNDVOCAReAaP
z1vmgkRx7xgRBnCbhf6lL+w6FPUG/rAevtNNqepzilZUG9nigRfHdrvbRwJbAvaP80r4gE
JoO78/iaWSyrNm/g==
-----END OPENSSH PRIVATE KEY-----
`,
  public: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICVsRsSWig9aXaSbjLh3ul5NHtVHCfb3MOX/wDd5miYo',
};

/** `ssh-keygen -t ecdsa -m PEM`. */
const ecdsa = {
  private: `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIMRjW6j6NqCO+pa5W+udkXlWPwj8zRCiG90mxfRY6koBoAoGCCqGSM49
AwEHoUQDQgAEOYqW9ZTuBvxrE4DTpMZRd2zrds/7YP5iouPidFtawoasZoXhpQ0f
S1SzmqaO4y7q2Nas9wBcfOjdsFQOSaox8w==
-----END EC PRIVATE KEY-----
`,
  public:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDmKlvWU7gb8axOA06TGUXds63bP+2D+YqLj4nRbWsKGrGaF4aUNH0tUs5qmjuMu6tjWrPcAXHzo3bBUDkmqMfM=',
};

for (const [name, key] of Object.entries({ ed25519, ecdsa })) {
  test(`an ${name} key as ssh-keygen writes it`, () => {
    expect(publicHalfOf(key.private)).toBe(key.public);
    expect(publicHalfOf(`\n${key.private.replaceAll('\n', '\r\n')}`)).toBe(key.public);
  });
}

test('an RSA key has the fingerprint that CloudStack knows it by', () => {
  const { user } = testSimulator();
  const { keypair } = user.call('createSSHKeyPair', { name: 'made' });
  const [algorithm, key] = publicHalfOf(keypair['privatekey']).split(' ');
  const digest = createHash('md5').update(Buffer.from(key!, 'base64')).digest('hex');
  expect(algorithm).toBe('ssh-rsa');
  expect(digest.match(/../g)!.join(':')).toBe(keypair['fingerprint']);
});

for (const [kind, curve, algorithm] of [
  ['ec', 'P-384', 'ecdsa-sha2-nistp384'],
  ['ec', 'P-521', 'ecdsa-sha2-nistp521'],
  ['ed25519', '', 'ssh-ed25519'],
] as const) {
  test(`a ${algorithm} key in PKCS #8`, () => {
    const { privateKey } =
      kind === 'ec' ? generateKeyPairSync(kind, { namedCurve: curve }) : generateKeyPairSync(kind);
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(publicHalfOf(pem)).toMatch(new RegExp(`^${algorithm} AAAA`));
  });
}

for (const [problem, text, message] of [
  ['an empty text', '', /no private key in PEM form/],
  ['something else', 'hunter2', /no private key in PEM form/],
  [
    'a PEM of nothing',
    '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----',
    /no/,
  ],
  ['half a key', ed25519.private.replace(/AAAAC3Nz[^-]*/, ''), /cut off/],
  [
    'another thing in the form of a key',
    ed25519.private.replace('b3BlbnNzaC1rZXkt', 'aHVudGVyMi1rZXkt'),
    /cut off or garbled/,
  ],
  ['a key that SSH has not', pemOfX25519(), /SSH has no keys of its kind/],
] as const) {
  test(`${problem} is refused, and not shown`, () => {
    expect(() => publicHalfOf(text)).toThrow(message);
    expect(() => publicHalfOf(text)).not.toThrow(/hunter2/);
  });
}

function pemOfX25519(): string {
  const { privateKey } = generateKeyPairSync('x25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
