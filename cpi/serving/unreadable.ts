import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { UnreadableLine } from './access-log.js';
import { tell, type Denial } from './denial.js';

/** As far as Node tells what it could not read. */
interface ReadFailure extends NodeJS.ErrnoException {
  /** Of the parser, and of TLS: a few words of theirs. */
  readonly reason?: string;
  readonly rawPacket?: Uint8Array;
}

/** What has come over a connection before. */
interface Before {
  /** The last one. */
  readonly request: IncomingMessage | undefined;
  /** Of the request that is under way: what came is its body, or follows it. */
  readonly underWay: ServerResponse | undefined;
}

/** Connections that are being ended: what still comes over them is more of the same. */
const ending = new WeakSet<Socket>();

/**
 * Ends a connection over which something has come that is no request: it is answered, where there
 * is a way to, and told. Connections that have just ended are not worth a line: clients and probes
 * of ports do so all the time. So are bodies that break off when their request has its answer.
 */
export function endUnreadable(
  failure: Error,
  socket: Socket,
  { request, underWay }: Before,
  onUnreadable: (line: UnreadableLine) => void,
): void {
  const { remoteAddress: from = '' } = socket;
  const denial = denialOf(failure);
  if (denial === undefined) {
    const reason = reasonOfTls(failure);
    if (reason !== undefined) onUnreadable({ from, reason });
    socket.destroy();
    return;
  }
  if (ending.has(socket)) return;
  ending.add(socket);
  if (underWay?.req.complete === false) refuseBody(underWay, socket, denial);
  else if (underWay !== undefined) {
    onUnreadable({ from, reason: denial.reason });
    endAfter(underWay, socket);
  } else if (request?.complete === false) {
    if (denial !== cutOff) onUnreadable({ from, reason: denial.reason });
    socket.destroySoon();
  } else {
    onUnreadable({ status: denial.status, from, reason: denial.reason });
    answerAndEnd(socket, denial);
  }
}

/** What is under way is answered, and nothing behind it. */
function endAfter(response: ServerResponse, socket: Socket): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
  response.once('close', () => {
    socket.destroySoon();
  });
}

function refuseBody(response: ServerResponse, socket: Socket, denial: Denial): void {
  if (response.headersSent) socket.destroy();
  else {
    response.setHeader('Connection', 'close');
    tell(response, denial).end();
    // Whoever reads the body hears no more of an end once its request is answered.
    socket.once('close', () => response.req.destroy());
  }
}

function answerAndEnd(socket: Socket, denial: Denial): void {
  if (socket.writable) socket.write(answerOf(denial));
  socket.destroy();
}

function answerOf({ status, reason }: Denial): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(reason) + 1}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${reason}\n`;
}

/** Of what is no HTTP, too slow, or too much of it. */
function denialOf(failure: ReadFailure): Denial | undefined {
  const { code = '', reason = 'it cannot be read' } = failure;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow;
  if (code === 'HPE_HEADER_OVERFLOW') return tooLongHeader;
  if (code === 'HPE_PAUSED_H2_UPGRADE') return http2Spoken;
  if (code === 'HPE_INVALID_EOF_STATE') return cutOff;
  if (!code.startsWith('HPE_')) return undefined;
  if (failure.rawPacket?.[0] === firstOfTls) return tlsSpoken;
  return { status: 400, reason: `that is no request of HTTP/1.1: ${reason}` };
}

/** The first byte of whoever sets up TLS, and of no request. */
const firstOfTls = 0x16;

const tooSlow: Denial = { status: 408, reason: 'the request did not come in time' };
const tooLongHeader: Denial = { status: 431, reason: 'the header of a request has up to 16 KiB' };
/** By its client, who may still read. */
const cutOff: Denial = { status: 400, reason: 'the request breaks off' };
const http2Spoken: Denial = { status: 400, reason: 'HTTP/2 is not spoken here: use HTTP/1.1' };
const tlsSpoken: Denial = {
  status: 400,
  reason: 'HTTPS is spoken to a port of HTTP: use http://, or configure tls',
};

function reasonOfTls({ code = '', message, reason = message }: ReadFailure): string | undefined {
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'HTTP is spoken to a port of HTTPS: use https://';
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'TLS was not set up in time';
  if (!code.startsWith('ERR_SSL_')) return undefined;
  const isOfCertificate = /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_)/.test(code);
  return isOfCertificate
    ? `the client does not trust the certificate (${reason})`
    : `TLS could not be set up (${reason})`;
}
