import type { ApiRequest } from './api-door.js';
import type { ObservedCall } from './cpi-under-test.js';

/** Every call of a case: what the CPI was asked, what it answered and wrote, what it asked for. */
export function reportOf(calls: readonly ObservedCall[], requests: readonly ApiRequest[]): string {
  return calls.map((call, index) => callReport(call, index + 1, requests)).join('\n');
}

function callReport(call: ObservedCall, number: number, requests: readonly ApiRequest[]): string {
  const { input, exchange, firstRequest, endRequest } = call;
  const exit = exchange.exitCode === null ? 'ended by a signal' : `exit ${exchange.exitCode}`;
  return [
    `CPI call ${number} (${Math.round(exchange.durationMs)} ms, ${exit})`,
    `  request:  ${oneLine(input)}`,
    `  response: ${oneLine(exchange.stdout)}`,
    ...labelled('  stderr:   ', exchange.stderr),
    ...requests.slice(firstRequest, endRequest).map((request) => `  cloud:    ${told(request)}`),
  ].join('\n');
}

function labelled(label: string, text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => `${label}${line}`);
}

function told({ command, parameters, status, answer }: ApiRequest): string {
  const values = [...parameters].map(([name, value]) => `${name}=${oneLine(value, 120)}`);
  const outcome = status === undefined ? answer : `${status} ${oneLine(answer, 300)}`;
  return `${[command, ...values].join(' ')} -> ${outcome}`;
}

const longestCharacters = 4000;

function oneLine(text: string, most = longestCharacters): string {
  const line = text.replaceAll('\n', ' ');
  return line.length <= most ? line : `${line.slice(0, most)} …`;
}

/** The failure with a report behind its message, before its stack. */
export function withReport(failure: unknown, report: string): Error {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  error.message = `${error.message}\n\n${report}\n`;
  error.stack = `${error.name}: ${error.message}\n${frames.join('\n')}`;
  return error;
}
