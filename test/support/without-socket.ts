// A request to a server that is in this process, carried out without a socket: for what asks so often
// that connections would cost more than all else.
import { IncomingMessage, ServerResponse, type RequestListener } from 'node:http';
import { Socket } from 'node:net';
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
} from '../../cpi/cloudstack/transport.js';

/** @throws TransportError if it is stopped before it has begun. */
export function withoutSocket(
  listener: RequestListener,
  { method, url, headers = {}, body = '', signal }: HttpRequest,
): Promise<HttpResponse> {
  if (typeof body !== 'string') throw new Error('only texts are sent without a socket');
  if (signal?.aborted === true) {
    throw new TransportError('aborted', 'no', 'the request was stopped', signal.reason);
  }
  const { pathname, search, host } = new URL(url);
  // Never connected: nothing is read from it, and nothing is written to it.
  const request = new IncomingMessage(new Socket());
  Object.assign(request, {
    method,
    url: pathname + search,
    headers: {
      host,
      ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    },
  });
  if (body !== '') request.push(body);
  request.push(null);
  return answerOf(listener, request);
}

function answerOf(listener: RequestListener, request: IncomingMessage): Promise<HttpResponse> {
  return new Promise((resolve) => {
    const response = new ServerResponse(request);
    const end = response.end.bind(response);
    response.end = ((content: string | Buffer = '') => {
      const headers = Object.entries(response.getHeaders()).map(
        ([name, value]) => [name, String(value)] as const,
      );
      const body = content.toString();
      resolve({ status: response.statusCode, headers: Object.fromEntries(headers), body });
      end(content);
      // As a server does when its answer has gone.
      response.emit('close');
      return response;
    }) as typeof response.end;
    listener(request, response);
  });
}
