// A cloud under certain conditions with the CPI in front of it, in this process, and what was seen of it.
import {
  TransportError,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from '../../cpi/cloudstack/transport.js';
import { possessionsOf } from '../crash/possessions.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { InvariantWatch } from './invariant-watch.js';
import type { SettingsRegistry } from '../support/settings-registry.js';
import { randomDraw } from '../support/random-draw.js';
import { zoneOfDirector } from './clouds.js';
import type { Conditions } from './conditions.js';
import { directors, Ledger, type Instance } from './ledger.js';
import { isForRegistry, leavesProcess, throughNetwork, type Draw } from './network.js';
import type { Plant } from './plants/plant.js';
import { must } from './promise.js';
import { Sightings } from './sightings.js';
import type { TurnData } from './turn-data.js';
import { DrawnOrder, runTogether, type Lane } from './virtual-time.js';

/** What a run of a case did, for the report. */
export interface Counts {
  deeds: Record<string, number>;
  calls: Record<string, number>;
  requests: number;
  interruptions: Record<string, number>;
  /** By method, command and how it was interrupted. */
  crashPoints: Record<string, number>;
  faults: Record<string, number>;
  /** Messages that came before others because the drawn order said so. */
  overtakings: number;
  virtualMs: number;
  /** World time from the end of all faults until each Director had what it wants, if it had. */
  convergedMs: number | undefined;
}

/** Shorter than usual, so that jobs outlive them. */
const timeouts = { state_timeout: 240, state_timeout_volume: 240, state_timeout_snapshot: 600 };

const lateEffects: ReadonlySet<string> = new Set([
  'job-finishes-late',
  'job-never-ends',
  'job-slows-down',
]);

export interface StageOptions {
  /** The path of a stemcell's image; without it no stemcell is made. */
  readonly image?: string;
  /** A registry that nobody else uses; without it no VM has settings there. */
  readonly registry?: SettingsRegistry;
  /** A bug that is to be found. */
  readonly plant?: Plant;
}

export class Stage {
  readonly ledger = new Ledger();
  /** One line for each call, for people. */
  readonly trace: string[] = [];
  /** What Directors did so far. */
  readonly turns: TurnData[] = [];
  /** What the CPI sent, and when. */
  readonly requests: string[] = [];
  readonly counts: Counts = {
    deeds: {},
    calls: {},
    requests: 0,
    interruptions: {},
    crashPoints: {},
    faults: {},
    overtakings: 0,
    virtualMs: 0,
    convergedMs: undefined,
  };
  /** Which changes of state came about. */
  readonly sightings = new Sightings();
  /** Whether nothing goes wrong but what the calls themselves do. */
  isCalm: boolean;
  /**
   * What calls that were killed made when all was done but the answer: it looks as if a Director knew of
   * it.
   */
  readonly mayBeLeft: ('network' | 'snapshot' | 'stemcell')[] = [];
  /** Public addresses of which a call said that people have to give them back. */
  readonly toGiveBack = new Set<string>();
  /** Whose addresses a destroyed VM may hold until it is expunged, since two calls at once failed. */
  readonly mayBeHeld = new Set<Instance>();
  /** Whether what failed may still happen, so that nobody knows what is attached where. */
  isHaunted: boolean;
  /** Whether an operator took something away behind the back of the Directors. */
  isDisturbed = false;
  #baseline: readonly string[] = [];
  readonly #outside = new Set<Promise<unknown>>();
  #calls = 0;
  readonly #invariants: InvariantWatch;
  #beganMs = 0;

  constructor(
    readonly zone: CpiZone,
    readonly conditions: Conditions,
    /** What was seen broken where nobody could be told at once. */
    readonly broken: string[],
    readonly options: StageOptions,
  ) {
    this.isCalm = conditions.faults.length === 0 && !conditions.mayBeInterrupted;
    this.isHaunted = conditions.faults.some(({ then }) => lateEffects.has(then.effect));
    this.sightings.watch(this.kernel.log);
    this.#invariants = new InvariantWatch(this.world, this.kernel.log);
  }

  /** The path of a stemcell's image, where the cloud can use it. */
  get image(): string | undefined {
    return this.runsOnKvm ? this.options.image : undefined;
  }

  /** That of the agents, where they have one. */
  get registry(): SettingsRegistry | undefined {
    return this.conditions.hasRegistry === true ? this.options.registry : undefined;
  }

  get runsOnKvm(): boolean {
    return !['advanced-xenserver', 'advanced-vmware'].includes(this.conditions.preset);
  }

  get world(): CpiZone['simulator']['world'] {
    return this.zone.simulator.world;
  }

  get kernel(): CpiZone['simulator']['kernel'] {
    return this.zone.simulator.kernel;
  }

  /** What was there before the first call. */
  get baseline(): readonly string[] {
    return this.#baseline;
  }

  begin(): void {
    this.#beganMs = this.kernel.nowMs;
    this.#baseline = possessionsOf(this.zone.simulator);
    this.zone.simulator.setFaults(this.conditions.faults);
  }

  /** Runs what several Directors do at once. */
  async together(
    works: readonly ((lane: Lane) => Promise<void>)[],
    numbers: readonly number[] = [],
  ): Promise<void> {
    const order = new DrawnOrder(numbers);
    await runTogether(this.clockOfWorld, works, order);
    this.counts.overtakings += order.overtakings;
  }

  /** Time of the world, at each moment of which in which something happens all is looked at. */
  get clockOfWorld(): { readonly nowMs: number; advanceBy(ms: number): void } {
    const { kernel } = this;
    return {
      get nowMs() {
        return kernel.nowMs;
      },
      advanceBy: (ms) => {
        const endMs = kernel.nowMs + ms;
        for (;;) {
          const nextMs = kernel.nextTaskMs;
          if (nextMs === undefined || nextMs > endMs) break;
          kernel.advanceBy(Math.max(0, nextMs - kernel.nowMs));
          this.look();
        }
        kernel.advanceBy(endMs - kernel.nowMs);
      },
    };
  }

  get lastCall(): number {
    return this.#calls;
  }

  /** The CPI, or what a planted bug makes of it. */
  get cpi(): CpiZone['call'] {
    const call: CpiZone['call'] = (method, args, options) => this.zone.call(method, args, options);
    return this.options.plant?.call?.(call, this.zone) ?? call;
  }

  /** The way of a call to the cloud, or what a planted bug makes of it. */
  planted(way: Transport): Transport {
    return this.options.plant?.through?.(way, this.zone) ?? way;
  }

  /** The newest version of the API that a Director knows. */
  apiVersionOf(director: number): number {
    const { hasOlderDirector = false } = this.conditions;
    return hasOlderDirector && this.registry !== undefined && director === 1 ? 1 : 2;
  }

  /** What every call needs to know of the cloud, and how it reaches it. */
  optionsFor(
    lane: Lane,
    director: number,
  ): Required<Pick<CallOptions, 'clock' | 'properties' | 'through'>> {
    this.#calls += 1;
    const draw: Draw = randomDraw(this.conditions.network + 7_919 * this.#calls);
    const network = throughNetwork(lane, draw);
    return {
      clock: lane,
      properties: {
        director_uuid: directors[director],
        default_zone: zoneOfDirector(this.conditions.preset, director),
        poll: this.conditions.poll,
        stemcell: { copy_compute_offering: 'm1.small', copy_network: 'NET_CS' },
        ...timeouts,
      },
      through: (transport) => {
        return network(this.#watched(transport));
      },
    };
  }

  /** The same for `gc`. */
  optionsForGc(lane: Lane): Required<Pick<CallOptions, 'clock' | 'through'>> {
    const { clock, through } = this.optionsFor(lane, 0);
    const planted = this.options.plant?.gcThrough;
    return {
      clock,
      through: (transport) => {
        const way = this.planted(through(transport));
        return planted?.(way, this.zone) ?? way;
      },
    };
  }

  async close(): Promise<void> {
    // What calls that were given up have on its way would reach the registry in the next case.
    await Promise.allSettled(this.#outside);
    this.counts.virtualMs = this.kernel.nowMs - this.#beganMs;
    this.zone.simulator.close();
    await this.zone[Symbol.asyncDispose]();
  }

  /** Notes what contradicts itself in the world now. */
  look(): void {
    this.broken.push(...this.#invariants.look());
  }

  throwIfBroken(): void {
    this.broken.push(...this.#invariants.lookAtIds());
    must(this.broken.length === 0, `invariants: ${this.broken.slice(0, 5).join('; ')}`);
  }

  /** The registry is in this process, and so near that no connection to it is needed. */
  #answered(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
    const { registry } = this;
    return registry !== undefined && isForRegistry(request)
      ? registry.send(request)
      : transport.send(request);
  }

  #remember(answered: Promise<unknown>): void {
    this.#outside.add(answered);
    const forget = (): void => void this.#outside.delete(answered);
    answered.then(forget, forget);
  }

  /** Looks at the world after each request that changed it. */
  #watched(transport: Transport): Transport {
    return {
      close: () => {
        transport.close();
      },
      send: async (request) => {
        this.counts.requests += 1;
        this.requests.push(`${this.kernel.nowMs} ${told(request)}`);
        try {
          const answered = this.#answered(transport, request);
          if (leavesProcess(request)) this.#remember(answered);
          const response = await answered;
          if (!this.conditions.hasDate) return response;
          const date = new Date(this.kernel.nowMs).toUTCString();
          return { ...response, headers: { ...response.headers, date } };
        } catch (error) {
          if (!(error instanceof TransportError)) this.broken.push(String(error));
          throw error;
        } finally {
          this.look();
        }
      },
    };
  }
}

/** Without the host: each cloud of this process has one of its own. */
function told({ url, body }: HttpRequest): string {
  if (typeof body === 'string') return body;
  return `${body === undefined ? 'nothing' : 'an image'} to ${new URL(url).pathname}`;
}
