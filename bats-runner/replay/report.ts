import type { ReplayedCall, ReplayedScenario, ReplayResult } from '../director/replayer.js';
import type { Paint } from '../paint.js';

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

/** A line on what the cloud holds after a scenario. */
export function scenarioLine({ scenario, problems }: ReplayedScenario, paint: Paint): string {
  if (problems.length === 0) {
    return paint.faint(`      after ${scenario} the cloud holds exactly what it must`);
  }
  return problems
    .map((problem) => `${paint.bad('FAIL')}  after ${scenario}: ${paint.bad(problem)}`)
    .join('\n');
}

/** The last lines: how many calls and scenarios were replayed, and how many had problems. */
export function closingLines(result: ReplayResult, paint: Paint): string {
  const { calls, scenarios, stopped } = result;
  const counted = `${calls.length} calls, ${withProblems(calls)} with problems; `;
  const cloud = `${scenarios.length} scenarios, ${withProblems(scenarios)} with a wrong cloud after`;
  return [
    ...(stopped === undefined ? [] : [paint.bad(`stopped: ${stopped}`)]),
    counted + cloud,
  ].join('\n');
}

/** Whether every call was as recorded and the cloud held what it must after each scenario. */
export function isGood({ calls, scenarios, stopped }: ReplayResult): boolean {
  return stopped === undefined && withProblems(calls) + withProblems(scenarios) === 0;
}

function withProblems(items: readonly { readonly problems: readonly string[] }[]): number {
  return items.filter(({ problems }) => problems.length > 0).length;
}

function resultText(result: unknown): string {
  const shown: unknown = Array.isArray(result) ? result[0] : result;
  if (shown === null) return '';
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > 36 ? `${text.slice(0, 35)}…` : text;
}
