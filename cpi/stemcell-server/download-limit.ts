import type { Clock } from '../flow/clock.js';

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
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: DownloadLimitOptions) {
    this.#options = options;
  }

  /**
   * Waits for a place.
   *
   * @returns what gives it back, to be called once; undefined where there is none, or `gone`
   *   aborts.
   */
  async enter(gone: AbortSignal): Promise<(() => void) | undefined> {
    const { most } = this.#options;
    if (gone.aborted) return undefined;
    if (this.#running >= most) {
      if (this.#waiting.length >= most * waitingForEach) return undefined;
      if (!(await this.#turn(gone))) return undefined;
    }
    this.#running += 1;
    return () => {
      this.#running -= 1;
      this.#waiting.shift()?.();
    };
  }

  /** Resolves with whether it came; a turn is only ever given to somebody who is there. */
  async #turn(gone: AbortSignal): Promise<boolean> {
    const { waitMs, clock } = this.#options;
    const isOver = new AbortController();
    const comes = new Promise<boolean>((resolve) => {
      const begin = (): void => {
        resolve(true);
      };
      const giveUp = (): void => {
        const place = this.#waiting.indexOf(begin);
        if (place >= 0) this.#waiting.splice(place, 1);
        resolve(false);
      };
      this.#waiting.push(begin);
      clock.sleep(waitMs, AbortSignal.any([gone, isOver.signal])).then(giveUp, giveUp);
    });
    const came = await comes;
    isOver.abort();
    return came;
  }
}
