import type { ErrorRequestHandler } from 'express';

/** Tells the client of a failure without details, and the operator with them. */
export function failureAnswer(onFailure: (failure: unknown) => void): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- see above
  return (failure: unknown, request, response, _next) => {
    // The client has gone in the middle of its request: there is nobody to be told anything.
    if (request.destroyed && !request.complete) {
      response.destroy();
      return;
    }
    onFailure(failure);
    if (response.headersSent) response.destroy();
    else response.status(500).end();
  };
}
