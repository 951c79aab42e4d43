// Runs a call once for every moment at which an operator may do something: before each of its requests,
// and before the first look at each job. Tells what is wrong with its answer and with what it leaves.
import type { HttpRequest, Transport } from '../../cpi/cloudstack/transport.js';
import { describe } from '../../cpi/gc/report.js';
import { optionsOfGc } from '../crash/enumerate.js';
import { commandOf } from '../crash/interruption.js';
import { bookmark, possessionsIn, type Place } from '../crash/place.js';
import { possessionsOf, toldDisksOf } from '../crash/possessions.js';
import { apiVersionOf, type Scenario } from '../crash/scenario.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { errorOf, resultOf } from '../support/director-response.js';
import type { Deed } from './deeds.js';
import { bystander, Operator } from './operator.js';
import { isRightError } from './right-errors.js';

/** What comes of a deed that is done at each moment of a call in turn. */
export interface Found {
  /** What is wrong, by the moment. */
  readonly problems: Readonly<Record<string, readonly string[]>>;
  /** What the call answered where the deed changed something: each answer once, in order. */
  readonly answers: readonly string[];
}

/** Has a deed done at each moment of a call in turn, and tells what comes of it. */
export async function findingsOf(place: Place, scenario: Scenario, deed: Deed): Promise<Found> {
  const { zone } = place;
  await employOperators(zone);
  const args = await scenario.prepare(zone);
  const rewind = await bookmark(place);
  const counted = interrupting(() => true);
  const answer = await zone.call(scenario.method, args, {
    ...scenario.options,
    through: counted.through,
  });
  await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer));
  const finished = await settled(place);
  await rewind();
  const known = new Set([...(await settled(place)), ...finished]);
  const byDeed = scenario.removesForgotten === true ? await leftByDeed(place, rewind, deed) : [];
  const problems: Record<string, readonly string[]> = {};
  const answers = new Set<string>();
  for (const [index, what] of counted.moments.entries()) {
    await rewind();
    const trial = { deed, moment: index + 1, finished, known, byDeed };
    const { answer, found } = await tried(place, scenario, args, trial);
    if (answer !== undefined) answers.add(answer);
    const unknowable = deed.leaves?.(`${scenario.method} ${what}`) ?? (() => false);
    if (found.some((one) => !unknowable(one))) problems[`${what} (${index + 1})`] = found;
  }
  return { problems, answers: [...answers].sort() };
}

/** They have a VM and a disk in the account of the CPI. */
async function employOperators(zone: CpiZone): Promise<void> {
  const { diskOfferings, networks, templates, zones } = zone.simulator.world;
  const isUsual = networks.all().some(({ name }) => name === 'NET_CS');
  const [network] = networks.all();
  const [template] = templates.all();
  const vm = isUsual
    ? { networks: { n: manualNetwork('10.203.6.99') } }
    : {
        stemcell: template!.name,
        networks: { n: { type: 'dynamic', cloud_properties: { name: network!.name } } },
      };
  const [id] = (await zone.result('create_vm', vmArguments({ ...vm, agentId: bystander }))) as [
    string,
  ];
  await zone.result('set_vm_metadata', [id, { name: 'operators' }]);
  const custom = diskOfferings.all().find(({ name }) => name === 'shared.custom');
  if (custom === undefined) return;
  zone.user.done('createVolume', {
    name: 'of-operators',
    zoneid: zones.all()[0]!.id,
    diskofferingid: custom.id,
    size: 1,
  });
}

interface Trial {
  readonly deed: Deed;
  readonly moment: number;
  /** What is there when all went well. */
  readonly finished: readonly string[];
  /** What need not be gone: it was there before, or belongs to what the call makes. */
  readonly known: ReadonlySet<string>;
  /** What comes of the deed without a call, for `gc`. */
  readonly byDeed: readonly string[];
}

interface Tried {
  /** Undefined where the deed changed nothing. */
  readonly answer: string | undefined;
  readonly found: readonly string[];
}

async function tried(
  place: Place,
  scenario: Scenario,
  args: readonly unknown[],
  { deed, moment, finished, known, byDeed }: Trial,
): Promise<Tried> {
  const { zone } = place;
  const { simulator } = zone;
  const operator = new Operator(place);
  let made: string[] = [];
  let taken: string[] = [];
  let giveUp: () => void = () => undefined;
  const nothingToDo = new Promise<undefined>((resolve) => {
    giveUp = () => {
      resolve(undefined);
    };
  });
  const line = interrupting((reached) => {
    if (reached !== moment) return true;
    const before = inCloud(zone);
    const seq = simulator.kernel.log.lastSeq;
    const look = (): boolean => {
      const now = inCloud(zone);
      made = now.filter((one) => !before.includes(one));
      taken = before.filter((one) => !now.includes(one));
      const hasChanged = simulator.kernel.log.lastSeq > seq || operator.hasActed;
      if (!hasChanged) giveUp();
      return hasChanged;
    };
    // Nothing else of the call goes on while orders are given.
    const done = deed.act(operator);
    return done === undefined ? look() : done.then(look);
  });
  const call = zone.call(scenario.method, args, { ...scenario.options, through: line.through });
  const answer = await Promise.race([call, nothingToDo]);
  if (answer === undefined) return { answer: undefined, found: [] };
  const isKnown = (one: string): boolean =>
    known.has(one) || made.includes(one) || isOnKeptAddress(zone, one);
  const wrong = isError(answer) ? judged(scenario, deed, answer) : [];
  if (isError(answer) && scenario.creates === true) {
    wrong.push(...(await leftByFailure(place, (one) => isKnown(one) || byDeed.includes(one))));
  }
  // What a call says that it has deleted may not stay only because it was there before.
  const hasDeleted = !isError(answer) && scenario.method.startsWith('delete_');
  const mayStay = (one: string): boolean =>
    hasDeleted
      ? finished.includes(one) || made.includes(one) || isOnKeptAddress(zone, one)
      : isKnown(one);
  if (!isError(answer)) await undone(zone, scenario, answer);
  else {
    const again = await zone.call(scenario.method, args, scenario.options);
    if (!isError(again)) await undone(zone, scenario, again);
    else wrong.push(...judged(scenario, deed, again));
  }
  const kept = isError(answer) ? [] : lost(finished, await settled(place), taken);
  return {
    answer: operator.hasActed ? inWords(answer) : undefined,
    found: [
      ...wrong,
      ...(await leftOver(place, scenario, mayStay)),
      ...kept.map((one) => `gone: ${one}`),
    ],
  };
}

