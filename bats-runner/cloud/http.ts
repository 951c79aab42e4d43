import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Certificates in PEM form that are trusted instead of the usual ones. */
  readonly caCertificate?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends one request, as it stands, and reads the whole answer. */
export async function sendHttp(sent: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body = '', caCertificate: ca } = sent;
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers, ...(ca !== undefined && { ca }) }, (incoming) => {
      buffer(incoming).then(
        (read) =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: read }),
        reject,
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
