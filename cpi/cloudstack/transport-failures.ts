import { TransportError, type TransportFailure } from './transport.js';

/** How far a request had come: nothing of it can have been acted on before the connection stood. */
export type ConnectionPhase = 'connecting' | 'connected';

/** What Node's error means, in words that help somebody who knows only the address. */
export function connectionFailure(
  host: string,
  phase: ConnectionPhase,
  error: unknown,
): TransportError {
  if (error instanceof TransportError) return error;
  const sent = phase === 'connecting' ? 'no' : 'maybe';
  const code = codeOf(error);
  const failure = failureOf(code, phase);
  return new TransportError(failure, sent, describe(failure, host, code, error), error);
}

const failuresByCode: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ABORT_ERR: 'aborted',
  EPROTO: 'tls',
};

/** Codes of OpenSSL's certificate checks have no common prefix; this is what they talk about. */
const tlsCode = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|CRL/;

/** What OpenSSL makes of an answer that is none of TLS. */
const plainHttp = /wrong version number|packet length too long|http request/i;

function failureOf(code: string, phase: ConnectionPhase): TransportFailure {
  const known = failuresByCode[code];
  if (known !== undefined) return known;
  return phase === 'connecting' && tlsCode.test(code) ? 'tls' : 'reset';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

function describe(failure: TransportFailure, host: string, code: string, error: unknown): string {
  const detail = error instanceof Error ? error.message : code;
  const texts: Readonly<Record<TransportFailure, string>> = {
    refused: `${host} refused the connection; is the service running, and the port right?`,
    'name-not-found': `the name of ${host} cannot be resolved (${code})`,
    unreachable: `there is no way to ${host} (${code})`,
    tls: plainHttp.test(detail)
      ? `${host} speaks no TLS on this port, perhaps HTTP; is the address to begin with http://, or the port another one?`
      : `no trusted TLS connection to ${host} (${detail}); is its certificate signed by a known authority or by the configured one?`,
    timeout: `${host} did not answer in time (${detail})`,
    reset: `the connection to ${host} broke off (${detail})`,
    'response-too-large': detail,
    'request-body': detail,
    aborted: `the request to ${host} was stopped`,
  };
  return texts[failure];
}
