// Looks again and again whether a world contradicts itself, each time only at what may have changed: an
// invariant is a function of the tables that it reads, so that it is as true as before while nothing in
// these has changed. Which it reads is noted whenever it is evaluated.
import type { EventLog } from '../../simulator/kernel/event-log.js';
import { invariants, type Invariant } from '../../simulator/world/invariants/invariants.js';
import { internalIds } from '../../simulator/world/invariants/operation-invariants.js';
import { sums } from '../../simulator/world/invariants/sum-invariants.js';
import type { World } from '../../simulator/world/world.js';

/** Whatever else the world tells changes without an event. */
const untold: ReadonlySet<string> = new Set(['kernel', 'settings', 'tables']);

interface Evaluated {
  readonly invariant: Invariant;
  /** Which kinds of rows it read the last time, or what else; undefined before that. */
  reads: ReadonlySet<string> | undefined;
}

export class InvariantWatch {
  readonly #world: World;
  readonly #view: World;
  readonly #evaluated: Evaluated[] = invariants.map((invariant) => ({
    invariant,
    reads: undefined,
  }));
  /** The kinds of rows among which something has changed since the last look. */
  #changed: Set<string>;
  #reads = new Set<string>();

  constructor(world: World, log: EventLog) {
    this.#world = world;
    this.#view = this.#noting(world);
    this.#changed = new Set(world.tables.map(({ entity }) => entity));
    log.subscribe(({ entity }) => {
      this.#changed.add(entity);
    });
  }

  /** What contradicts itself now, but for ids; where nothing did before, all that does. */
  look(): string[] {
    const changed = this.#changed;
    if (changed.size === 0) return [];
    this.#changed = new Set();
    const tables = this.#world.tables.filter(({ entity }) => changed.has(entity));
    return [
      ...this.#evaluated.flatMap((one) => (isNews(one, changed) ? this.#evaluate(one) : [])),
      ...tables.flatMap(sums),
    ];
  }

  /** Ids that were given twice. They stay so: it suffices to look for them now and then. */
  lookAtIds(): string[] {
    return this.#world.tables.flatMap(internalIds);
  }

  #evaluate(one: Evaluated): string[] {
    this.#reads = new Set();
    const broken = one.invariant(this.#view);
    one.reads = this.#reads;
    return broken;
  }

  /** The world, of which is noted what it is asked for. */
  #noting(world: World): World {
    const view = {};
    for (const [part, value] of Object.entries(world)) {
      const name = untold.has(part) ? part : (value as { readonly entity: string }).entity;
      Object.defineProperty(view, part, {
        get: () => {
          this.#reads.add(name);
          return value as unknown;
        },
      });
    }
    return view as World;
  }
}

function isNews({ reads }: Evaluated, changed: ReadonlySet<string>): boolean {
  if (reads === undefined) return true;
  for (const name of reads) if (changed.has(name) || untold.has(name)) return true;
  return false;
}
