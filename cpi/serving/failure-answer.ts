import type { ErrorRequestHandler, Request, Response } from 'express';

/** Answers a request that failed; it says nothing of the reason. */
export type TellFailure = (response: Response, failure: unknown) => void;

/** Tells the client of a failure without details, and the operator with them. */
export function failureAnswer(
  onFailure: (failure: unknown, request: Request) => void,
  tell: TellFailure = (response, failure) => {
    response.status(isClientFault(failure) ? 400 : 500).end();
  },
): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- see above
  return (failure: unknown, request, response, _next) => {
    // The client has gone in the middle of its request: there is nobody to be told anything.
    if (request.destroyed && !request.complete) {
      response.destroy();
      return;
    }
    // Or it has been told that its body breaks off, while somebody looked for another answer.
    if (response.writableEnded && !request.complete) return;
    if (!isClientFault(failure)) onFailure(failure, request);
    if (response.headersSent) response.destroy();
    else tell(response, failure);
  };
}

/** Whether express found something wrong with the request itself: an encoding that is none. */
export function isClientFault(failure: unknown): boolean {
  const { status } = failure as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500;
}
