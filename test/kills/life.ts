// One life: a Director's calls, each a process of the built CPI, of which many are killed and made
// again, and what is wrong with what they leave.
import { rmSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Simulator } from '../../simulator/simulator.js';
import { differences, leadsNowhere, possessionsOf } from '../crash/possessions.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { installCpi, type InstalledCpi } from '../support/cpi-process.js';
import { parseResponse } from '../support/director-response.js';
import { randomDraw } from '../support/random-draw.js';
import { startCloud, type Cloud } from './cloud.js';
import { occasions, openDoor, type Door, type Moment, type Watch } from './door.js';
import { API_VERSION, requestText, scriptWith, type Known, type Step } from './script.js';

/** A call that was to be killed. */
export interface Blow {
  readonly method: string;
  readonly moment: Moment;
  /** Whether it came in time. */
  readonly hit: boolean;
}

export interface Life {
  readonly blows: readonly Blow[];
  readonly calls: number;
  /** Snapshots and networks of calls that died when all was done, which an operator deleted. */
  readonly byHand: number;
  /** What contradicts the promise; empty if nothing does. */
  readonly problems: readonly string[];
}

export interface LifeOptions {
  readonly seed: number;
  /** The path of a stemcell's image. */
  readonly image: string;
  readonly onBlow?: (blow: Blow) => void;
  /** What the Director does; a whole life unless given. */
  readonly script?: readonly Step[];
  /** A planted bug: gc tells of what killed calls left, and deletes nothing. */
  readonly isGcIdle?: boolean;
}

const MOST_TRIES = 5;
const settledAfterMs = 600_000;
/** How much after its occasion a call dies, in ms; mostly at once. */
const delaysMs = [0, 0, 0, 1, 1, 2, 3, 5, 10, 20, 40];
/** A call has started by then. */
const startMs = 250;
const SECRET = 'canary-of-the-bus';

