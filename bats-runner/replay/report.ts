import type { ReplayedCall, ReplayedScenario, ReplayResult } from '../director/replayer.js';
import type { Paint } from '../paint.js';

/** A line for a replayed call, and one for each problem with it. */
export function callLine(call: ReplayedCall, paint: Paint): string {
  const { scenario, number, request, exchange, response, note, together, problems } = call;
  const verdict = problems.length === 0 ? paint.good('ok  ') : paint.bad('FAIL');
  const time = seconds(exchange.durationMs);
  const place = `${scenario} ${number === undefined ? '+' : String(number)}`;
  const outcome = response?.error ? response.error.type : resultText(response?.result ?? null);
  const lines = [
    `${verdict}  ${place.padEnd(40)} ${request.method.padEnd(18)} ${outcome.padEnd(38)} ${time}`,
    ...(together.length === 0
      ? []
      : [`      ${paint.faint(`in flight together with ${together.join(', ')}`)}`]),
    ...(note === undefined ? [] : [`      ${paint.faint(note)}`]),
    ...problems.map((problem) => `      ${paint.bad(problem)}`),
  ];
  if (problems.length > 0 && exchange.stderr.trim() !== '') {
    lines.push(`      stderr: ${exchange.stderr.trim()}`);
  }
  return lines.join('\n');
}

/** A line for a replayed scenario, with what was done otherwise than recorded and what is wrong. */
export function scenarioLines(
  { scenario, problems, leftOut }: ReplayedScenario,
  calls: readonly ReplayedCall[],
  paint: Paint,
): string {
  const isGoodScenario = problems.length === 0 && withProblems(calls) === 0;
  const verdict = isGoodScenario ? paint.good('ok  ') : paint.bad('FAIL');
  const added = calls.filter(({ number }) => number === undefined).length;
  const counted = [
    `${calls.length - added} calls`,
    ...(added > 0 ? [`${added} added`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ].join(', ');
  const time = seconds(calls.reduce((sum, { exchange }) => sum + exchange.durationMs, 0));
  return [
    `${verdict}  ${scenario.padEnd(36)} ${counted.padEnd(29)} ${time.padStart(7)}`,
    ...noteLines(calls).map((line) => `      ${paint.faint(line)}`),
    ...problems.map((problem) => `      in the cloud: ${paint.bad(problem)}`),
  ].join('\n');
}

/** The last lines: how many calls and scenarios were replayed, and how many had problems. */
export function closingLines(results: readonly ReplayResult[], paint: Paint): string {
  const calls = results.flatMap((result) => result.calls);
  const scenarios = results.flatMap((result) => result.scenarios);
  const stopped = results.flatMap((result) => result.stopped ?? []);
  return [
    '',
    ...stopped.map((reason) => paint.bad(`stopped: ${reason}`)),
    `${calls.length} calls, ${withProblems(calls)} with problems; ` +
      `${scenarios.length} scenarios, ${withProblems(scenarios)} with a wrong cloud after`,
  ].join('\n');
}

/** Whether every call was as recorded and the cloud held what it must after each scenario. */
export function isGood({ calls, scenarios, stopped }: ReplayResult): boolean {
  return stopped === undefined && withProblems(calls) + withProblems(scenarios) === 0;
}

/** What was done otherwise than recorded; calls that share a reason are told together. */
function noteLines(calls: readonly ReplayedCall[]): string[] {
  const methods = new Map<string, string[]>();
  for (const { note, request } of calls) {
    if (note === undefined) continue;
    methods.set(note, [...(methods.get(note) ?? []), request.method]);
  }
  return [...methods].map(([note, of]) => `${[...new Set(of)].join(', ')}: ${note}`);
}

function withProblems(items: readonly { readonly problems: readonly string[] }[]): number {
  return items.filter(({ problems }) => problems.length > 0).length;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function resultText(result: unknown): string {
  const shown: unknown = Array.isArray(result) ? result[0] : result;
  if (shown === null) return '';
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > 36 ? `${text.slice(0, 35)}…` : text;
}
