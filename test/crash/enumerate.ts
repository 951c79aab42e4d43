// Runs a call once for every way in which it can be interrupted at one of its requests, and tells
// what that leaves behind.
import assert from 'node:assert/strict';
import { describe } from '../../cpi/gc/report.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { errorOf, resultOf } from '../support/director-response.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { interruptedCall, isError } from './interrupted-call.js';
import {
  failingSteps,
  hows,
  interruptedLine,
  type How,
  type Interruption,
  type Line,
} from './interruption.js';
import { differences, leadsNowhere } from './possessions.js';
import { bookmark, possessionsIn, type Place } from './place.js';
import { apiVersionOf, type Scenario } from './scenario.js';

export interface Leak {
  readonly at: string;
  readonly what: readonly string[];
}

export interface Outcome {
  readonly runs: number;
  readonly leaks: readonly Leak[];
  /** Where the call died when it had done all: what is left looks as if a Director knew of it. */
  readonly unknowable: readonly string[];
}

/** Interrupts the call at each of its requests in turn, and tells all that goes wrong by it. */
export async function leaksOf(place: Place, scenario: Scenario, how: How): Promise<Outcome> {
  const { zone } = place;
  const args = await scenario.prepare(zone);
  const rewind = await bookmark(place);
  const counting = interruptedLine();
  const through = withOthers(zone, scenario, args, counting.through);
  const options = { ...scenario.options, through };
  const answer = await zone.call(scenario.method, args, options);
  if (scenario.fails === true) assert.ok(isError(answer), answer);
  else await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer));
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  if (scenario.meanwhile !== undefined) await zone.gc(optionsOfGc(scenario));
  const wanted = await possessionsIn(place);
  await rewind();
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const untouched = await possessionsIn(place);
  const leaks: Leak[] = [];
  const unknowable: string[] = [];
  let runs = 0;
  for (let request = 1; request <= counting.commands.length; request += 1) {
    if (failingSteps[how] !== undefined && !counting.accepted.has(request)) continue;
    await rewind();
    runs += 1;
    const what = await afterwards(place, scenario, args, { request, how }, { wanted, untouched });
    if (what.length === 0) continue;
    const at = `${counting.commands[request - 1] ?? ''} (${request}) ${how}`;
    if (isUnknowable(scenario, counting.commands, { request, how })) unknowable.push(at);
    else leaks.push({ at, what });
  }
  return { runs, leaks, unknowable };
}

async function afterwards(
  place: Place,
  scenario: Scenario,
  args: readonly unknown[],
  interruption: Interruption,
  { wanted, untouched }: { wanted: readonly string[]; untouched: readonly string[] },
): Promise<string[]> {
  const { zone } = place;
  zone.diagnostics.length = 0;
  const answer = await interruptedCall(zone, interruption, (line) => {
    const through = withOthers(zone, scenario, args, line);
    return zone.call(scenario.method, args, { ...scenario.options, through });
  });
  const isDead = answer === undefined;
  if (!isDead && !isError(answer)) {
    await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer));
    const saysOfRest = zone.diagnostics.some((line) => line.includes('stays until gc finds it'));
    const isTidy = scenario.creates === true || (scenario.isTidy === true && !saysOfRest);
    return leftOf(place, scenario, wanted, isTidy ? 'without gc' : 'after gc');
  }
  if (!isDead && scenario.creates === true && !tellsOfRest(answer)) {
    const back = await bookmark(place);
    const changed = await leftOf(place, scenario, untouched, 'without gc');
    const left = changed.filter(
      (one) => !isOfForgotten(scenario, one, untouched) && !isNoteOfLate(one),
    );
    if (left.length > 0) return [`failed: ${errorOf(answer).message}`, ...left];
    await back();
  }
  const again = await zone.call(scenario.method, args, scenario.options);
  if (isError(again)) return [`again: ${errorOf(again).message}`];
  await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), again));
  return leftOf(place, scenario, wanted, 'after gc');
}

/** The line to the cloud, at whose other end others may be at work meanwhile. */
function withOthers(
  zone: CpiZone,
  scenario: Scenario,
  args: readonly unknown[],
  line: Line['through'],
): Line['through'] {
  const others = scenario.meanwhile?.(zone, args) ?? ((transport) => transport);
  return (transport) => line(others(transport));
}

/** Whether the call died after its last change, as if only its answer had been lost. */
export function isUnknowable(
  { lastChange }: Pick<Scenario, 'lastChange'>,
  commands: readonly string[],
  { request, how }: Interruption,
): boolean {
  const last = lastChange === undefined ? -1 : commands.lastIndexOf(lastChange) + 1;
  if (last < 1 || hows[how] !== 'crash') return false;
  return request > last || (request === last && how === 'dies before its answer');
}

/**
 * Whether a difference is only that what was forgotten before has been removed, or half of it: what
 * must not be gone is looked for when the call has been made again.
 */
function isOfForgotten(
  { removesForgotten }: Scenario,
  difference: string,
  untouched: readonly string[],
): boolean {
  if (removesForgotten !== true) return false;
  const vms = untouched.flatMap((line) => /^VM .*\((.+)\)$/.exec(line)?.[1] ?? []);
  return difference.startsWith('gone: ') || vms.some((id) => difference.includes(id));
}

/** Whether a network notes that a request without an answer may still do something. */
function isNoteOfLate(difference: string): boolean {
  return difference.startsWith('left over: tag bosh-cpi-late-address-');
}

/** An error that says so may leave a template that waits for its image, until the next try. */
function tellsOfRest(answer: string): boolean {
  return errorOf(answer).message.includes('could be undone, look after');
}

/** What is different when CloudStack has cleared away what was destroyed. */
export async function leftOf(
  place: Place,
  scenario: Scenario,
  wanted: readonly string[],
  when: 'after gc' | 'without gc',
): Promise<string[]> {
  const { zone } = place;
  const leads = leadsNowhere(zone.simulator);
  if (leads.length > 0) return leads;
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const left = differences(wanted, await possessionsIn(place));
  if (left.length === 0 || when === 'without gc') return left;
  const collected = await zone.gc(optionsOfGc(scenario));
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  return [
    ...collected.filter(({ outcome }) => outcome !== 'deleted').map((one) => describe(one)),
    ...differences(wanted, await possessionsIn(place)),
  ];
}

/** What a Director tells of a VM's stemcell it tells a method, not an operator's command. */
export function optionsOfGc({ options, hasRegistry }: Scenario): CallOptions {
  return hasRegistry === true || options === undefined ? {} : options;
}
