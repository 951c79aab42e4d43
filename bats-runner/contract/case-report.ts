import { PromiseBroken } from '../promise-broken.js';
import { isSecretField, withoutSecretFields, type Redact } from '../secrets.js';
import type { ApiRequest } from './api-door.js';
import type { ObservedCall } from './cpi-under-test.js';

/** Every call of a case: what the CPI was asked, what it answered and wrote, what it asked for. */
export function reportOf(
  calls: readonly ObservedCall[],
  requests: readonly ApiRequest[],
  redact: Redact,
): string {
  return calls.map((call, index) => callReport(call, index + 1, requests, redact)).join('\n');
}

function callReport(
  call: ObservedCall,
  number: number,
  requests: readonly ApiRequest[],
  redact: Redact,
): string {
  const { input, exchange, firstRequest, endRequest } = call;
  const exit = exchange.exitCode === null ? 'ended by a signal' : `exit ${exchange.exitCode}`;
  const asked = requests.slice(firstRequest, endRequest);
  return [
    `CPI call ${number} (${Math.round(exchange.durationMs)} ms, ${exit})`,
    `  request:  ${oneLine(redact(input))}`,
    `  response: ${oneLine(redact(exchange.stdout))}`,
    ...labelled('  stderr:   ', redact(exchange.stderr)),
    ...asked.map((request) => `  cloud:    ${told(request, redact)}`),
  ].join('\n');
}

function labelled(label: string, text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => `${label}${line}`);
}

/** Secrets go before anything is cut off: half of one would not be found. */
function told({ command, parameters, status, answer }: ApiRequest, redact: Redact): string {
  const values = [...parameters].map(
    ([name, value]) => `${name}=${isSecretField(name) ? '<secret>' : oneLine(redact(value), 120)}`,
  );
  const open = redact(withoutSecretFields(answer));
  const outcome = status === undefined ? oneLine(open, 300) : `${status} ${oneLine(open, 300)}`;
  return `${[command, ...values].join(' ')} -> ${outcome}`;
}

const longestCharacters = 4000;

function oneLine(text: string, most = longestCharacters): string {
  const line = text.replaceAll('\n', ' ');
  return line.length <= most ? line : `${line.slice(0, most)} …`;
}

/**
 * The failure with a report behind its message, before its stack, and nothing else of it, so that no
 * secret is in it any more. It is a PromiseBroken if it is about the CPI.
 */
export function withReport(failure: Error, report: string, redact: Redact): Error {
  const all = (failure.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  // Where a case asked for it says more than how the CPI is called.
  const frames = all.slice(
    Math.max(
      0,
      all.findIndex((line) => line.includes('/bats-runner/specs/')),
    ),
  );
  const message = `${redact(failure.message)}\n\n${report}\n`;
  const open = isAboutCpi(failure) ? new PromiseBroken(message) : new Error(message);
  if (!isAboutCpi(failure)) open.name = failure.name;
  open.stack = `${open.name}: ${message}\n${frames.join('\n')}`;
  return open;
}

function isAboutCpi(failure: Error): boolean {
  // Expectations fail with what they found, or with that it was nothing.
  const isExpectation = 'matcherResult' in failure || failure.message.includes('Matcher error');
  return isExpectation || failure instanceof PromiseBroken;
}
