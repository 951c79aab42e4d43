import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';

/**
 * The public half of a private key, as `authorized_keys` and CloudStack take it: algorithm and
 * base64. Keys in OpenSSH's own form carry it unencrypted, so that a passphrase is no hindrance
 * there; of a PEM with a passphrase nothing can be told.
 *
 * @throws Error that says why there is none; it never holds anything of the key.
 */
export function publicHalfOf(privateKey: string): string {
  const key = isOpenSsh(privateKey) ? keyInOpenSsh(privateKey) : keyInPem(privateKey);
  const algorithm = readText(key).text.toString();
  return `${algorithm} ${key.toString('base64')}`;
}

/** As CloudStack tells keys apart: MD5, in pairs of digits (SSHKeysHelper). */
export function fingerprintOf(publicKey: string): string {
  const [, base64 = ''] = publicKey.split(' ');
  const digest = createHash('md5').update(Buffer.from(base64, 'base64')).digest('hex');
  return digest.replace(/..(?!$)/g, '$&:');
}

const openSshPem = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/;

function isOpenSsh(privateKey: string): boolean {
  return openSshPem.test(privateKey);
}

/** PROTOCOL.key of OpenSSH: magic, cipher, key derivation and its options, count, public key. */
function keyInOpenSsh(privateKey: string): Buffer {
  const magic = Buffer.from('openssh-key-v1\0');
  const bytes = Buffer.from(openSshPem.exec(privateKey)?.[1] ?? '', 'base64');
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new Error('it is cut off or garbled');
  let rest: Buffer = bytes.subarray(magic.length);
  for (let field = 0; field < 3; field += 1) rest = readText(rest).rest;
  return readText(rest.subarray(4)).text;
}

function keyInPem(privateKey: string): Buffer {
  return wireFormOf(readPem(privateKey));
}

function readPem(privateKey: string): JsonWebKey {
  try {
    return createPublicKey(privateKey).export({ format: 'jwk' });
  } catch {
    throw new Error('it is no private key in PEM form, or has a passphrase');
  }
}

/** RFC 4253 6.6, RFC 5656 3.1 and RFC 8709 4. */
function wireFormOf({ kty, crv = '', n = '', e = '', x = '', y = '' }: JsonWebKey): Buffer {
  if (kty === 'RSA') return wire(Buffer.from('ssh-rsa'), integerIn(e), integerIn(n));
  if (kty === 'OKP' && crv === 'Ed25519') return wire(Buffer.from('ssh-ed25519'), bytesIn(x));
  const curve = /^P-(256|384|521)$/.exec(crv)?.[1];
  if (kty !== 'EC' || curve === undefined) throw new Error('SSH has no keys of its kind');
  const point = Buffer.concat([Buffer.of(4), bytesIn(x), bytesIn(y)]);
  return wire(Buffer.from(`ecdsa-sha2-nistp${curve}`), Buffer.from(`nistp${curve}`), point);
}

function wire(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

function readText(bytes: Buffer): { text: Buffer; rest: Buffer } {
  const end = bytes.length < 4 ? Infinity : 4 + bytes.readUInt32BE(0);
  if (end > bytes.length) throw new Error('it is cut off or garbled');
  return { text: bytes.subarray(4, end), rest: bytes.subarray(end) };
}

function bytesIn(base64Url: string): Buffer {
  return Buffer.from(base64Url, 'base64url');
}

/** A positive number: a zero byte comes before where the highest bit is set. */
function integerIn(base64Url: string): Buffer {
  const bytes = bytesIn(base64Url);
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}
