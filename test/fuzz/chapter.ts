// A chapter: a zone of its own that meets some hundred random requests, one after the other, while
// time passes. Everything about it follows from the seed and its number.
import fc from 'fast-check';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import { crampedZone, parametersOf, request, type Request } from '../support/fuzz-commands.js';
import { assertAtRest, hasLeftTraces, mayLeaveTraces, populate } from '../support/fuzz-zone.js';
import { testSimulator, type TestWorld } from '../support/simulator-client.js';
import { inProcessDoor, type Answered, type Door } from './door.js';
import { wrongInAnswer, wrongInHttpAnswer } from './judge.js';
import { mutations } from './mutations.js';
import type { RawRequest } from './raw-request.js';
import { wireDoor } from './wire.js';

/** One request, and how much time passes after it. */
export interface Step {
  readonly request: Request;
  readonly mutation: string;
  readonly salt: number;
  readonly after: number | 'until-idle';
}

export interface Chapter {
  readonly seed: number;
  readonly number: number;
  readonly steps: readonly Step[];
  /** Over a socket instead of in the process. */
  readonly isOnWire: boolean;
}

/** What a step came to, for the report. */
export interface Taken {
  readonly step: Step;
  readonly form: string;
  readonly answers: readonly Answered[];
  readonly tookMs: number;
}

/** A broken promise, and after which step of the chapter it showed. */
export interface Problem {
  readonly step: number;
  readonly what: string;
  readonly request: RawRequest | null;
  readonly answer: string;
}

/** The zone is looked at as a whole after so many requests. */
const LOOK_EVERY = 25;
/** One chapter of so many goes over a socket, the fourth first. */
const WIRE_EVERY = 20;
export const FIRST_ON_WIRE = 3;

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  request,
  mutation: fc.oneof(
    ...Object.entries(mutations).map(([name, { weight }]) => ({
      weight: Math.ceil(weight * 10),
      arbitrary: fc.constant(name),
    })),
  ),
  salt: fc.noBias(fc.nat(2 ** 31 - 1)),
  after: fc.oneof(
    { weight: 70, arbitrary: fc.constant(0) },
    { weight: 25, arbitrary: fc.constantFrom(50, 1_500, 4_000, 70_000, 4_000_000) },
    { weight: 5, arbitrary: fc.constant('until-idle' as const) },
  ),
});

export function chapterOf(seed: number, number: number, requests: number): Chapter {
  const random = { seed: (seed * 1_000_003 + number) | 0, numRuns: requests };
  const isOnWire = number % WIRE_EVERY === FIRST_ON_WIRE;
  return { seed, number, steps: fc.sample(stepArbitrary, random), isOnWire };
}

/** Takes the steps of a chapter until a promise is broken; undefined if none is. */
export async function runChapter(
  chapter: Chapter,
  onTaken: (taken: Taken) => void,
): Promise<Problem | undefined> {
  const faults: unknown[] = [];
  const zone = zoneOf(chapter, (fault) => faults.push(fault));
  const door = await (chapter.isOnWire ? wireDoor : inProcessDoor)(zone.simulator);
  try {
    for (const [index, step] of chapter.steps.entries()) {
      const problem = await takeStep({ zone, door, faults, onTaken }, step, index);
      if (problem !== undefined) return problem;
    }
    return atTheEnd(zone, faults, chapter.steps.length - 1);
  } finally {
    await door.close();
    zone.simulator.close();
  }
}

interface Run {
  readonly zone: TestWorld;
  readonly door: Door;
  readonly faults: readonly unknown[];
  readonly onTaken: (taken: Taken) => void;
}

function zoneOf({ seed, number }: Chapter, onFault: (fault: unknown) => void): TestWorld {
  const clock = (['manual', 'auto', 'on-poll', 'manual'] as const)[number % 4]!;
  const zone = testSimulator({ world: crampedZone, onFault, clock, seed: (seed + number) >>> 0 });
  const { settings } = zone.simulator.world;
  settings.set('allow.user.expunge.recover.vm', number % 3 === 0);
  settings.set('kvm.snapshot.enabled', number % 5 !== 0);
  populate(zone);
  return zone;
}

async function takeStep(run: Run, step: Step, index: number): Promise<Problem | undefined> {
  const { zone, door, onTaken } = run;
  const { simulator } = zone;
  const { request: planned, mutation, salt } = step;
  const values = parametersOf(simulator, planned);
  const call = { keys: zone[planned.caller].keys, command: planned.command, values };
  const raw = mutations[mutation]!.make(call, salt);
  const before = simulator.kernel.log.lastSeq;
  const startedMs = performance.now();
  const problem = (what: string, answer = ''): Problem => ({
    step: index,
    what,
    request: raw,
    answer: answer.slice(0, 2_000),
  });
  let exchanged;
  try {
    exchanged = await door.send(raw, salt);
  } catch (error) {
    return problem(`it throws ${stackOf(error)}`);
  }
  const { form, answers, wrong } = exchanged;
  onTaken({ step, form, answers, tookMs: performance.now() - startedMs });
  if (wrong !== undefined) return problem(wrong);
  for (const answer of answers) {
    const isWrong = wrongIn(answer);
    if (isWrong !== undefined) return problem(isWrong, answer.body);
  }
  if (run.faults.length > 0) return problem(`a fault inside: ${stackOf(run.faults[0])}`);
  const told = answers.map(({ status, body }) => `${status} ${body}`).join('\n');
  const isRefused = answers.length > 0 && answers.every(({ status }) => status !== 200);
  // What a mutation left of the networks is not known here.
  const sent = { command: planned.command, values: mutation.startsWith('valid') ? values : {} };
  const mayChange = answers.some(({ status, body }) => mayLeaveTraces(sent, status, body));
  if (isRefused && !mayChange && hasLeftTraces(zone, before)) {
    return problem('a refusal changed something', told);
  }
  pass(zone, step.after);
  const broken = index % LOOK_EVERY === 0 ? checkInvariants(simulator.world) : [];
  return broken.length > 0 ? problem(`invariants: ${broken.join('; ')}`, told) : undefined;
}

/** Over a socket the HTTP server may answer in the API's place, and must say as little. */
function wrongIn(answer: Answered): string | undefined {
  const wrong = wrongInAnswer(answer, answer.method);
  if (wrong === undefined || !answer.mayBeHttp) return wrong;
  return wrongInHttpAnswer(answer) === undefined ? undefined : wrong;
}

function pass({ simulator }: TestWorld, time: Step['after']): void {
  if (time === 'until-idle') simulator.kernel.advanceUntilIdle();
  else if (time > 0) simulator.kernel.advanceBy(time);
}

function atTheEnd(zone: TestWorld, faults: readonly unknown[], step: number): Problem | undefined {
  const problem = (what: string): Problem => ({ step, what, request: null, answer: '' });
  try {
    zone.simulator.kernel.advanceUntilIdle();
    if (faults.length > 0) return problem(`a fault inside: ${stackOf(faults[0])}`);
    assertAtRest(zone);
  } catch (error) {
    return problem(`at the end: ${stackOf(error)}`);
  }
  return undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
