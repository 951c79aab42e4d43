import { checkPrimeSync, createHash, createPrivateKey } from 'node:crypto';
import type { RandomStreams } from '../../kernel/random.js';

/** The details of a VM that its public keys, and the names of their pairs, are kept in (VmDetailConstants). */
export const PUBLIC_KEY_DETAIL = 'SSH.PublicKey';
export const KEY_PAIR_NAMES_DETAIL = 'SSH.KeyPairNames';

/** The algorithms that CloudStack takes (SSHKeysHelper.getPublicKeyFromKeyMaterial). */
const algorithms: readonly string[] = [
  'ssh-rsa',
  'ssh-dss',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-ed25519',
];

/**
 * Algorithm and key of a public key as `ssh-keygen` writes it, or of its base64; undefined if it is
 * none.
 */
export function publicKeyIn(material: string): string | undefined {
  const text = material.includes(' ') ? material : Buffer.from(material, 'base64').toString();
  if (!algorithms.some((algorithm) => text.startsWith(algorithm))) return undefined;
  const [algorithm = '', key] = text.split(' ');
  return key === undefined ? undefined : `${algorithm} ${key}`;
}

/** `ssh-keygen -l -E md5` without the prefix (SSHKeysHelper.getPublicKeyFingerprint). */
export function fingerprintOf(publicKey: string): string {
  const key = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  const digest = createHash('md5').update(key).digest('hex');
  return (digest.match(/../g) ?? []).join(':');
}

export interface GeneratedKeyPair {
  /** Algorithm and key. */
  readonly publicKey: string;
  /** PEM of PKCS #1. */
  readonly privateKey: string;
}

const RSA_EXPONENT = 65_537n;

/** Makes an RSA key pair; the same stream gives the same key, so that a world can be repeated. */
export function generateKeyPair(random: RandomStreams, bits: number): GeneratedKeyPair {
  const p = randomPrime(random, bits / 2);
  let q = randomPrime(random, bits / 2);
  while (q === p) q = randomPrime(random, bits / 2);
  const modulus = p * q;
  const d = inverse(RSA_EXPONENT, (p - 1n) * (q - 1n));
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      n: base64Url(modulus),
      e: base64Url(RSA_EXPONENT),
      d: base64Url(d),
      p: base64Url(p),
      q: base64Url(q),
      dp: base64Url(d % (p - 1n)),
      dq: base64Url(d % (q - 1n)),
      qi: base64Url(inverse(q, p)),
    },
  });
  const wire = [Buffer.from('ssh-rsa'), mpint(RSA_EXPONENT), mpint(modulus)].map(lengthPrefixed);
  return {
    publicKey: `ssh-rsa ${Buffer.concat(wire).toString('base64')}`,
    privateKey: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
}

/** A prime of exactly so many bits with its two highest set, and no factor of e below it. */
function randomPrime(random: RandomStreams, bits: number): bigint {
  const top = 3n << BigInt(bits - 2);
  const drawn = BigInt(`0x${random.hex('ssh-keys', bits / 8)}`) | top | 1n;
  for (let candidate = drawn; candidate < 1n << BigInt(bits); candidate += 2n) {
    if (candidate % RSA_EXPONENT !== 1n && checkPrimeSync(candidate)) return candidate;
  }
  return randomPrime(random, bits);
}

/** The inverse of `value` modulo `modulus`, which have no common factor (extended Euclid). */
function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [before, factor] = [0n, 1n];
  while (current > 1n) {
    const quotient = previous / current;
    [previous, current] = [current, previous % current];
    [before, factor] = [factor, before - quotient * factor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function base64Url(value: bigint): string {
  return bytesOf(value).toString('base64url');
}

/** A positive number of the SSH protocol: a leading zero byte where the highest bit is set. */
function mpint(value: bigint): Buffer {
  const bytes = bytesOf(value);
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function lengthPrefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}
