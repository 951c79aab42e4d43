import type { RequestHandler } from 'express';

/** One request, for the log. It holds no headers, no body and no query: they may hold secrets. */
export interface AccessLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly from: string;
  /** Whether the client went away before its answer. */
  readonly aborted?: true;
}

/** Tells of each request when it has ended. */
export function accessLog(
  nowMs: () => number,
  onAccess: (line: AccessLine) => void,
): RequestHandler {
  return (request, response, next) => {
    const atMs = nowMs();
    // A connection that has ended has no other end any more.
    const { remoteAddress: from = '' } = request.socket;
    response.once('close', () => {
      onAccess({
        method: request.method,
        path: shortened(request.path),
        status: response.statusCode,
        durationMs: nowMs() - atMs,
        from,
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    next();
  };
}

const longestPath = 300;

function shortened(path: string): string {
  return path.length <= longestPath ? path : `${path.slice(0, longestPath)}…`;
}
