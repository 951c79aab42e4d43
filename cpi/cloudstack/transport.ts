/**
 * The edge to HTTP: one request in, one response out. Implementations follow no redirects and
 * never send a request twice.
 */
export interface Transport {
  /** @throws TransportError when there is no complete response. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Lets go of connections that are kept open. */
  close(): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'PROPFIND';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** How long the connection may be silent before the request is given up. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A text, or a stream of exactly `bytes` bytes that is read as fast as it is taken off. */
export type RequestBody = string | StreamBody;

export interface StreamBody {
  readonly bytes: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a repeated header's values are joined by comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whether the other side can have acted on the request. */
export type Sent = 'no' | 'maybe';

export type TransportFailure =
  | 'refused'
  | 'name-not-found'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'response-too-large'
  | 'request-body'
  | 'aborted';

/** No complete response. The message names the host, never anything that was sent. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    readonly failure: TransportFailure,
    readonly sent: Sent,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
