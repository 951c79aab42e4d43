// `Expect: 100-continue` (RFC 9110, 10.1.1): a client sends its body when it is told to go on, or
// not at all. Whoever reads a body tells it; whoever answers without reading one need not know of
// it: Node ends the connection with such an answer, as another request may come after it.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

const heldBack = new WeakSet<IncomingMessage>();

/** Remembers that a client waits with its body, if it has one. */
export function holdBack(request: IncomingMessage): void {
  if (hasBody(request.headers)) heldBack.add(request);
}

/** Tells a client that waits to go on; nothing, if it does not. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (heldBack.delete(request)) response.writeContinue();
}

/** Whether a client waits with its body, and may never send it. */
export function isHeldBack(request: IncomingMessage): boolean {
  return heldBack.has(request);
}

/** Whether a request says that it has a body. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return Number(length) > 0 || encoding !== undefined;
}
