// Runs a call once for every way in which it can be interrupted at one of its requests, and tells
// what that leaves behind.
import { errorOf, resultOf } from '../support/director-response.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { hows, interruptedLine, type How, type Interruption } from './interruption.js';
import { differences, possessionsOf } from './possessions.js';
import type { Scenario } from './scenarios.js';

const API_VERSION = 2;
const settledAfterMs = 600_000;
/** Longer than CloudStack takes to expunge what was destroyed, and to give up what never came. */
const expungedAfterMs = 3 * 24 * 3_600_000;

export interface Leak {
  readonly at: string;
  readonly what: readonly string[];
}

/** Everything that goes wrong, in order of the requests; nothing if nothing does. */
export async function leaksOf(
  zone: CpiZone,
  scenario: Scenario,
): Promise<{ runs: number; leaks: Leak[] }> {
  const args = await scenario.prepare(zone);
  const start = zone.simulator.save();
  const rewind = (): void => {
    zone.simulator.load(start);
  };
  const counting = interruptedLine();
  const result = resultOf(
    scenario.method,
    API_VERSION,
    await zone.call(scenario.method, args, { through: counting.through }),
  );
  await scenario.undo?.(zone, result);
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const wanted = possessionsOf(zone.simulator);
  rewind();
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const untouched = possessionsOf(zone.simulator);
  const leaks: Leak[] = [];
  let runs = 0;
  for (const how of Object.keys(hows) as How[]) {
    for (let request = 1; request <= counting.commands.length; request += 1) {
      rewind();
      runs += 1;
      const what = await afterwards(zone, scenario, args, { request, how }, { wanted, untouched });
      if (what.length === 0) continue;
      leaks.push({ at: `${counting.commands[request - 1] ?? ''} (${request}) ${how}`, what });
    }
  }
  return { runs, leaks };
}

async function afterwards(
  zone: CpiZone,
  scenario: Scenario,
  args: readonly unknown[],
  interruption: Interruption,
  { wanted, untouched }: { wanted: readonly string[]; untouched: readonly string[] },
): Promise<string[]> {
  const { simulator } = zone;
  const line = interruptedLine(interruption);
  const call = zone.call(scenario.method, args, { through: line.through });
  const answer = await Promise.race([call, line.death]);
  simulator.kernel.advanceBy(settledAfterMs);
  if (typeof answer === 'string' && isError(answer)) {
    const error = errorOf(answer);
    if (scenario.creates === true) {
      const mark = simulator.save();
      simulator.kernel.advanceBy(expungedAfterMs);
      const left = differences(untouched, possessionsOf(simulator));
      if (left.length > 0) return [`failed: ${error.message}`, ...left];
      simulator.load(mark);
    }
  } else if (typeof answer === 'string') {
    await scenario.undo?.(zone, resultOf(scenario.method, API_VERSION, answer));
    return left();
  }
  const again = await zone.call(scenario.method, args);
  if (isError(again)) return [`again: ${errorOf(again).message}`];
  await scenario.undo?.(zone, resultOf(scenario.method, API_VERSION, again));
  return left();

  function left(): string[] {
    simulator.kernel.advanceBy(expungedAfterMs);
    return differences(wanted, possessionsOf(simulator));
  }
}

function isError(answer: string): boolean {
  return (JSON.parse(answer) as { error: unknown }).error !== null;
}
