/** A request as a door hands it on. */
export interface ApiRequest {
  readonly method: string;
  /** The query string, without the question mark. */
  readonly query: string;
  readonly contentType: string;
  readonly body: string;
  /** The host's time at which it arrived: by it the expiry of a signature is judged. */
  readonly hostNowMs: number;
  /** What was heard of the size of the image that the request is about; 0 unless given. */
  readonly imageBytes?: number;
}

/** A reply as a door sends it. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What a client gets for its request: plain data, which each door acts out by its own means. All but
 * a reply is the work of a fault plan.
 */
export type ApiOutcome =
  | { readonly kind: 'reply'; readonly response: ApiResponse }
  /** The connection breaks before a byte of an answer. */
  | { readonly kind: 'connection-reset' }
  /** The connection stays open, and nothing ever comes. */
  | { readonly kind: 'no-answer' }
  /** The head of the reply announces its whole body; after `bytes` of it the connection breaks. */
  | { readonly kind: 'truncated-body'; readonly response: ApiResponse; readonly bytes: number };

/** An outcome without a whole reply, where a door has no connection that it could break. */
export class TransportFailure extends Error {
  readonly kind: Exclude<ApiOutcome['kind'], 'reply'>;

  constructor(kind: TransportFailure['kind']) {
    super(texts[kind]);
    this.name = 'TransportFailure';
    this.kind = kind;
  }
}

const texts: Readonly<Record<TransportFailure['kind'], string>> = {
  'connection-reset': 'the connection was reset before an answer came (by the fault plan)',
  'no-answer': 'no answer came, and none will (by the fault plan)',
  'truncated-body': 'the connection broke within the body of the answer (by the fault plan)',
};

/** What a client got, as a fault plan notes it: a status, or the kind of a broken answer. */
export function answerText(outcome: ApiOutcome): string {
  return outcome.kind === 'reply' ? String(outcome.response.status) : outcome.kind;
}

/** The whole reply of an outcome; throws TransportFailure where there is none. */
export function replyOf(outcome: ApiOutcome): ApiResponse {
  if (outcome.kind === 'reply') return outcome.response;
  throw new TransportFailure(outcome.kind);
}
