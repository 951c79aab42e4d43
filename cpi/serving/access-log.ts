import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request, for the log. It holds no headers, no body and no query: they may hold secrets. */
export interface AccessLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly from: string;
  /** Why it was refused, where the server says so. */
  readonly reason?: string;
  /** Whether its connection ended before its answer was complete. */
  readonly aborted?: true;
}

/** For the log: something that came over a connection and is no request. */
export interface UnreadableLine {
  /** Absent where there was no way to answer. */
  readonly status?: number;
  readonly from: string;
  readonly reason: string;
}

/** The status of requests whose connection ended before they had any: nginx's, HTTP has none. */
const unanswered = 499;

/** Tells of each request when it has ended; to be called with what handles it. */
export function accessLog(
  nowMs: () => number,
  onAccess: (line: AccessLine) => void,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  return (request, response, next) => {
    const atMs = nowMs();
    clocks.set(response, () => nowMs() - atMs);
    // A connection that has ended has no other end any more.
    const { remoteAddress: from = '' } = request.socket;
    response.once('close', () => {
      const reason = reasons.get(response);
      onAccess({
        method: request.method ?? '',
        path: shortened(pathOf(request.url)),
        status: response.headersSent ? response.statusCode : unanswered,
        durationMs: nowMs() - atMs,
        from,
        ...(reason !== undefined && { reason }),
        // A denial is out as a whole before the rest of its request is read (deny.ts).
        ...(!response.writableFinished && reason === undefined && { aborted: true }),
      });
    });
    next();
  };
}

/** By responses to requests that are logged. */
const clocks = new WeakMap<ServerResponse, () => number>();

/** How long a request whose end is logged has been under way. */
export function underWayMs(response: ServerResponse): number {
  return clocks.get(response)?.() ?? 0;
}

const reasons = new WeakMap<ServerResponse, string>();

/** Has the log say why a request is refused; it must hold nothing that the client sent. */
export function giveReason(response: ServerResponse, reason: string): void {
  reasons.set(response, reason);
}

/** Of a whole URL, and of the address of a CONNECT, too: both may hold credentials. */
function pathOf(url = ''): string {
  const [path = ''] = url.replace(/^([a-z][a-z\d+.-]*:\/\/[^/?]*|[^/?]*@)/i, '').split('?');
  return path === '' ? '/' : path;
}

const longestPath = 300;

function shortened(path: string): string {
  return path.length <= longestPath ? path : `${path.slice(0, longestPath)}…`;
}