/** Everything about it follows from its seed, but for how fast the machine is. */
export async function live(options: LifeOptions): Promise<Life> {
  const folder = mkdtempSync(join(dirname(options.image), 'life-'));
  try {
    await using door = await openDoor();
    const draw = randomDraw(options.seed);
    const clock = draw(2) === 0 ? 'on-poll' : 'scaled:100';
    await using cloud = await startCloud({
      ...{ seed: options.seed, folder, clock, mayExpunge: draw(2) === 0 },
      uploadUrl: door.origin,
    });
    door.leadTo(cloud.origin);
    using cpi = installCpi(configurationOf(cloud, door), 'bundle');
    const director = new Director({ ...options, draw, door, cloud, cpi, clock });
    return await director.live();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configurationOf({ user }: Cloud, { origin }: Door): object {
  return {
    cloudstack: {
      endpoint: `${origin}/client/api`,
      api_key: user.apiKey,
      secret_access_key: user.secretKey,
      default_zone: 'zone1',
      poll: { first_ms: 1, cap_ms: 10 },
    },
    agent: { mbus: `nats://nats:${SECRET}@10.0.0.6:4222` },
  };
}

interface Place extends LifeOptions {
  readonly draw: (limit: number) => number;
  readonly door: Door;
  readonly cloud: Cloud;
  readonly cpi: InstalledCpi;
  readonly clock: string;
}

/** A call as it ended: with stdout, or killed. */
interface Ended {
  readonly stdout: string | undefined;
  readonly stderr: string;
  readonly watch: Watch;
}

class Director {
  readonly #place: Place;
  readonly #known: Known = {};
  readonly #blows: Blow[] = [];
  readonly #problems: string[] = [];
  #calls = 0;
  #byHand = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  async live(): Promise<Life> {
    const { cloud, image, script = scriptWith(image) } = this.#place;
    const before = await cloud.look();
    for (const step of script) {
      await this.#take(step);
      if (this.#problems.length > 0) break;
    }
    if (this.#problems.length === 0) await this.#end(before);
    return {
      blows: this.#blows,
      calls: this.#calls,
      byHand: this.#byHand,
      problems: this.#problems,
    };
  }

  /** A call, killed as often as is drawn and made again, until it succeeds. */
  async #take(step: Step): Promise<void> {
    const { method, args, keeps, requests } = step;
    const { cloud } = this.#place;
    const request = requestText(method, args(this.#known));
    const before = step.lastChange === undefined ? undefined : await cloud.look();
    let isUnknowable = false;
    const kills = [0, 1, 1, 1, 1, 2][this.#place.draw(6)]!;
    let survived: string | undefined;
    for (let kill = 0; kill < kills; kill += 1) {
      const { stdout, watch } = await this.#run(method, this.#moment(requests), request);
      survived = stdout;
      if (survived !== undefined) break;
      isUnknowable ||= watch.requests.includes(String(step.lastChange));
    }
    const answer = await this.#untilGood(method, request, survived);
    if (answer === undefined) return;
    if (keeps !== undefined) this.#known[keeps] = answer;
    if (isUnknowable) await this.#clearByHand(step, before!);
    if (step.agentId !== undefined) await this.#lookForDoubles(step.agentId);
    const violations = await cloud.violations();
    this.#problems.push(...violations.map((violation) => `after ${method}: ${violation}`));
  }

  /**
   * Makes a call until it succeeds; a Director tries again only what may end better. A call that was
   * over before it could be killed has answered already, and made again might make another thing.
   */
  async #untilGood(method: string, request: string, answered?: string): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const isAnswered = attempt === 1 && answered !== undefined;
      const { stdout = '' } = isAnswered
        ? { stdout: answered }
        : await this.#run(method, undefined, request);
      const { result, error } = parseResponse(stdout, method, API_VERSION);
      if (error === null) return result;
      if (error.ok_to_retry && attempt < MOST_TRIES) continue;
      this.#problems.push(`${method}, made again: ${error.message}`);
      return undefined;
    }
  }

  /** Starts the CPI; it ends by itself or is killed. */
  async #run(method: string, moment?: Moment, input?: string): Promise<Ended> {
    const { cpi, door, isGcIdle = false } = this.#place;
    this.#calls += 1;
    const options = input === undefined ? gcOptions(cpi, isGcIdle) : undefined;
    const { child, finished } = cpi.start(input ?? '', options);
    const kill = (): void => void child.kill('SIGKILL');
    const watch = door.watch(moment, kill);
    if (moment?.request === 0) setTimeout(kill, moment.laterMs);
    const { stdout, stderr, exitCode } = await finished;
    await door.quiet();
    const isDead = exitCode === null;
    if (moment !== undefined) this.#tell({ method, moment, hit: isDead });
    if ((stdout + stderr).includes(SECRET)) this.#problems.push(`${method} tells a secret`);
    if (!isDead && exitCode !== 0) {
      this.#problems.push(`${method} ended with ${exitCode}: ${stdout}${stderr}`);
    }
    if (isDead) await this.#settle();
    return { stdout: isDead ? undefined : stdout, stderr, watch };
  }

  /** With time that stands still, jobs of the dead would never go on. */
  async #settle(): Promise<void> {
    const { cloud, clock } = this.#place;
    if (clock === 'on-poll') await cloud.advance(settledAfterMs);
  }

  #tell(blow: Blow): void {
    this.#blows.push(blow);
    this.#place.onBlow?.(blow);
  }

  #moment(requests: number): Moment {
    const { draw } = this.#place;
    const request = draw(requests + 1);
    const laterMs = request === 0 ? draw(startMs) : delaysMs[draw(delaysMs.length)]!;
    return { request, occasion: occasions[draw(occasions.length)]!, laterMs };
  }

  /** What nobody can tell from what is in use; the operator knows that no Director has it. */
  async #clearByHand({ method, keeps = '' }: Step, before: Simulator): Promise<void> {
    const now = await this.#place.cloud.look();
    const [table, deletion] =
      method === 'snapshot_disk'
        ? (['snapshots', 'delete_snapshot'] as const)
        : (['networks', 'delete_network'] as const);
    const kept = new Set(before.world[table].all().map(({ id }) => id));
    const own = this.#known[keeps];
    kept.add(String(Array.isArray(own) ? own[0] : own));
    const marked = new Set(now.world.tags.all().map(({ resourceId }) => resourceId));
    // A network without marks gc finds.
    const lost = now.world[table]
      .all()
      .filter(({ id }) => !kept.has(id) && (table === 'snapshots' || marked.has(id)));
    for (const { id } of lost) {
      this.#byHand += 1;
      await this.#untilGood(deletion, requestText(deletion, [id]));
    }
  }

  async #lookForDoubles(agentId: string): Promise<void> {
    const { world } = await this.#place.cloud.look();
    const alive = world.vms
      .all()
      .filter(
        ({ name, state }) => name.includes(agentId) && ['Running', 'Stopped'].includes(state),
      );
    if (alive.length !== 1) {
      const told = alive.map(({ name, state }) => `${name} (${state})`).join(', ');
      this.#problems.push(`there are ${alive.length} VMs of one agent: ${told}`);
    }
  }

  /** Leftovers of the dead are cleared away by gc, which may be killed, too. */
  async #end(before: Simulator): Promise<void> {
    const { cloud, draw } = this.#place;
    await cloud.advance(expungedAfterMs);
    if (draw(2) === 0) await this.#run('gc', this.#moment(12));
    const { stdout = '' } = await this.#run('gc');
    await cloud.advance(expungedAfterMs);
    const after = await cloud.look();
    const left = [
      ...differences(possessionsOf(before), possessionsOf(after)),
      ...leadsNowhere(after),
      ...touched(before, after),
    ];
    if (left.length > 0) this.#problems.push(...left, `gc said: ${stdout}`);
    const violations = await cloud.violations();
    this.#problems.push(...violations.map((violation) => `in the end: ${violation}`));
  }
}

function gcOptions({ folder }: InstalledCpi, isIdle: boolean): string[] {
  const config = join(folder, 'cpi.json');
  return ['--config', config, 'gc', ...(isIdle ? [] : ['--delete'])];
}

/** Rows of others that are not as they were. */
function touched(before: Simulator, after: Simulator): string[] {
  const tables = [
    'vms',
    'volumes',
    'snapshots',
    'nics',
    'tags',
    'templates',
    'sshKeyPairs',
  ] as const;
  return tables.flatMap((name) =>
    before.world[name].all().flatMap((row) => {
      const now = after.world[name].get(row.id);
      const [was, is] = [JSON.stringify(row), JSON.stringify(now ?? null)];
      return was === is ? [] : [`changed: ${name} ${was} is now ${is}`];
    }),
  );
}
