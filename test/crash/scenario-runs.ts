// Every scenario, interrupted at each of its requests in turn, in every way in which it may be.
import assert from 'node:assert/strict';
import { startZone } from '../support/cpi-zone.js';
import type { CrashRun } from './crash-run.js';
import { leaksOf } from './enumerate.js';
import { failingSteps, hows, type How } from './interruption.js';
import { lostVms } from './lost-vms.js';
import { meddledDeletions } from './meddled-deletions.js';
import { onlyNetworkScenarios } from './network-scenarios.js';
import { registryRival } from './registry-rival.js';
import { registryScenarios } from './registry-scenarios.js';
import { rivalsIn } from './rivals.js';
import { registryOf, worldOf, type Scenario } from './scenario.js';
import { scenariosIn } from './scenarios.js';
import { sentTwice } from './sent-twice.js';

/** `image` is the path of a stemcell's image. */
export function scenarioRunsIn(image: string): CrashRun[] {
  const scenarios = [
    ...scenariosIn(image),
    ...onlyNetworkScenarios,
    ...rivalsIn(image),
    ...lostVms,
    sentTwice,
    ...meddledDeletions,
    ...registryScenarios,
    registryRival,
  ];
  return scenarios.flatMap((scenario) =>
    howsOf(scenario).map((how) => ({
      subject: scenario.method,
      title: `${scenario.method} ${scenario.about}: each request in turn ${how}`,
      run: () => interruptEach(scenario, how),
    })),
  );
}

function howsOf({ hows: named, hasNoJobs }: Scenario): readonly How[] {
  if (named !== undefined) return named;
  const all = Object.keys(hows) as How[];
  return hasNoJobs === true ? all.filter((how) => failingSteps[how] === undefined) : all;
}

async function interruptEach(scenario: Scenario, how: How): Promise<number> {
  await using registry = await registryOf(scenario);
  const sections = registry === undefined ? {} : { registry: registry.section };
  await using zone = await startZone({ world: worldOf(scenario) }, 'direct', sections);
  const { runs, leaks, unknowable } = await leaksOf({ zone, registry }, scenario, how);
  assert.ok(runs > 0);
  assert.deepEqual(leaks, [], JSON.stringify(leaks, null, 2));
  // Nothing tells a snapshot or network whose call died when all was done from one in use.
  const mayBe = scenario.lastChange !== undefined && hows[how] === 'crash';
  assert.equal(unknowable.length > 0, mayBe, unknowable.join('\n'));
  return runs;
}