function inCloud({ simulator }: CpiZone): string[] {
  return [...possessionsOf(simulator), ...toldDisksOf(simulator)];
}

function inWords(answer: string): string {
  if (!isError(answer)) return 'success';
  const { type, ok_to_retry: again } = errorOf(answer);
  return `${type.replace('Bosh::Clouds::', '')}${again ? ', ok to retry' : ''}`;
}

/** The marks of an address that operators have taken for a VM of theirs stay on it. */
function isOnKeptAddress(zone: CpiZone, one: string): boolean {
  const { publicIps, vms } = zone.simulator.world;
  return publicIps
    .all()
    .filter(({ vmId }) => vmId !== null && vms.get(vmId)?.name.includes(bystander))
    .some(({ id }) => one.startsWith('tag ') && one.endsWith(` of ${id}`));
}

/** A forgotten VM has things that stay when somebody else takes it away. */
async function leftByDeed(
  place: Place,
  rewind: () => Promise<void>,
  deed: Deed,
): Promise<string[]> {
  await rewind();
  await deed.act(new Operator(place));
  return settled(place);
}

/** What a failed call has left, for which nobody should need `gc`. */
async function leftByFailure(place: Place, isKnown: (one: string) => boolean): Promise<string[]> {
  const rewind = await bookmark(place);
  const left = (await settled(place)).filter((one) => !isKnown(one));
  await rewind();
  return left.map((one) => `left over: ${one}`);
}

/** What stays that nobody knows of, and that `gc` does not clear away. */
async function leftOver(
  place: Place,
  scenario: Scenario,
  isKnown: (one: string) => boolean,
): Promise<string[]> {
  if ((await settled(place)).every(isKnown)) return [];
  const collected = await place.zone.gc(optionsOfGc(scenario));
  const failed = collected.filter(
    ({ forgotten: { kind, name, id }, outcome }) =>
      outcome !== 'deleted' && !isKnown(`${kind} ${name} (${id})`),
  );
  const left = (await settled(place)).filter((one) => !isKnown(one));
  return [
    ...left.map((one) => `left over: ${one}`),
    ...failed.map((one) => describe(one)),
    ...(hasBystander(place.zone) ? [] : ['gone: the VM of the operators']),
  ];
}

/** Nobody wants that one to go. */
function hasBystander({ simulator }: CpiZone): boolean {
  const isThere = ({ name, state }: { readonly name: string; readonly state: string }): boolean =>
    name.includes(bystander) && !['Destroyed', 'Expunging'].includes(state);
  return simulator.world.vms.all().some(isThere);
}

/** Data that nobody wanted to lose. */
function lost(
  finished: readonly string[],
  now: readonly string[],
  taken: readonly string[],
): string[] {
  return finished
    .filter((one) => /^(volume (of-operators|(cpi-)?disk)|snapshot|template|network)/.test(one))
    .filter((one) => !now.includes(one) && !taken.includes(one));
}

function judged({ method }: Scenario, deed: Deed, answer: string): string[] {
  const error = errorOf(answer);
  return isRightError(method, deed, error) ? [] : [`${error.type}: ${error.message}`];
}

/** What a Director would do; the thing may be gone by then. */
async function undone(zone: CpiZone, scenario: Scenario, answer: string): Promise<void> {
  await scenario
    .undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer))
    .catch(() => undefined);
}

function settled(place: Place): Promise<string[]> {
  place.zone.simulator.kernel.advanceBy(expungedAfterMs);
  return possessionsIn(place);
}

/** Asks at each moment, by its number, whether the call is to go on. */
function interrupting(isToGoOn: (moment: number) => boolean | Promise<boolean>): {
  through: (transport: Transport) => Transport;
  moments: string[];
} {
  const moments: string[] = [];
  /** The commands whose jobs nobody has looked at yet. */
  const jobs = new Map<string, string>();
  return {
    moments,
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        const job = jobLookedAt(request);
        const ofJob = job && jobs.get(job);
        if (job !== undefined) jobs.delete(job);
        if (job !== undefined && ofJob === undefined) return transport.send(request);
        moments.push(ofJob === undefined ? commandOf(request) : `the job of ${ofJob}`);
        const goesOn = isToGoOn(moments.length);
        if (goesOn !== true && !(await goesOn)) return new Promise(() => undefined);
        const response = await transport.send(request);
        const begun = /^\{"\w+":\{(?:"id":"[^"]*",)?"jobid":"([^"]*)"/.exec(response.body)?.[1];
        if (job === undefined && begun !== undefined) jobs.set(begun, commandOf(request));
        return response;
      },
    }),
  };
}

function jobLookedAt({ body }: HttpRequest): string | undefined {
  if (typeof body !== 'string' || !body.includes('command=queryAsyncJobResult')) return undefined;
  return /(?:^|&)jobid=([^&]*)/.exec(body)?.[1];
}

function isError(answer: string): boolean {
  return (JSON.parse(answer) as { error: unknown }).error !== null;
}
