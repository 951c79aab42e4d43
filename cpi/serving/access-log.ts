import type { RequestHandler, Response } from 'express';

/** One request, for the log. It holds no headers, no body and no query: they may hold secrets. */
export interface AccessLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly from: string;
  /** Why it was refused, where the server says so. */
  readonly reason?: string;
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
    response.locals['underWayMs'] = () => nowMs() - atMs;
    // A connection that has ended has no other end any more.
    const { remoteAddress: from = '' } = request.socket;
    response.once('close', () => {
      onAccess({
        method: request.method,
        path: shortened(request.path),
        status: response.statusCode,
        durationMs: nowMs() - atMs,
        from,
        ...reasonOf(response),
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    next();
  };
}

/** How long a request whose end is logged has been under way. */
export function underWayMs({ locals }: Response): number {
  return (locals as { underWayMs?: () => number }).underWayMs?.() ?? 0;
}

/** Has the log say why a request is refused; it must hold nothing that the client sent. */
export function giveReason(response: Response, reason: string): void {
  response.locals['reason'] = reason;
}

function reasonOf(response: Response): { reason?: string } {
  const reason: unknown = response.locals['reason'];
  return typeof reason === 'string' ? { reason } : {};
}

const longestPath = 300;

function shortened(path: string): string {
  return path.length <= longestPath ? path : `${path.slice(0, longestPath)}…`;
}
