// Runs a call once for every request before which an operator may do something, and tells what is
// wrong with its answer and with what it leaves.
import type { Transport } from '../../cpi/cloudstack/transport.js';
import { describe } from '../../cpi/gc/report.js';
import { possessionsOf } from '../crash/possessions.js';
import { apiVersionOf, type Scenario } from '../crash/scenario.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { errorOf, resultOf } from '../support/director-response.js';
import type { Deed } from './deeds.js';
import { bystander, Operator } from './operator.js';
import { isRightError } from './right-errors.js';

/** Longer than CloudStack takes to expunge what was destroyed, and to give up what never came. */
const expungedAfterMs = 3 * 24 * 3_600_000;

/** What comes of a deed that is done before each request of a call in turn. */
export interface Found {
  /** What is wrong, by the request. */
  readonly problems: Readonly<Record<string, readonly string[]>>;
  /** What the call answered where the deed changed something: each answer once, in order. */
  readonly answers: readonly string[];
}

/** Has a deed done before each request of a call in turn, and tells what comes of it. */
export async function findingsOf(zone: CpiZone, scenario: Scenario, deed: Deed): Promise<Found> {
  await employOperators(zone);
  const args = await scenario.prepare(zone);
  const { simulator } = zone;
  const start = simulator.save();
  const counted = interrupting(() => true);
  const answer = await zone.call(scenario.method, args, {
    ...scenario.options,
    through: counted.through,
  });
  await scenario.undo?.(zone, resultOf(scenario.method, apiVersionOf(scenario), answer));
  const finished = settled(zone);
  simulator.load(start);
  const known = new Set([...settled(zone), ...finished]);
  const problems: Record<string, readonly string[]> = {};
  const answers = new Set<string>();
  for (const [index, command] of counted.commands.entries()) {
    simulator.load(start);
    const trial = { deed, request: index + 1, finished, known };
    const { answer, found } = await tried(zone, scenario, args, trial);
    if (answer !== undefined) answers.add(answer);
    const unknowable = deed.leaves?.(`${scenario.method} ${command}`) ?? (() => false);
    if (found.some((one) => !unknowable(one))) problems[`${command} (${index + 1})`] = found;
  }
  return { problems, answers: [...answers].sort() };
}

/** They have a VM and a disk in the account of the CPI. */
async function employOperators(zone: CpiZone): Promise<void> {
  const networks = { n: manualNetwork('10.203.6.99') };
  const [vm] = (await zone.result('create_vm', vmArguments({ agentId: bystander, networks }))) as [
    string,
  ];
  await zone.result('set_vm_metadata', [vm, { name: 'operators' }]);
  const { diskOfferings, zones } = zone.simulator.world;
  zone.user.done('createVolume', {
    name: 'of-operators',
    zoneid: zones.all()[0]!.id,
    diskofferingid: diskOfferings.all().find(({ name }) => name === 'shared.custom')!.id,
    size: 1,
  });
}

interface Trial {
  readonly deed: Deed;
  readonly request: number;
  /** What is there when all went well. */
  readonly finished: readonly string[];
  /** What need not be gone: it was there before, or belongs to what the call makes. */
  readonly known: ReadonlySet<string>;
}

interface Tried {
  /** Undefined where the deed changed nothing. */
  readonly answer: string | undefined;
  readonly found: readonly string[];
}

async function tried(
  zone: CpiZone,
  scenario: Scenario,
  args: readonly unknown[],
  { deed, request, finished, known }: Trial,
): Promise<Tried> {
  const { simulator } = zone;
  const operator = new Operator(zone);
  let made: string[] = [];
  let taken: string[] = [];
  let giveUp: () => void = () => undefined;
  const nothingToDo = new Promise<undefined>((resolve) => {
    giveUp = () => {
      resolve(undefined);
    };
  });
  const line = interrupting((sent) => {
    if (sent !== request) return true;
    const before = possessionsOf(simulator);
    const seq = simulator.kernel.log.lastSeq;
    deed.act(operator);
    const now = possessionsOf(simulator);
    made = now.filter((one) => !before.includes(one));
    taken = before.filter((one) => !now.includes(one));
    if (simulator.kernel.log.lastSeq === seq) giveUp();
    return simulator.kernel.log.lastSeq > seq;
  });
  const call = zone.call(scenario.method, args, { ...scenario.options, through: line.through });
  const answer = await Promise.race([call, nothingToDo]);
  if (answer === undefined) return { answer: undefined, found: [] };
  const isKnown = (one: string): boolean =>
    known.has(one) || made.includes(one) || isOnKeptAddress(zone, one);
  const wrong = isError(answer) ? judged(scenario, deed, answer) : [];
  if (isError(answer) && scenario.creates === true) wrong.push(...leftByFailure(zone, isKnown));
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
  const kept = isError(answer) ? [] : lost(finished, settled(zone), taken);
  return {
    answer: operator.hasActed ? inWords(answer) : undefined,
    found: [...wrong, ...(await leftOver(zone, mayStay)), ...kept.map((one) => `gone: ${one}`)],
  };
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

/** What a failed call has left, for which nobody should need `gc`. */
function leftByFailure(zone: CpiZone, isKnown: (one: string) => boolean): string[] {
  const mark = zone.simulator.save();
  const left = settled(zone).filter((one) => !isKnown(one));
  zone.simulator.load(mark);
  return left.map((one) => `left over: ${one}`);
}

/** What stays that nobody knows of, and that `gc` does not clear away. */
async function leftOver(zone: CpiZone, isKnown: (one: string) => boolean): Promise<string[]> {
  if (settled(zone).every(isKnown)) return [];
  const collected = await zone.gc();
  const failed = collected.filter(({ outcome }) => outcome !== 'deleted');
  const left = settled(zone).filter((one) => !isKnown(one));
  return [...left.map((one) => `left over: ${one}`), ...failed.map((one) => describe(one))];
}

/** Data that nobody wanted to lose. */
function lost(
  finished: readonly string[],
  now: readonly string[],
  taken: readonly string[],
): string[] {
  return finished
    .filter((one) => /^(volume disk-|snapshot|template|network)/.test(one))
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

function settled(zone: CpiZone): string[] {
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  return possessionsOf(zone.simulator);
}

/** Asks before each request but polls, by its number, whether the call is to go on. */
function interrupting(isToGoOn: (request: number) => boolean): {
  through: (transport: Transport) => Transport;
  commands: string[];
} {
  const commands: string[] = [];
  return {
    commands,
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: (request) => {
        const { body } = request;
        const command =
          typeof body === 'string' ? /(?:^|&)command=(\w+)/.exec(body)?.[1] : 'the image';
        if (command !== 'queryAsyncJobResult') {
          commands.push(command ?? '');
          if (!isToGoOn(commands.length)) return new Promise(() => undefined);
        }
        return transport.send(request);
      },
    }),
  };
}

function isError(answer: string): boolean {
  return (JSON.parse(answer) as { error: unknown }).error !== null;
}
