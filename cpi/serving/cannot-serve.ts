import { createPrivateKey, X509Certificate } from 'node:crypto';

/** A server that cannot be opened; the message says why, and what to do. */
export class CannotServe extends Error {
  override readonly name = 'CannotServe';
}

/** Certificate and key, in PEM form. */
export interface KeyPair {
  readonly certificate: string;
  readonly private_key: string;
}

/** What is wrong with an address or a port at which a server was to listen. */
export function cannotListen(cause: unknown, host: string, port: number): CannotServe {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const reason = reasons[code] ?? message;
  return new CannotServe(`cannot listen on ${host}, port ${port}: ${reason}`, { cause });
}

const unknownHost = 'that is no address, and no name that is known here; give an address (EAI)';

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process has this port; stop it, or choose another port (EADDRINUSE)',
  EACCES:
    'the user of the process has no right to this port; choose one from 1024 on, or grant it ' +
    '(EACCES)',
  EADDRNOTAVAIL:
    'this machine has no such address; choose one of its own, or 0.0.0.0 for all (EADDRNOTAVAIL)',
  EAFNOSUPPORT: 'this machine has no addresses of that family (EAFNOSUPPORT)',
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
};

/**
 * Refuses a certificate and a key that no server can use.
 *
 * @throws CannotServe, without a word of either.
 */
export function assertKeyPair({ certificate, private_key: key }: KeyPair): void {
  const cert = read(() => new X509Certificate(certificate), 'tls.certificate is no certificate');
  const own = read(() => createPrivateKey(key), 'tls.private_key is no key without a passphrase');
  if (cert.checkPrivateKey(own)) return;
  throw new CannotServe(
    'tls.private_key does not belong to tls.certificate: give both of one pair',
  );
}

function read<T>(work: () => T, problem: string): T {
  try {
    return work();
  } catch (cause) {
    const { code = 'unreadable' } = cause as NodeJS.ErrnoException;
    throw new CannotServe(`${problem} (${code}): give the text of a PEM file`, { cause });
  }
}
