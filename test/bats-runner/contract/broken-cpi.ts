// Ways to break a CPI from outside: to change what it is asked, and what it answers.
import type { CpiExchange, CpiProgram, RunCpi } from '../../../bats-runner/director/cpi-process.js';

export type Break = (cpi: RunCpi) => RunCpi;

/** A CPI request or response, freely changed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look freely into JSON
type Document = any;

/** Changes the request on its way to the CPI; input that is no request passes as it is. */
export function asked(change: (request: Document) => Document): Break {
  return (cpi) => (program, caller, input) => {
    const request = parsed(input);
    if (typeof request?.method !== 'string') return cpi(program, caller, input);
    return cpi(program, caller, JSON.stringify(change(request)));
  };
}

/** Changes what the CPI answers. */
export function answers(change: (response: Document, request: Document) => Document): Break {
  return (cpi) => async (program, caller, input) => {
    const exchange = await cpi(program, caller, input);
    const response = change(parsed(exchange.stdout), parsed(input));
    return { ...exchange, stdout: JSON.stringify(response) };
  };
}

/** Changes anything that the process of a call gives. */
export function gives(
  change: (exchange: CpiExchange, input: string, program: CpiProgram) => Partial<CpiExchange>,
): Break {
  return (cpi) => async (program, caller, input) => {
    const exchange = await cpi(program, caller, input);
    return { ...exchange, ...change(exchange, input, program) };
  };
}

/** Answers a call of one method in the place of the CPI. */
export function insteadOf(
  method: string,
  answer: (request: Document) => Document = () => good(null),
): Break {
  return (cpi) => (program, caller, input) => {
    const request = parsed(input);
    if (request?.method !== method) return cpi(program, caller, input);
    const stdout = JSON.stringify(answer(request));
    return Promise.resolve({ stdout, stderr: '', exitCode: 0, durationMs: 0 });
  };
}

/** Makes another call before each of one method. */
export function first(method: string, other: (request: Document) => Document): Break {
  return (cpi) => async (program, caller, input) => {
    const request = parsed(input);
    if (request?.method === method) {
      await cpi(program, caller, JSON.stringify({ ...request, ...other(request) }));
    }
    return cpi(program, caller, input);
  };
}

/** Makes another call after each of one method, unless there is none to be made. */
export function after(method: string, other: (response: Document) => Document): Break {
  return (cpi) => async (program, caller, input) => {
    const exchange = await cpi(program, caller, input);
    const request = parsed(input);
    const call = request?.method === method ? other(parsed(exchange.stdout)) : undefined;
    if (call !== undefined) await cpi(program, caller, JSON.stringify({ ...request, ...call }));
    return exchange;
  };
}

/** Changes the error of an answer that has one. */
export function errs(change: (error: Document, request: Document) => Document): Break {
  return answers((response, request) =>
    response.error === null ? response : { ...response, error: change(response.error, request) },
  );
}

/** Answers a result where there should be an error. */
export function swallows(result: unknown): Break {
  return answers((response) => (response.error === null ? response : good(result)));
}

/** Changes the argument at a position of one method's calls. */
export function argument(
  method: string,
  position: number,
  change: (value: Document) => unknown,
): Break {
  return asked((request) =>
    request.method === method && request.arguments.length > position
      ? {
          ...request,
          arguments: request.arguments.with(position, change(request.arguments[position])),
        }
      : request,
  );
}

export function good(result: unknown): Document {
  return { result, error: null, log: '' };
}

export function bad(type: string): Document {
  const error = { type: `Bosh::Clouds::${type}`, message: 'broken', ok_to_retry: false };
  return { result: null, error, log: '' };
}

function parsed(text: string): Document {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
