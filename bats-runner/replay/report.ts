import type { ReplayedCall } from '../director/replayer.js';
import { problemsOf } from '../director/world-check.js';
import type { Paint } from '../paint.js';
import type { RunReplayResult } from './run-replay.js';

/** A line for a replayed call, and one for each problem with it. */
export function callLine(call: ReplayedCall, paint: Paint): string {
  const { scenario, number, request, exchange, response, note, problems } = call;
  const verdict = problems.length === 0 ? paint.good('ok  ') : paint.bad('FAIL');
  const time = `${(exchange.durationMs / 1000).toFixed(2)} s`;
  const place = `${scenario} ${number === undefined ? '+' : String(number)}`;
  const outcome = response?.error ? response.error.type : resultText(response?.result ?? null);
  const lines = [
    `${verdict}  ${place.padEnd(40)} ${request.method.padEnd(18)} ${outcome.padEnd(38)} ${time}`,
    ...(note === undefined ? [] : [`      ${paint.faint(note)}`]),
    ...problems.map((problem) => `      ${paint.bad(problem)}`),
  ];
  if (problems.length > 0 && exchange.stderr.trim() !== '') {
    lines.push(`      stderr: ${exchange.stderr.trim()}`);
  }
  return lines.join('\n');
}

/** The last lines: how many calls were made, and whether the cloud holds what it must. */
export function closingLines(result: RunReplayResult, paint: Paint): string {
  const failed = result.calls.filter(({ problems }) => problems.length > 0).length;
  const leaks = problemsOf(result.findings);
  return [
    ...(result.stopped === undefined ? [] : [paint.bad(`stopped: ${result.stopped}`)]),
    ...leaks.map((problem) => paint.bad(`cloud: ${problem}`)),
    `${result.calls.length} calls, ${failed} of them with problems; ` +
      `the cloud ${leaks.length === 0 ? 'holds exactly what it must' : 'does not hold what it must'}`,
  ].join('\n');
}

/** Whether every call was as recorded and the cloud holds what it must. */
export function isGood(result: RunReplayResult): boolean {
  return (
    result.stopped === undefined &&
    result.calls.every(({ problems }) => problems.length === 0) &&
    problemsOf(result.findings).length === 0
  );
}

function resultText(result: unknown): string {
  const shown: unknown = Array.isArray(result) ? result[0] : result;
  if (shown === null) return '';
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > 36 ? `${text.slice(0, 35)}…` : text;
}
