import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { invalid } from '../config/program-configuration.js';

/** Certificate and key, in PEM form. */
export interface KeyPair {
  readonly certificate: string;
  readonly private_key: string;
}

/**
 * Why no server can use a certificate and a key, without a word of either: a clause that begins
 * with the name of one; undefined where it can.
 */
export function problemOfKeyPair({ certificate, private_key: key }: KeyPair): string | undefined {
  const cert = read(() => new X509Certificate(certificate));
  if ('code' in cert) return `certificate is no certificate (${cert.code}): ${remedy}`;
  if (key.includes('ENCRYPTED')) return 'private_key has a passphrase: give the key without one';
  const own = read(() => createPrivateKey(key));
  if ('code' in own) return `private_key is no private key (${own.code}): ${remedy}`;
  if (!cert.value.checkPrivateKey(own.value)) {
    return (
      'private_key does not belong to certificate: give both of one pair, the certificate of the ' +
      'server before those of its authorities'
    );
  }
  const context = read(() => createSecureContext({ cert: certificate, key }));
  return 'code' in context
    ? `certificate cannot be served with private_key (${context.code}): give another pair`
    : undefined;
}

/**
 * Refuses a configuration with such a pair, in a section of a file, before anything is opened.
 *
 * @throws InvalidConfiguration
 */
export function assertKeyPair(pair: KeyPair | undefined, section: string, file: string): void {
  const problem = pair && problemOfKeyPair(pair);
  if (problem !== undefined) throw invalid(file, [`${section}.tls.${problem}`]);
}

const remedy = 'give the text of a PEM file';

function read<T>(work: () => T): { readonly value: T } | { readonly code: string } {
  try {
    return { value: work() };
  } catch (failure) {
    const { code = 'unreadable' } = failure as NodeJS.ErrnoException;
    return { code };
  }
}
