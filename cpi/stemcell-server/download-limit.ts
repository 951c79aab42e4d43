import type { Clock } from '../flow/clock.js';
import { startTimeLimit } from '../flow/time-limit.js';
import { Places, type Leave } from '../serving/places.js';

export interface DownloadLimitOptions {
  /** How many downloads run at a time. */
  readonly most: number;
  /** How long the next ones wait, in ms, before they are sent away. */
  readonly waitMs: number;
  readonly clock: Clock;
}

/** How many may wait for each that runs: more are sent away at once. */
const waitingForEach = 8;

/**
 * Lets so many downloads run at a time; the others wait in a row. The secondary storage VM gives up
 * for good where it is sent away, so it is only when waiting seems of no use.
 */
export class DownloadLimit {
  readonly #options: DownloadLimitOptions;
  readonly #places: Places;

  constructor(options: DownloadLimitOptions) {
    const { most } = options;
    this.#options = options;
    this.#places = new Places({ atOnce: most, waiting: most * waitingForEach });
  }

  /**
   * Waits for a place.
   *
   * @returns what gives it back, to be called once; undefined where there is none, or `gone`
   *   aborts.
   */
  async enter(gone: AbortSignal): Promise<Leave | undefined> {
    const { waitMs, clock } = this.#options;
    const patience = startTimeLimit(clock, waitMs, new Error(`no place within ${waitMs} ms`));
    const place = await this.#places.enter(AbortSignal.any([gone, patience.signal]));
    await patience.stop();
    return place;
  }
}
