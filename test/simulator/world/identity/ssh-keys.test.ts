// Proves that SSH keys are real ones: private and public half belong together, fingerprints are those
// of ssh-keygen, what is no public key is told from one, and the same seed gives the same keys.
import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import { test } from '@playwright/test';
import { RandomStreams } from '../../../../simulator/kernel/random.js';
import {
  fingerprintOf,
  generateKeyPair,
  publicKeyIn,
} from '../../../../simulator/world/identity/ssh-keys.js';

/** Algorithm, exponent and modulus of an `ssh-rsa` key, each behind its length. */
function partsOf(publicKey: string): Buffer[] {
  const wire = Buffer.from(publicKey.split(' ')[1]!, 'base64');
  const parts: Buffer[] = [];
  for (let at = 0; at < wire.length;) {
    const length = wire.readUInt32BE(at);
    parts.push(wire.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

for (const bits of [512, 1_024, 2_048]) {
  test(`a generated key of ${bits} bits signs what its public half verifies`, () => {
    const { publicKey, privateKey } = generateKeyPair(new RandomStreams(7), bits);
    const key = createPrivateKey(privateKey);
    strictEqual(key.asymmetricKeyDetails?.modulusLength, bits);
    const [algorithm, exponent, modulus] = partsOf(publicKey);
    strictEqual(algorithm!.toString(), 'ssh-rsa');
    const unsigned = modulus![0] === 0 ? modulus!.subarray(1) : modulus!;
    const half = createPublicKey({
      format: 'jwk',
      key: { kty: 'RSA', n: unsigned.toString('base64url'), e: exponent!.toString('base64url') },
    });
    const message = Buffer.from('hello');
    strictEqual(verify('sha256', message, half, sign('sha256', message, key)), true);
  });
}

test('the same seed gives the same keys, the next draw others', () => {
  const [one, same] = [new RandomStreams(3), new RandomStreams(3)];
  const first = generateKeyPair(one, 512);
  deepStrictEqual(generateKeyPair(same, 512), first);
  notStrictEqual(generateKeyPair(one, 512).publicKey, first.publicKey);
  notStrictEqual(generateKeyPair(new RandomStreams(4), 512).publicKey, first.publicKey);
});

test('a fingerprint is the MD5 of the key in bytes with colons', () => {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIN5YxkvnJbXBVYQTxJdRLPbEBgrkUxZBVoPJzYlxSTMb';
  const digest = createHash('md5').update(Buffer.from(key, 'base64')).digest();
  const expected = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  strictEqual(fingerprintOf(`ssh-ed25519 ${key}`), expected);
});

test('public keys are taken with or without comment, and as base64 of the whole line', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const line = `ssh-rsa ${Buffer.from(n + e).toString('base64')}`;
  strictEqual(publicKeyIn(`${line} me@example.com`), line);
  strictEqual(publicKeyIn(line), line);
  strictEqual(publicKeyIn(Buffer.from(`${line} me`).toString('base64')), line);
  for (const algorithm of ['ssh-dss', 'ecdsa-sha2-nistp256', 'ssh-ed25519']) {
    strictEqual(publicKeyIn(`${algorithm} AAAA`), `${algorithm} AAAA`);
  }
});

test('what is no public key gives none', () => {
  const begin = '-----BEGIN RSA PRIVATE KEY----- AAAA';
  for (const text of ['', 'key', 'ssh-rsa', 'SSH-RSA AAAA', ' ssh-rsa AAAA', begin]) {
    strictEqual(publicKeyIn(text), undefined, text);
  }
});
