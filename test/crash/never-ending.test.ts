// Proves that no method waits for ever: each job that a method begins, one at a time, never ends. The call
// answers within bounded time of its clock, with an error that tells of the job; and once the management
// server has been restarted, which ends such jobs, the same call, made again, and gc leave what an
// undisturbed call leaves.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { strikingClock } from '../cpi/support/virtual-clock.js';
import { startZone, type CallOptions, type CpiZone } from '../support/cpi-zone.js';
import { errorOf, resultOf } from '../support/director-response.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { leftOf } from './enumerate.js';
import { isError } from './interrupted-call.js';
import { interruptedLine } from './interruption.js';
import { bookmark, possessionsIn, type Place } from './place.js';
import { apiVersionOf, worldOf, type Scenario } from './scenario.js';
import { scenariosIn } from './scenarios.js';

// Each test is some dozens of calls.
test.describe.configure({ timeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'never-ending-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const limitS = 60;
const patience = {
  ...{ state_timeout: limitS, state_timeout_volume: limitS, state_timeout_snapshot: limitS },
  poll: { first_ms: 500, cap_ms: 1_000 },
};
/** For the job, for what the call takes back, and for the pauses of that. */
const mostMs = 3 * limitS * 1_000;

/** What a call that has done its work clears away by the way, which fails none. */
const clearsAway: ReadonlySet<string> = new Set([
  'create_stemcell destroyVirtualMachine',
  'delete_vm deleteAffinityGroup',
]);

/** A job of a call, by its command and which of them it is. */
interface Job {
  readonly command: string;
  readonly nth: number;
}

for (const scenario of scenariosIn(join(folder, 'image'))) {
  if (scenario.hasNoJobs === true || scenario.fails === true) continue;
  const { method, about } = scenario;
  test(`${method} ${about}: each job in turn never ends`, async () => {
    await using zone = await startZone({ world: worldOf(scenario) }, 'direct');
    const place: Place = { zone };
    const args = await scenario.prepare(zone);
    const rewind = await bookmark(place);
    const { jobs, wanted } = await undisturbed(place, scenario, args);
    expect(jobs.length).toBeGreaterThan(0);
    for (const job of jobs) {
      await rewind();
      const told = `${job.command} (${job.nth})`;
      await neverEnds(zone, scenario, args, job, told);
      restart(zone);
      const again = await zone.call(method, args, scenario.options);
      assert.ok(!isError(again), `${told}, again: ${again}`);
      await scenario.undo?.(zone, resultOf(method, apiVersionOf(scenario), again));
      assert.deepEqual(await leftOf(place, scenario, wanted, 'after gc'), [], told);
    }
  });
}

async function undisturbed(
  place: Place,
  scenario: Scenario,
  args: readonly unknown[],
): Promise<{ readonly jobs: readonly Job[]; readonly wanted: readonly string[] }> {
  const { zone } = place;
  const { through, commands, accepted } = interruptedLine();
  const answer = await zone.call(scenario.method, args, { ...scenario.options, through });
  await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer));
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const jobs = [...accepted].map((request) => {
    const command = commands[request - 1]!;
    const before = [...accepted].filter((one) => one <= request);
    return { command, nth: before.filter((one) => commands[one - 1] === command).length };
  });
  return { jobs, wanted: await possessionsIn(place) };
}

async function neverEnds(
  zone: CpiZone,
  { method, options }: Scenario,
  args: readonly unknown[],
  { command, nth }: Job,
  told: string,
): Promise<void> {
  zone.simulator.setFaults([
    { when: { command, nth, phase: 'job-step' }, then: { effect: 'job-never-ends' } },
  ]);
  const clock = strikingClock();
  const startMs = clock.nowMs();
  const hurried: CallOptions = {
    ...options,
    properties: { ...options?.properties, ...patience },
    clock,
  };
  const answer = await zone.call(method, args, hurried);
  assert.equal(zone.simulator.faults[0]?.fired, 1, `${told} was not struck`);
  assert.ok(clock.nowMs() - startMs < mostMs, `${told}: ${clock.nowMs() - startMs} ms`);
  if (isError(answer)) assert.match(errorOf(answer).message, /job|after \d+ s/, told);
  else assert.ok(clearsAway.has(`${method} ${command}`), `${told}: it succeeds`);
}

/** Jobs that never end end with the management server, and what they had in hand is settled. */
function restart(zone: CpiZone): void {
  const { simulator } = zone;
  simulator.setFaults([{ then: { effect: 'management-server-restart' } }]);
  zone.user.send('listZones');
  simulator.setFaults([]);
  simulator.kernel.advanceBy(600_000);
}
