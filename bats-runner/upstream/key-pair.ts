import { generateKeyPairSync } from 'node:crypto';

/** A key pair for SSH. */
export interface KeyPair {
  /** A line as in `authorized_keys`. */
  readonly publicKey: string;
  /** In PEM form. */
  readonly privateKey: string;
}

/** Makes an RSA key pair, whose private key Net::SSH and OpenSSH read. */
export function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const parts = [
    Buffer.from('ssh-rsa'),
    integer(Buffer.from(e, 'base64url')),
    integer(Buffer.from(n, 'base64url')),
  ];
  const blob = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
  return {
    publicKey: `ssh-rsa ${blob.toString('base64')} bats-runner`,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
}

/** RFC 4251, mpint: a first bit that is set would say that the number is negative. */
function integer(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) < 128 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}
