// What went wrong in a replay, in lines that tell an engineer where; empty if all is well.
import { callLine } from '../../../bats-runner/replay/report.js';
import { paintWith } from '../../../bats-runner/paint.js';
import type { ReplayResult } from '../../../bats-runner/director/replayer.js';

export function problemReport({ calls, scenarios, stopped }: ReplayResult): string {
  return [
    ...calls
      .filter(({ problems }) => problems.length > 0)
      .map((call) => callLine(call, paintWith(false))),
    ...scenarios.flatMap(({ scenario, problems }) =>
      problems.map((problem) => `after ${scenario}: ${problem}`),
    ),
    ...(stopped === undefined ? [] : [stopped]),
  ].join('\n');
}
