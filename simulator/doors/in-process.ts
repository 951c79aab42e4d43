import { replyOf, type ApiResponse } from '../api/http.js';
import type { Simulator } from '../simulator.js';

/** A request without a network: the URL counts from `?` on. */
export interface InProcessRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How large the image is that a request registers, as its server would say; 0 unless given. */
  readonly imageBytes?: number;
}

/**
 * The API as a function in this process. Where a fault plan has no whole reply for the request, it
 * throws TransportFailure.
 */
export function inProcess(
  simulator: Pick<Simulator, 'dispatch' | 'hostNowMs'>,
): (request: InProcessRequest) => ApiResponse {
  return (request) => {
    const mark = request.url.indexOf('?');
    const outcome = simulator.dispatch({
      method: request.method,
      query: mark < 0 ? '' : request.url.slice(mark + 1),
      contentType: headerNamed(request.headers ?? {}, 'content-type'),
      body: request.body ?? '',
      hostNowMs: simulator.hostNowMs,
      imageBytes: request.imageBytes ?? 0,
    });
    return replyOf(outcome);
  };
}

function headerNamed(headers: Readonly<Record<string, string>>, name: string): string {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}
