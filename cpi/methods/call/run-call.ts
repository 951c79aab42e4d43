import { BoshError } from '../../protocol/bosh-error.js';
import type { Redactor } from '../../protocol/redactor.js';
import { secretsIn } from '../../protocol/redactor.js';
import { parseRequest, type CpiRequest } from '../../protocol/request.js';
import { renderResponse, type Outcome } from '../../protocol/response.js';
import { methods } from '../index.js';
import { describeFailure, toBoshError } from './bosh-errors.js';
import type { AnyMethod } from './method.js';
import { openCall, type CallSurroundings, type OpenCall } from './open-call.js';

export interface CallInput extends CallSurroundings {
  /** Everything that came on stdin. */
  input: string;
  /** Takes a line for stderr: it reaches the operator while the call still runs. */
  writeDiagnostic: (line: string) => void;
  redactor: Redactor;
}

/**
 * Answers one CPI call: takes the request as text, gives the response as one line of JSON. Never
 * throws. Lines about the work go out as they come; the `log` of the response sums up.
 */
export async function runCall(input: CallInput): Promise<string> {
  const summary: string[] = [];
  const outcome = await answer(input, summary);
  return renderResponse(outcome, summary.map((line) => `${line}\n`).join(''), input.redactor);
}

async function answer(input: CallInput, summary: string[]): Promise<Outcome> {
  const { clock, redactor } = input;
  const startedAtMs = clock.nowMs();
  let title = 'CPI call';
  let call: OpenCall | undefined;
  const sumUp = (verdict: string): void => {
    const requests = call === undefined ? '' : `, ${call.requestCount()} CloudStack requests`;
    summary.push(`${title} ${verdict} after ${clock.nowMs() - startedAtMs} ms${requests}`);
  };
  try {
    const request = parseRequest(input.input);
    title = titleOf(request);
    redactor.add(secretsIn(request.arguments));
    redactor.add(secretsIn(request.context.properties));
    const method = findMethod(request.method);
    const open = (): Promise<OpenCall> => {
      const log = (line: string): void => {
        const seconds = ((clock.nowMs() - startedAtMs) / 1000).toFixed(1);
        input.writeDiagnostic(redactor.redact(`[${title} +${seconds} s] ${line}`));
      };
      call = openCall(input, request, redactor, log);
      return Promise.resolve(call);
    };
    const result = await method.run(open, request.arguments);
    if (call !== undefined) sumUp('succeeded');
    return { result };
  } catch (failure) {
    sumUp('failed');
    summary.push(...describeFailure(failure));
    return { error: toBoshError(failure) };
  } finally {
    call?.close();
  }
}

function findMethod(name: string): AnyMethod {
  const method = methods.find((candidate) => candidate.name === name);
  if (method !== undefined) return method;
  const available = methods.map((candidate) => candidate.name).join(', ');
  throw new BoshError(
    'NotImplemented',
    `${JSON.stringify(name)} is no method of the CPI API that this CPI knows; it has ${available}`,
  );
}

function titleOf({ method, context }: CpiRequest): string {
  return context.requestId === undefined ? method : `${context.requestId} ${method}`;
}
