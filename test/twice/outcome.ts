// What two calls for the same thing have to leave, and what is wrong if they do not.
import { bookmark, type Place } from '../crash/place.js';
import { differences } from '../crash/possessions.js';
import { registryOf, apiVersionOf, worldOf, type Scenario } from '../crash/scenario.js';
import { startZone } from '../support/cpi-zone.js';
import { errorOf, resultOf } from '../support/director-response.js';
import { interleaved } from './interleaving.js';
import { likenessIn } from './likeness.js';

/** Two equal requests for these are two things. */
const legitimatelyTwice = new Set(['create_disk', 'snapshot_disk', 'create_network']);

/** A zone in which a call is about to be made. */
export interface Stage extends Required<Place>, AsyncDisposable {
  readonly args: readonly unknown[];
  /** What is there when the call was made once. */
  readonly wanted: readonly string[];
  /** How many requests one call sends. */
  readonly requests: number;
  readonly rewind: () => Promise<void>;
}

/** Prepares what a scenario needs, and finds out what the call leaves when it is made once. */
export async function prepared(scenario: Scenario): Promise<Stage> {
  const registry = await registryOf(scenario);
  const sections = registry === undefined ? {} : { registry: registry.section };
  const zone = await startZone({ world: worldOf(scenario) }, 'direct', sections);
  const args = await scenario.prepare(zone);
  const rewind = await bookmark({ zone, registry });
  let requests = 0;
  const counted = interleaved(
    [(through) => zone.call(scenario.method, args, { ...scenario.options, through })],
    () => (requests += 1) * 0,
  );
  const [answer = ''] = await counted;
  const result = resultOf(scenario.method, apiVersionOf(scenario), answer);
  if (legitimatelyTwice.has(scenario.method)) await scenario.undo?.(zone, result);
  return {
    zone,
    registry,
    args,
    wanted: await likenessIn({ zone, registry }),
    requests,
    rewind,
    [Symbol.asyncDispose]: async () => {
      await zone[Symbol.asyncDispose]();
      await registry?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * What is wrong with two answers, and with what they leave: one of them at least has to be good, and
 * the world has to be as after one call, without anybody's help.
 */
export async function problemsOf(
  scenario: Scenario,
  { zone, registry, wanted }: Pick<Stage, 'zone' | 'registry' | 'wanted'>,
  answers: readonly string[],
): Promise<string[]> {
  const errors = answers.filter(isError).map(errorOf);
  const faults = errors
    .map(({ message }) => message)
    .filter((message) => /fault of the CPI|could be undone/.test(message));
  const good = answers.filter((answer) => !isError(answer));
  if (good.length === 0) return ['both failed', ...errors.map(({ message }) => message)];
  if (legitimatelyTwice.has(scenario.method)) {
    if (new Set(good.map(resultText)).size < good.length) return ['both answer one thing', ...good];
    for (const answer of good) {
      await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer));
    }
  }
  const left = differences(wanted, await likenessIn({ zone, registry }));
  return left.length > 0 ? [...errors.map(({ message }) => message), ...left] : faults;
}

function resultText(answer: string): string {
  return JSON.stringify((JSON.parse(answer) as { result: unknown }).result);
}

function isError(answer: string): boolean {
  return (JSON.parse(answer) as { error: unknown }).error !== null;
}
