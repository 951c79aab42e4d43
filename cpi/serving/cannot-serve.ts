/** A server that cannot be opened; the message says why, and what to do. */
export class CannotServe extends Error {
  override readonly name = 'CannotServe';
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
