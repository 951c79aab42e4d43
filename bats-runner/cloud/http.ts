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
  /** How long the whole answer may take; for ever without it. */
  readonly withinMs?: number | undefined;
  /** Ends it earlier. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends one request, as it stands, and reads the whole answer. */
export async function sendHttp(sent: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body = '', caCertificate: ca, withinMs } = sent;
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  const timeout = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
  const signals = [timeout, sent.signal].filter((one) => one !== undefined);
  const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
  return new Promise((resolve, rejectWith) => {
    const reject = (reason: Error): void =>
      rejectWith(
        timeout?.aborted === true
          ? new Error(`no answer within ${(withinMs ?? 0) / 1000} s`)
          : reason,
      );
    const options = { method, headers, ...(ca !== undefined && { ca }), ...(signal && { signal }) };
    const outgoing = send(url, options, (incoming) => {
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
