/** A request as a door hands it on. */
export interface ApiRequest {
  readonly method: string;
  /** The query string, without the question mark. */
  readonly query: string;
  readonly contentType: string;
  readonly body: string;
  /** The host's time at which it arrived: by it the expiry of a signature is judged. */
  readonly hostNowMs: number;
}

/** A reply as a door sends it. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
