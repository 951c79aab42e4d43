// Whole lives of what a Director has: a stemcell, VMs with everything, a disk that goes from one to the next.
// In each of them one call is interrupted at one of its requests and made again; then the life goes on to
// its end, as if nothing had been. Every request of every call has its turn.
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { scriptWith, type Known, type Step } from '../kills/script.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { startZone, type CpiZone } from '../support/cpi-zone.js';
import { errorOf, resultOf } from '../support/director-response.js';
import { describe } from '../../cpi/gc/report.js';
import type { CrashRun } from './crash-run.js';
import { isUnknowable } from './enumerate.js';
import { interruptedCall, isError } from './interrupted-call.js';
import {
  failingSteps,
  hows,
  interruptedLine,
  type How,
  type Interruption,
  type Line,
} from './interruption.js';
import { warmNetwork } from './made-before.js';
import { differences, leadsNowhere, possessionsOf } from './possessions.js';
import { mayExpunge } from './scenario.js';

const apiVersion = 2;

/** What there is before a step, and what the step sends when nothing interrupts it. */
interface Moment {
  readonly step: Step;
  readonly later: readonly Step[];
  readonly rewind: () => void;
  readonly known: Known;
  readonly line: Pick<Line, 'commands' | 'accepted'>;
}

/** `image` is the path of a stemcell's image. */
export function lifeRunsIn(image: string): CrashRun[] {
  return Object.entries({ may: mayExpunge, 'may not': {} }).flatMap(([may, settings]) =>
    (Object.keys(hows) as How[]).map((how) => ({
      subject: 'whole lives',
      title: `whole lives by an account that ${may} expunge: each request in turn ${how}`,
      run: () => interruptEach({ script: scriptWith(image), how, settings }),
    })),
  );
}

interface LivesOptions {
  readonly script: readonly Step[];
  readonly how: How;
  readonly settings: object;
  /** A planted bug: gc tells of what interrupted calls left, and deletes nothing. */
  readonly isGcIdle?: boolean;
}

/** Answers how many calls were interrupted. @throws Error with what is wrong with a life. */
export async function interruptEach({
  script,
  how,
  settings,
  isGcIdle = false,
}: LivesOptions): Promise<number> {
  const world = { ...advancedKvm, settings: { 'kvm.snapshot.enabled': true, ...settings } };
  await using zone = await startZone({ world }, 'direct');
  await warmNetwork(zone);
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  const lives = new Lives(zone, possessionsOf(zone.simulator), isGcIdle);
  let interrupted = 0;
  for (const moment of await lives.undisturbed(script)) {
    const { commands, accepted } = moment.line;
    for (let request = 1; request <= commands.length; request += 1) {
      if (failingSteps[how] !== undefined && !accepted.has(request)) continue;
      const command = commands[request - 1] ?? '';
      const problems = await lives.interrupted(moment, { request, how });
      const at = `${moment.step.method}: ${command} (${request}) ${how}`;
      if (problems.length > 0) throw new Error([at, ...problems].join('\n'));
      interrupted += 1;
    }
  }
  return interrupted;
}

class Lives {
  readonly #zone: CpiZone;
  readonly #before: readonly string[];
  readonly #isGcIdle: boolean;
  #known: Known = {};

  constructor(zone: CpiZone, before: readonly string[], isGcIdle: boolean) {
    this.#zone = zone;
    this.#before = before;
    this.#isGcIdle = isGcIdle;
  }

  /** One in which all goes well, to learn what there is to interrupt. */
  async undisturbed(script: readonly Step[]): Promise<Moment[]> {
    const moments: Moment[] = [];
    for (const [index, step] of script.entries()) {
      const line = interruptedLine();
      const [rewind, known] = [this.#zone.simulator.bookmark(), { ...this.#known }];
      await this.#take(step, line.through);
      moments.push({ step, later: script.slice(index + 1), rewind, known, line });
    }
    const problems = await this.#end();
    if (problems.length > 0) throw new Error(['undisturbed', ...problems].join('\n'));
    return moments;
  }

  /** Answers what is wrong with one in which a call is interrupted. */
  async interrupted(moment: Moment, interruption: Interruption): Promise<string[]> {
    const { step, later, rewind, known, line } = moment;
    rewind();
    this.#known = { ...known };
    const things = this.#thingsLike(step);
    const args = step.args(this.#known);
    const answer = await interruptedCall(this.#zone, interruption, (through) =>
      this.#zone.call(step.method, args, { through }),
    );
    try {
      if (answer === undefined || isError(answer)) await this.#take(step);
      else this.#keep(step, answer);
      if (isUnknowable(step, line.commands, interruption)) await this.#deleteByHand(step, things);
      for (const next of later) await this.#take(next);
    } catch (failure) {
      return [String(failure)];
    }
    return this.#end();
  }

  /** @throws Error if it fails, or leaves two VMs of one agent. */
  async #take(step: Step, through?: Line['through']): Promise<void> {
    const answer = await this.#zone.call(step.method, step.args(this.#known), {
      ...(through && { through }),
    });
    if (isError(answer)) throw new Error(`${step.method}: ${errorOf(answer).message}`);
    this.#keep(step, answer);
  }

  #keep({ method, keeps, agentId }: Step, answer: string): void {
    const result = resultOf(method, apiVersion, answer);
    if (keeps !== undefined) this.#known[keeps] = result;
    if (agentId === undefined) return;
    const alive = this.#zone.simulator.world.vms
      .all()
      .filter(({ name }) => name.startsWith(`vm-${agentId}`))
      .filter(({ state }) => !['Destroyed', 'Expunging', 'Error'].includes(state));
    if (alive.length !== 1) throw new Error(`there are ${alive.length} VMs of agent ${agentId}`);
  }

  /** Those of the kind whose creation nobody can tell from what is in use, once all is done. */
  #thingsLike({ method }: Step): readonly string[] {
    const { networks, snapshots } = this.#zone.simulator.world;
    return (method === 'create_network' ? networks : snapshots).all().map(({ id }) => id);
  }

  async #deleteByHand(step: Step, before: readonly string[]): Promise<void> {
    const own = this.#known[step.keeps ?? ''];
    const known = [...before, String(Array.isArray(own) ? own[0] : own)];
    const deletion = step.method === 'create_network' ? 'delete_network' : 'delete_snapshot';
    const lost = this.#thingsLike(step).filter((id) => !known.includes(id));
    for (const id of lost) await this.#zone.result(deletion, [id]);
  }

  /** What is not as before, once CloudStack and `gc` have cleared away what was forgotten. */
  async #end(): Promise<string[]> {
    const { simulator } = this.#zone;
    const wrong = [...leadsNowhere(simulator), ...checkInvariants(simulator.world)];
    simulator.kernel.advanceBy(expungedAfterMs);
    const collected = await this.#zone.gc({ isToBeDeleted: !this.#isGcIdle });
    simulator.kernel.advanceBy(expungedAfterMs);
    return [
      ...wrong,
      ...collected.filter(({ outcome }) => outcome !== 'deleted').map(describe),
      ...differences(this.#before, possessionsOf(simulator)),
    ];
  }
}
